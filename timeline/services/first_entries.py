"""What the ledger first says of records: many at once, of which nothing was known before.

Nothing points to them yet, and who writes them has in hand what the public may know of them; so
no row is read, and the entries are those that :func:`timeline.services.ledger.append_all` makes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from timeline.db.bulk import Table
from timeline.models import Action, Change
from timeline.services import ledger
from timeline.services.access import By


class First(NamedTuple):
    """The first entry of a record; ``hidden`` are public ids, spaces between."""

    record_type: str
    uuid: UUID
    state: str
    snapshot: str
    is_public: bool = False
    hidden: str = ""


def append(entries: Iterable[First], *, by: By, reason: str) -> None:
    """Chain these entries to the end; the caller is inside :func:`ledger.writing`."""
    said = ledger.signed(by, reason)
    user = said.pop("by")
    signature = ledger.signature(**said)
    alike = {"action": Action.CREATED.value, "version": 1, "turn": 0, "was_public": False}
    rows, previous = [], ledger.head()
    for new in entries:
        told = [
            *(Action.CREATED, new.record_type, str(new.uuid), 1, 0, "", new.state),
            *(False, new.is_public, new.hidden, new.snapshot),
        ]
        sealed = ledger.seal(previous, signature, told)
        rows.append(
            {
                "record_type": new.record_type,
                "record_uuid": new.uuid,
                "state_after": new.state,
                "snapshot": new.snapshot,
                "is_public": new.is_public,
                "hidden": new.hidden,
                "previous_hash": previous,
                "hash": sealed,
            }
        )
        previous = sealed
    Table(Change, **alike, **said, by_id=user and user.pk).insert(rows)
