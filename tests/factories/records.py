"""Records as curators make them: every one goes through the services."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.factories.people import someone
from timeline.db.dates import read_edtf
from timeline.models import (
    Actor,
    Affiliation,
    Citation,
    Claim,
    Event,
    Figure,
    Place,
    Publication,
    Record,
    Relation,
    Source,
    Tag,
    Term,
    Timeline,
)
from timeline.services.access import By
from timeline.services.events import create_event
from timeline.services.publication import take_step
from timeline.services.records import create_record

_numbers = count(1)
PUBLISHED, DRAFT = Publication.PUBLISHED, Publication.DRAFT

# The steps that lead from a draft to each state.
STEPS = {
    Publication.DRAFT: (),
    Publication.IN_REVIEW: ("submit",),
    Publication.PUBLISHED: ("publish",),
    Publication.WITHDRAWN: ("publish", "withdraw"),
}


def bring_to(record: Any, state: str, by: By | None = None) -> Any:
    """Take a draft to ``state`` by the verbs that lead there."""
    for verb in STEPS[Publication(state)]:
        record = take_step(record, verb, by=by or someone())
    return record


def _made(model: type[Record], values: dict[str, Any], state: str, by: By | None) -> Any:
    if isinstance(values.get("date"), str):
        values["date"] = read_edtf(values["date"])
    by = by or someone()
    create = create_event if model is Event else lambda **given: create_record(model, **given)
    record = create(values=values, by=by)
    if model is Event and state in (PUBLISHED, Publication.WITHDRAWN):
        make_citation(state=DRAFT, event=record, by=by)
    return bring_to(record, state, by)


def term(vocabulary: str, code: str) -> Term:
    return Term.objects.get(vocabulary=vocabulary, code=code)


def make_event(state: str = PUBLISHED, by: By | None = None, **values: Any) -> Event:
    """An event; when it is to be public, with a citation of a public source."""
    return _made(Event, {"title": f"Event {next(_numbers)}"} | values, state, by)


def make_actor(state: str = PUBLISHED, by: By | None = None, **values: Any) -> Actor:
    return _made(Actor, {"name": f"Actor {next(_numbers)}"} | values, state, by)


def make_place(state: str = PUBLISHED, by: By | None = None, **values: Any) -> Place:
    return _made(Place, {"name": f"Place {next(_numbers)}"} | values, state, by)


def make_source(state: str = PUBLISHED, by: By | None = None, **values: Any) -> Source:
    return _made(Source, {"title": f"Source {next(_numbers)}"} | values, state, by)


def make_citation(state: str = PUBLISHED, by: By | None = None, **values: Any) -> Citation:
    """A passage; of a public source of its own and for a public event, unless told otherwise."""
    if "source" not in values:
        values["source"] = make_source()
    if not values.keys() & {"event", "claim", "figure", "relation", "affiliation", "participation"}:
        values["event"] = make_event()
    return _made(Citation, values, state, by)


def make_claim(state: str = PUBLISHED, by: By | None = None, **values: Any) -> Claim:
    values.setdefault("text", f"Claim {next(_numbers)}")
    if "speaker" not in values:
        values["speaker"] = make_actor()
    return _made(Claim, values, state, by)


def make_figure(state: str = PUBLISHED, by: By | None = None, **values: Any) -> Figure:
    return _made(Figure, {"measure": f"Measure {next(_numbers)}", "low": 1} | values, state, by)


def make_relation(state: str = PUBLISHED, by: By | None = None, **values: Any) -> Relation:
    values = {"type": term("relation-types", "led_to")} | values
    for end in ("subject", "object"):
        if end not in values:
            values[end] = make_event()
    return _made(Relation, values, state, by)


def make_affiliation(state: str = PUBLISHED, by: By | None = None, **values: Any) -> Affiliation:
    values = {"type": term("affiliation-types", "member_of")} | values
    for end in ("actor", "organisation"):
        if end not in values:
            values[end] = make_actor()
    return _made(Affiliation, values, state, by)


def make_timeline(state: str = PUBLISHED, by: By | None = None, **values: Any) -> Timeline:
    number = next(_numbers)
    values = {"slug": f"timeline-{number}", "title": f"Timeline {number}"} | values
    return _made(Timeline, values, state, by)


def make_tag(slug: str, by: By | None = None) -> Tag:
    values = {"slug": slug, "label": slug.title()}
    return create_record(Tag, values=values, by=by or someone())


def make_term(vocabulary: str, code: str, *, curated: bool = True) -> Term:
    values = {"vocabulary": vocabulary, "code": code, "label": code, "curated": curated}
    return create_record(Term, values=values, by=someone())


def taking_part(actor: Actor, role: str = "speaker", **values: Any) -> dict[str, Any]:
    return {"actor": actor, "role": term("roles", role), **values}


# How to make one of each resource, by its name in addresses.
MAKERS: dict[str, Any] = {
    "events": make_event,
    "actors": make_actor,
    "affiliations": make_affiliation,
    "places": make_place,
    "sources": make_source,
    "citations": make_citation,
    "claims": make_claim,
    "figures": make_figure,
    "relations": make_relation,
    "timelines": make_timeline,
}


def key_of(record: Any) -> str:
    """By what its address names it."""
    if isinstance(record, Timeline | Tag):
        return record.slug
    return record.code if isinstance(record, Term) else str(record.uuid)
