"""Why an event is in a list, or is not: parameter by parameter."""

from __future__ import annotations

from typing import Any

from timeline.api.filters.events import extras
from timeline.db.words import read_query
from timeline.temporal import RULES, Edtf, Match, Relation, certainly, format_instant, possibly

EDGES = {
    "start_min": "the earliest that it began",
    "start_max": "the latest that it began",
    "end_min": "the earliest that it ended",
    "end_max": "the latest that it ended",
}
# Parameters that only qualify others.
QUALIFIERS = ("match", "trust_uncertain", "clock", "highlight")
# Parameters that are asked of one participation.
TOGETHER = ("actor", "role", "actor_kind")


def explain(asked: Any, event: Any, events: Any) -> dict[str, Any]:
    """What each parameter that was given says of ``event``."""
    this = events.filter(pk=event.pk)
    given = asked.form.cleaned_data
    reasons = []
    for name, parameter in asked.filters.items():
        if given[name] is None or name in QUALIFIERS:
            continue
        value = ",".join(asked.data.getlist(name))
        if name in list(Relation) and (given["clock"] or "occurred") == "occurred":
            reasons.append(_of_time(Relation(name), value, given, event))
            continue
        if name in list(Relation):
            relation = Relation(name)
            fits = asked.ask_time(
                this,
                relation,
                given[name],
                given["match"] or "possible",
                trust_uncertain=bool(given["trust_uncertain"]),
            )
        elif name == "actor_all":
            fits = this.involving_all(given[name], given["role"] or ())
        else:
            fits = parameter.filter(this, given[name])
        detail = _of_words(this, given[name]) if name == "q" else parameter.extra["help_text"]
        reasons.append(_reason(name, value, fits.exists(), detail))
    asking = [name for name in TOGETHER if given[name]]
    if len(asking) > 1:
        fits = this.involving(*(given[name] or () for name in TOGETHER))
        value = "; ".join(",".join(asked.data.getlist(name)) for name in asking)
        detail = "One and the same participation has to fit all of these."
        reasons.append(_reason(" with ".join(asking), value, fits.exists(), detail))
    for name, values in extras(asked.data).items():
        found = this.with_extra(name, values).exists()
        detail = f"Its extra “{name}” is {event.extra.get(name, 'not there')}."
        reasons.append(_reason(f"extra.{name}", ",".join(values), found, detail))
    return {"matches": asked.filter_queryset(this).exists(), "reasons": reasons}


def _reason(
    name: str,
    value: str,
    matches: bool,
    detail: str,
    **more: bool | None,
) -> dict[str, Any]:
    return {
        "parameter": name,
        "value": value,
        "matches": matches,
        "possible": more.get("possible"),
        "certain": more.get("certain"),
        "detail": detail,
    }


def _of_time(relation: Relation, value: str, given: dict[str, Any], event: Any) -> dict[str, Any]:
    window: Edtf = given[relation.value]
    match: Match = given["match"] or "possible"
    if event.date is None:
        return _reason(
            relation, value, False, "The event has no date.", possible=False, certain=False
        )
    date: Edtf = event.date
    possible = possibly(relation, date, window)
    trust = bool(given["trust_uncertain"])
    certain = certainly(relation, date, window, trust_uncertain=trust)
    sides = {"a": window.start_min, "b": window.end_max}
    compared = [
        f"{EDGES[rule.edge]} ({_instant(getattr(date, rule.edge))}) {rule.comparison} "
        f"the window's {'beginning' if rule.side == 'a' else 'end'} ({_instant(sides[rule.side])})"
        for rule in RULES[relation, match]
    ]
    detail = f"{date.label}; for a {match} match: " + " and ".join(compared) + "."
    if date.uncertain and match == "certain" and not trust:
        detail += " Its source doubts the date, so that nothing about it is certain."
    if date.members:
        detail += " It is a set, and its members are asked one by one."
    fits = certain if match == "certain" else possible
    return _reason(relation, value, fits, detail, possible=possible, certain=certain)


def _instant(seconds: int) -> str:
    return format_instant(seconds) or "unbounded"


def _of_words(this: Any, query: str) -> str:
    lines = []
    for term in read_query(query):
        found = this.filter(this.holding(term)).exists()
        where = "is found" if found else "is not found"
        lines.append(f"“{term.written}” {where}" + (", and is excluded" if term.excluded else ""))
    return "; ".join(lines) + "."
