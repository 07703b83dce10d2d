"""On whose word: what is public keeps at least one citation, if possible one the public can read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from timeline.errors import Conflict
from timeline.models import Citation, Event, Publication
from timeline.services.publicity import chunks


class Uncited(Conflict):
    """A published event says on whose word it is believed."""

    code = "uncited"


class LastCitation(Conflict):
    """A published event would be left without a citation."""

    code = "last-citation"
    advice = "Publish another citation of the event first, or withdraw the event."


def evidence(**of: Any) -> QuerySet[Citation]:
    """The published passages of public sources, as far as they are ``of`` this."""
    return Citation.objects.published().filter(source__publication=Publication.PUBLISHED, **of)


def demand_evidence(event: Event) -> None:
    """Refuse to publish what cites nothing; its drafted passages go out with it.

    A source may stay hidden, or be withdrawn, if those who publish so decide: the data checks tell
    of events whose evidence the public cannot see.
    """
    if not _cited(event).exists():
        raise Uncited(f"“{event}” cites no source. Add a citation to the event, then publish it.")


def _cited(event: Event) -> QuerySet[Citation]:
    return event.citations.exclude(publication=Publication.WITHDRAWN)


def refuse_uncited(events: Iterable[Any]) -> None:
    """Refuse if one of these events (public ids) is public without a citation."""
    citing = Citation.objects.exclude(publication=Publication.WITHDRAWN).filter(
        event=OuterRef("pk")
    )
    for some in chunks(events):
        public = Event.objects.filter(uuid__in=some, publication=Publication.PUBLISHED)
        for event in public.exclude(Exists(citing))[:1]:
            raise LastCitation(
                f"“{event}” would be public without a citation. Cite a passage for it first, or "
                "withdraw the event."
            )


def refuse_to_lose(record: Any) -> None:
    """Refuse that a published event loses ``record``, if that is its only citation."""
    if not isinstance(record, Citation) or record.event is None or not record.event.is_published:
        return
    event = record.event
    if _is_the_last(record, _cited(event)) or _is_the_last(record, evidence(event=event)):
        raise LastCitation(
            f"“{event}” is public, and this is its only citation of a public source. Cite another "
            "passage for it first, or withdraw the event."
        )


def _is_the_last(citation: Citation, of: QuerySet[Citation]) -> bool:
    return set(of.values_list("pk", flat=True)[:2]) == {citation.pk}
