"""The events that were loaded, written into the ledger as an import would have written them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch

from timeline.models import Action, Event, Origin, Participation
from timeline.services import ledger
from timeline.services.access import the_command_line

CHUNK = 2_000
# A longer ledger would take longer to write than all the rest.
MOST = 200_000


def record_events(progress: Callable[[int], None]) -> None:
    """One entry for each event, but for no more than the first ``MOST``."""
    by: Any = the_command_line(origin=Origin.IMPORT)
    done = 0
    while done < MOST and (events := list(_events().filter(pk__gt=done).order_by("pk")[:CHUNK])):
        with ledger.writing():
            entries = [
                ledger.entry(event, Action.CREATED, by=by, reason="Imported", data=_said(event))
                for event in events
            ]
            ledger.append_all(entries, by=by)
        done = events[-1].pk
        progress(done)


def _events() -> Any:
    took_part = Participation.objects.select_related("actor", "role").order_by("position")
    return Event.objects.select_related("kind", "place").prefetch_related(
        "tags", Prefetch("participations", took_part)
    )


def _said(event: Any) -> dict[str, Any]:
    parts = {"participations": list(event.participations.all())}
    return ledger.snapshot(event, parts=parts, tags=[tag.slug for tag in event.tags.all()])
