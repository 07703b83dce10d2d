"""What is public and leads nowhere: no reader comes to it from anything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from timeline.models import (
    Actor,
    Affiliation,
    Citation,
    Claim,
    Event,
    Figure,
    Participation,
    Place,
    Source,
    Timeline,
    TimelineEntry,
)
from timeline.querysets.visibility import PUBLIC
from timeline.services.checks.findings import CHUNK, Found

Pointers = tuple[tuple[Any, str], ...]

TO_ACTORS: Pointers = (
    (Participation, "actor"),
    (Affiliation, "actor"),
    (Affiliation, "organisation"),
    (Claim, "speaker"),
    (Figure, "speaker"),
)
TO_SOURCES: Pointers = ((Citation, "source"), (Source, "derived_from"))
TO_PLACES: Pointers = ((Event, "place"), (Figure, "place"), (Place, "parent"))


def _without(model: Any, pointers: Pointers, problem: str, **those: Any) -> Iterator[Found]:
    """The public rows of ``model`` to which nothing public points."""
    rows = model.objects.visible_to(PUBLIC).filter(**those)
    for pointing, name in pointers:
        seen = pointing.objects.visible_to(PUBLIC).filter(**{name: OuterRef("pk")})
        rows = rows.filter(~Exists(seen))
    for row in rows.order_by("pk").defer(*_long(model)).iterator(CHUNK):
        yield Found(model._meta.model_name, row.pk, row.uuid, str(row), problem)


def _long(model: Any) -> list[str]:
    return [f.name for f in model._meta.concrete_fields if f.get_internal_type() == "TextField"]


def actors() -> Iterator[Found]:
    """A public actor whom nothing public mentions."""
    return _without(Actor, TO_ACTORS, "It takes part in nothing public and says nothing.")


def sources() -> Iterator[Found]:
    """A public source that nothing public cites."""
    return _without(Source, TO_SOURCES, "Nothing public cites it or rests on it.")


def places() -> Iterator[Found]:
    """A public place where nothing public is."""
    return _without(Place, TO_PLACES, "Nothing public is there or within it.")


def timelines() -> Iterator[Found]:
    """A public timeline without an event."""
    entered = ((TimelineEntry, "timeline"),)
    problem = "No public event is entered on it, and it has no filter."
    return _without(Timeline, entered, problem, filter={})
