"""On whose word: what is public keeps at least one citation."""

from __future__ import annotations

from typing import Any

from timeline.errors import Conflict
from timeline.models import Citation, Event, Publication


class LastCitation(Conflict):
    """A published event would be left without a citation."""

    code = "last-citation"
    advice = "Publish another citation of the event first, or withdraw the event."


def is_cited(event: Event, *, without: Citation | None = None) -> bool:
    """Whether a passage is cited for ``event``, withdrawn ones and ``without`` aside."""
    citations = event.citations.exclude(publication=Publication.WITHDRAWN)
    return citations.exclude(pk=without.pk if without else None).exists()


def refuse_to_lose(record: Any) -> None:
    """Refuse that a published event loses ``record``, if that is its only citation."""
    if not isinstance(record, Citation) or record.event is None:
        return
    if record.event.is_published and not is_cited(record.event, without=record):
        raise LastCitation(
            f"“{record.event}” is public, and this is its only citation. Cite another passage "
            "for it first, or withdraw the event."
        )
