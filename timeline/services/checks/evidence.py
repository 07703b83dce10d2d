"""On whose word: what is not cited, what the public cannot read, and what does not say it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from timeline.db.texts import Bytes
from timeline.models import Anchor, Citation, Event, Publication, Source
from timeline.services.checks.findings import CHUNK, STANDING, Found
from timeline.services.evidence import evidence

# Texts read at a time; one may have 200,000 characters.
TEXTS = 50


def _citations() -> QuerySet[Citation]:
    return Citation.objects.in_states(STANDING).filter(event=OuterRef("pk"))


def _events(events: Any, problem: str) -> Iterator[Found]:
    rows = events.order_by("pk").values_list("pk", "uuid", "title")
    for key, uuid, title in rows.iterator(CHUNK):
        yield Found("event", key, uuid, title, problem)


def uncited() -> Iterator[Found]:
    """A published event without a citation."""
    bare = Event.objects.published().filter(~Exists(_citations()))
    return _events(bare, "It is public, and no source is cited for it.")


def hidden() -> Iterator[Found]:
    """A published event of which the public can read no citation."""
    shown = evidence(event=OuterRef("pk"))
    unseen = Event.objects.published().filter(Exists(_citations()), ~Exists(shown))
    return _events(unseen, "It is public, but no citation of it and its source both are.")


def drafts() -> Iterator[Found]:
    """A draft of an event without a citation."""
    waiting = Event.objects.in_states([Publication.DRAFT, Publication.IN_REVIEW])
    bare = waiting.filter(~Exists(_citations()))
    return _events(bare, "No source is cited for it yet, so it cannot be published.")


def _quotes(anchor: Anchor, problem: str) -> Iterator[Found]:
    rows = Citation.objects.in_states(STANDING).filter(anchor=anchor).order_by("pk")
    for key, uuid, quote, source in rows.values_list(
        "pk", "uuid", "quote", "source__title"
    ).iterator(CHUNK):
        yield Found("citation", key, uuid, quote, problem.format(source))


def missing_quotes() -> Iterator[Found]:
    """A quote that does not stand in the held text of its source."""
    return _quotes(Anchor.MISSING, "The quote does not stand in the text of “{}”.")


def ambiguous_quotes() -> Iterator[Found]:
    """A quote that stands in the held text of its source more than once."""
    return _quotes(Anchor.AMBIGUOUS, "The quote stands in “{}” more than once; which is meant?")


def altered_texts() -> Iterator[Found]:
    """A held text that is not the one that was retrieved."""
    # As bytes, since what was damaged need not be text any more.
    texts = Source.objects.exclude(text="").annotate(held=Bytes("text")).order_by("pk")
    for key, uuid, title, held, digest in texts.values_list(
        "pk", "uuid", "title", "held", "text_sha256"
    ).iterator(TEXTS):
        if hashlib.sha256(held).hexdigest() != digest:
            problem = "The held text does not have the SHA-256 that was computed when it was saved."
            yield Found("source", key, uuid, title, problem)
