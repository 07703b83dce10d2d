"""What must hold of a record beyond its own row, checked before it is saved."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from timeline.errors import Invalid
from timeline.models import Affiliation, Citation, Claim, Place, Relation, Source
from timeline.services.anchors import anchor_again, anchor_of
from timeline.services.evidence import refuse_to_lose
from timeline.temporal import Relation as Stands
from timeline.temporal import certainly


def _ancestors(record: Any, pointer: str) -> Iterator[Any]:
    seen: set[int] = set()
    while (record := getattr(record, pointer)) is not None and record.pk not in seen:
        seen.add(record.pk)
        yield record


def place(record: Place) -> None:
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
    before = Citation.objects.filter(pk=record.pk).first() if record.pk else None
    if before is not None and (
        before.event_id != record.event_id or not record.source.is_published
    ):
        refuse_to_lose(before)
    record.anchor = anchor_of(record, record.source.text)


def relation(record: Relation) -> None:
    """Refuse a relation that the dates rule out."""
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


def _of_vocabulary(term: Any, vocabulary: str) -> None:
    if term.vocabulary != vocabulary:
        raise Invalid.field("type", "wrong-vocabulary", f"“{term}” is not of {vocabulary}.")


def claim(record: Claim) -> None:
    if record.about_field and record.about is None:
        raise Invalid.field(
            "about_field", "no-event", "Say which event the claim is about, or leave this empty."
        )


RULES: dict[str, Callable[[Any], None]] = {
    "place": place,
    "source": source,
    "citation": citation,
    "relation": relation,
    "affiliation": affiliation,
    "claim": claim,
}
