"""What must hold of a record, checked before it is saved.

The database refuses the same of a single row, but names a constraint where people want a sentence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from timeline.errors import Invalid
from timeline.models import (
    Actor,
    ActorKind,
    Affiliation,
    Citation,
    Claim,
    Figure,
    Place,
    Relation,
    Source,
)
from timeline.models.sources import CITED
from timeline.services.anchors import anchor_again, anchor_of
from timeline.services.evidence import refuse_to_lose
from timeline.temporal import Relation as Stands
from timeline.temporal import certainly


def _ancestors(record: Any, pointer: str) -> Iterator[Any]:
    seen: set[int] = set()
    while (record := getattr(record, pointer)) is not None and record.pk not in seen:
        seen.add(record.pk)
        yield record


def actor(record: Actor) -> None:
    if record.count is None:
        return
    if record.kind != ActorKind.GROUP:
        raise Invalid.field(
            "count", "not-a-group", "Only an actor of the kind “group” has a count."
        )
    if record.count < 1:
        raise Invalid.field("count", "too-small", "A group has at least one member.")


def place(record: Place) -> None:
    for name, other, limit in (("latitude", "longitude", 90), ("longitude", "latitude", 180)):
        degrees = getattr(record, name)
        if degrees is None and getattr(record, other) is not None:
            problem = f"A point needs both: give the {name} too, or leave the {other} out."
            raise Invalid.field(name, "half-a-point", problem)
        if degrees is not None and not -limit <= degrees <= limit:
            problem = f"The {name} is in degrees, from -{limit} to {limit}."
            raise Invalid.field(name, "not-on-earth", problem)
    if any(above.pk == record.pk for above in _ancestors(record, "parent") if record.pk):
        raise Invalid.field(
            "parent", "circular", "This place would lie within itself. Choose another parent."
        )


def source(record: Source) -> None:
    if any(origin.pk == record.pk for origin in _ancestors(record, "derived_from") if record.pk):
        raise Invalid.field(
            "derived_from", "circular", "This source would derive from itself. Choose another."
        )
    digest = hashlib.sha256(record.text.encode()).hexdigest() if record.text else ""
    if record.pk and digest != record.text_sha256:
        anchor_again(record)
    record.text_sha256 = digest


def citation(record: Citation) -> None:
    cited = [name for name in CITED if getattr(record, f"{name}_id") is not None]
    if len(cited) != 1:
        problem = f"A citation is for exactly one of these: {', '.join(CITED)}."
        raise Invalid.field((cited or CITED)[-1], "one-record", problem)
    first, last = record.position_start, record.position_end
    if (first is None) != (last is None):
        name = "position_start" if first is None else "position_end"
        raise Invalid.field(name, "half-a-position", "A position needs its start and its end.")
    if first is not None and last is not None and first >= last:
        raise Invalid.field("position_end", "reversed", "The quote ends after it begins.")
    before = Citation.objects.filter(pk=record.pk).first() if record.pk else None
    if before is not None and (
        before.event_id != record.event_id or not record.source.is_published
    ):
        refuse_to_lose(before)
    record.anchor = anchor_of(record, record.source.text)


def relation(record: Relation) -> None:
    """Refuse a relation that the dates rule out."""
    if record.subject_id == record.object_id:
        raise Invalid.field("object", "same-record", "An event has no relation to itself.")
    if impossible := contradiction(record):
        raise Invalid.field(
            "type", "contradicts-dates", impossible + " Correct a date or the relation."
        )


def contradiction(record: Relation) -> str:
    """Why the dates rule the relation out, or nothing; doubted dates are taken at their word."""
    first, second = record.subject.date, record.object.date
    if first is None or second is None:
        return ""
    one = f"“{record.subject}” ({first.label})"
    other = f"“{record.object}” ({second.label})"
    match record.type.code:
        case "led_to" | "precedes" if certainly(Stands.AFTER, first, second, trust_uncertain=True):
            return f"{one} began after {other} had ended, so it cannot have come before it."
        case "responds_to" if certainly(Stands.BEFORE, first, second, trust_uncertain=True):
            return f"{one} was over before {other} began, so it cannot respond to it."
        case "part_of" if _certainly_apart(first, second):
            return f"{one} and {other} share no moment, so one is not part of the other."
    return ""


def _certainly_apart(first: Any, second: Any) -> bool:
    return any(
        certainly(way, first, second, trust_uncertain=True) for way in (Stands.BEFORE, Stands.AFTER)
    )


def affiliation(record: Affiliation) -> None:
    _of_vocabulary(record.type, "affiliation-types")
    if record.actor_id == record.organisation_id:
        raise Invalid.field("organisation", "same-record", "An actor does not belong to itself.")


def _of_vocabulary(term: Any, vocabulary: str) -> None:
    if term.vocabulary != vocabulary:
        raise Invalid.field("type", "wrong-vocabulary", f"“{term}” is not of {vocabulary}.")


def claim(record: Claim) -> None:
    if record.about_field and record.about is None:
        raise Invalid.field(
            "about_field", "no-event", "Say which event the claim is about, or leave this empty."
        )
    if record.about_value and not record.about_field:
        problem = "Say which field of the event this would be the value of, or leave it empty."
        raise Invalid.field("about_field", "no-field", problem)


def figure(record: Figure) -> None:
    if record.low is None and record.high is None:
        problem = "Give the lowest number, the highest or both; the same twice for one number."
        raise Invalid.field("low", "no-bound", problem)
    if record.low is not None and record.high is not None and record.low > record.high:
        raise Invalid.field("high", "reversed", "The highest number is not below the lowest.")


RULES: dict[str, Callable[[Any], None]] = {
    "actor": actor,
    "place": place,
    "source": source,
    "citation": citation,
    "relation": relation,
    "affiliation": affiliation,
    "claim": claim,
    "figure": figure,
}
