"""What stands in the way of a merge, or becomes one in it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Q

from timeline.errors import Invalid
from timeline.models import (
    Affiliation,
    Citation,
    Event,
    Place,
    Publication,
    Relation,
    Source,
)
from timeline.services.limits import too_many
from timeline.services.merging.plan import Plan
from timeline.services.parts import KEYS
from timeline.services.rules import RULES

# Words of a row that may stand beside those of another.
WORDS = ("note", "outcome")
# The ends of what joins two records, and what else makes two of these the same.
PAIRS: dict[Any, tuple[str, ...]] = {
    Relation: ("subject", "object", "type"),
    Affiliation: (
        "actor",
        "organisation",
        "type",
        "title",
        "date",
        "date_text",
        "date_basis",
        "date_basis_note",
    ),
}
OWN_WORDS = ("note", "title", "date", "date_text", "date_basis_note")
ABOVE: dict[Any, tuple[str, str]] = {
    Place: ("parent", "lies within"),
    Source: ("derived_from", "derives from"),
}


def find_clashes(plan: Plan) -> None:
    """Join, drop and refuse what a merge would double, turn on itself or tell of."""
    _warn_of_hiding(plan)
    _refuse_to_reveal(plan)
    _refuse_circles(plan)
    _join_lists(plan)
    for model in PAIRS:
        _join_pairs(plan, model)
    if plan.model is Event:
        _refuse_impossible_relations(plan)


def _warn_of_hiding(plan: Plan) -> None:
    if plan.merged.is_published and not plan.survivor.is_published:
        plan.clash(
            plan.model,
            plan.said,
            "hidden",
            f"“{plan.merged}” is public and “{plan.survivor}” is not: what pointed to it is told "
            f"without it until “{plan.survivor}” is published.",
        )


def _refuse_to_reveal(plan: Plan) -> None:
    is_hidden = {one: getattr(one, "protected", False) for one in (plan.survivor, plan.merged)}
    if len(set(is_hidden.values())) > 1:
        hidden, open_ = sorted(is_hidden, key=lambda one: not is_hidden[one])
        plan.refuse(
            plan.model,
            plan.said,
            "merge-would-reveal",
            f"“{hidden}” is a protected identity and “{open_}” is not: one would tell of the "
            f"other. Protect “{open_}” as well, then merge.",
        )


def _refuse_circles(plan: Plan) -> None:
    pointer, words = ABOVE.get(plan.model, ("", ""))
    above: Any = plan.survivor
    seen: set[int] = set()
    while pointer and (above := getattr(above, pointer)) is not None and above.pk not in seen:
        seen.add(above.pk)
        if above.pk == plan.merged.pk:
            plan.refuse(
                plan.model,
                plan.said,
                "merge-would-be-circular",
                f"“{plan.survivor}” {words} “{plan.merged}”, so it would in the end be within "
                f"itself. Change that first, or merge “{plan.survivor}” into “{plan.merged}”.",
            )


# --- lists of a record ----------------------------------------------------------------------------


class _List(NamedTuple):
    """One list of a record that is to say something else."""

    plan: Plan
    model: Any
    data: dict[str, Any]
    name: str

    def refuse(self, code: str, detail: str) -> None:
        self.plan.refuse(self.model, self.data, code, detail)


def _join_lists(plan: Plan) -> None:
    kept: dict[str, str] = {}
    for (model, uuid), data in list(plan.changed().items()):
        if data is None:
            continue
        for name in model.PARTS:
            rows = _joined(_List(plan, model, data, name), kept)
            if rows != data[name] or uuid == plan.new:
                data[name] = [row | {"position": place} for place, row in enumerate(rows)]
            for flaw in too_many(name, rows):
                detail = f"{flaw.detail} Shorten a list first."
                plan.refuse(model, data, "merge-would-exceed", detail)
    plan.recite("participation", kept)


def _joined(told: _List, kept: dict[str, str]) -> list[dict[str, Any]]:
    """The list, with one row where two would say the same of the same."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in told.data[told.name]:
        groups.setdefault(tuple(row[member] for member in KEYS[told.name]), []).append(row)
    lost = set()
    for rows in groups.values():
        first = next((row for row in rows if row["uuid"] not in told.plan.moved_rows), rows[0])
        for other in rows:
            if other is not first:
                _join_rows(told, first, other)
                lost.add(other["uuid"])
                if told.name == "participations":
                    kept[other["uuid"]] = first["uuid"]
    return [row for row in told.data[told.name] if row["uuid"] not in lost]


def _join_rows(told: _List, first: dict[str, Any], other: dict[str, Any]) -> None:
    part = told.model._meta.get_field(told.name).related_model
    what = f"Two rows of its {told.name} would be the same"
    for member in WORDS:
        if other.get(member) and other[member] not in first[member]:
            words = "; ".join(filter(None, (first[member], other[member])))
            if len(words) > part._meta.get_field(member).max_length:
                told.refuse(
                    "merge-would-lose-words",
                    f"{what}, and their {member}s together are too long. Shorten one first.",
                )
                return
            first[member] = words
    unsaid = [
        member
        for member, value in other.items()
        if member not in (*WORDS, *KEYS[told.name], "uuid", "position", "date_basis")
        and value
        and value != first[member]
    ]
    rest = f" What the other says of {', '.join(unsaid)} is left to the ledger." if unsaid else ""
    told.plan.clash(told.model, told.data, "joined", f"{what}: they become one.{rest}")


# --- what joins two records -----------------------------------------------------------------------


def _join_pairs(plan: Plan, model: Any) -> None:
    """Relations and affiliations: none of a record with itself, none twice."""
    one, other = PAIRS[model][:2]
    moved = [uuid for of, uuid in plan.changed() if of is model]
    if not moved:
        return
    near = model._default_manager.filter(Q(**{one: plan.survivor}) | Q(**{other: plan.survivor}))
    known = [str(uuid) for uuid in near.order_by("pk").values_list("uuid", flat=True)]
    plan.load(model, known)
    same: dict[tuple[Any, ...], dict[str, Any]] = {}
    for uuid in dict.fromkeys([*(uuid for uuid in known if uuid not in moved), *moved]):
        data = plan.after[model, uuid]
        if data is None:
            continue
        if data[one] == data[other]:
            _turned_on_itself(plan, model, data)
            continue
        key = tuple(data[name] for name in PAIRS[model])
        if key not in same:
            same[key] = data
        elif uuid in moved:
            same[key] = _one_of(plan, model, same[key], data)


def _turned_on_itself(plan: Plan, model: Any, data: dict[str, Any]) -> None:
    what = f"This {model._meta.verbose_name} is between the two that become one"
    cited = Citation.objects.filter(**{f"{model._meta.model_name}__uuid": data["uuid"]}).exists()
    if cited or any(data.get(name) for name in OWN_WORDS):
        plan.refuse(
            model,
            data,
            f"merge-would-lose-{model._meta.model_name}",
            f"{what}, and has words or citations of its own. Delete it first, or keep what it "
            "says elsewhere.",
        )
    else:
        plan.drop(model, data, f"{what}, and goes.")


def _one_of(
    plan: Plan, model: Any, first: dict[str, Any], second: dict[str, Any]
) -> dict[str, Any]:
    """Of two that would say the same, the one to keep: rather what is public."""
    keep, go = first, second
    if second["publication"] == Publication.PUBLISHED != first["publication"]:
        keep, go = second, first
    what = f"Two {model._meta.verbose_name_plural} would say the same"
    if go.get("note") and go["note"] != keep.get("note"):
        plan.refuse(
            model,
            go,
            f"merge-would-lose-{model._meta.model_name}",
            f"{what}, and this one has a note of its own. Put the note on the other "
            f"({keep['uuid']}) or take it off first.",
        )
        return keep
    plan.drop(model, go, f"{what}: this one goes, and its citations are for the other.")
    plan.recite(str(model._meta.model_name), {go["uuid"]: keep["uuid"]})
    return keep


def _refuse_impossible_relations(plan: Plan) -> None:
    """Refuse a relation that the dates of the survivor rule out."""
    moved = [uuid for (of, uuid), data in plan.changed().items() if of is Relation and data]
    rows = Relation.objects.filter(uuid__in=moved).select_related("subject", "object", "type")
    for row in rows.order_by("pk"):
        for end in ("subject", "object"):
            if getattr(row, end) == plan.merged:
                setattr(row, end, plan.survivor)
        try:
            if row.subject_id != row.object_id:
                RULES["relation"](row)
        except Invalid as error:
            data = plan.before[Relation, str(row.uuid)]
            plan.refuse(Relation, data, "merge-would-contradict-dates", error.detail)
