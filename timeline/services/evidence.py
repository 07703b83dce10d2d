"""On whose word: what is public keeps at least one citation, if possible one the public can read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from timeline.errors import Conflict
from timeline.models import Citation, Event, Publication, Source

# More events than these are counted and not named.
NAMED = 3


class Uncited(Conflict):
    """A published event says on whose word it is believed."""

    code = "uncited"


class LastCitation(Conflict):
    """A published event would be left without a citation."""

    code = "last-citation"


def evidence(**of: Any) -> QuerySet[Citation]:
    """The published passages of public sources, as far as they are ``of`` this."""
    return Citation.objects.published().filter(source__publication=Publication.PUBLISHED, **of)


def demand_evidence(event: Event) -> None:
    """Refuse to publish what cites nothing; its drafted passages go out with it.

    A source may stay hidden, if those who publish so decide: the data checks tell of events whose
    evidence the public cannot see.
    """
    if not _cited(event).exists():
        raise Uncited(f"“{event}” cites no source. Add a citation to the event, then publish it.")


def _cited(event: Event) -> QuerySet[Citation]:
    return event.citations.exclude(publication=Publication.WITHDRAWN)


def refuse_to_lose(record: Any) -> None:
    """Refuse that a published event loses ``record``, if there is nothing else to believe it on."""
    match record:
        case Citation() if record.event is not None and record.event.is_published:
            if _is_the_last(record, _cited(record.event)) or _is_the_last(
                record, evidence(event=record.event)
            ):
                raise LastCitation(
                    f"“{record.event}” is public, and this is its only citation of a public "
                    "source. Cite another passage for it first, or withdraw the event."
                )
        case Source():
            if events := list(_resting_on(record)[: NAMED + 1]):
                raise LastCitation(
                    f"“{record}” is the only public source of {_named(events)}. Cite another "
                    "source for what is public first, or withdraw it."
                )


def _is_the_last(citation: Citation, of: QuerySet[Citation]) -> bool:
    return set(of.values_list("pk", flat=True)[:2]) == {citation.pk}


def _resting_on(source: Source) -> QuerySet[Event]:
    """The published events for which no other public source is cited."""
    on_it = evidence(source=source, event__isnull=False)
    on_others = evidence(event=OuterRef("pk")).exclude(source=source)
    events = Event.objects.published().filter(pk__in=on_it.values("event"))
    return events.filter(~Exists(on_others)).order_by("title", "pk")


def _named(events: Iterable[Event]) -> str:
    titles = [f"“{event}”" for event in events]
    if len(titles) > NAMED:
        return ", ".join(titles[:NAMED]) + " and others"
    return " and ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 1 else titles)
