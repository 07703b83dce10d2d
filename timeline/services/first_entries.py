"""What the ledger first says of records: many at once, of which nothing was known before.

Nothing points to them yet, and who writes them has in hand what the public may know of them; so
no row is read, and the entries are those that :func:`timeline.services.ledger.append_all` makes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from timeline.db.bulk import Table
from timeline.models import Action, Change
from timeline.services import ledger
from timeline.services.access import By


class First(NamedTuple):
    """The first entry of a record; ``hidden`` are public ids, spaces between."""

    record_type: str
    record_uuid: str
    state_after: str
    snapshot: str
    is_public: bool = False
    hidden: str = ""


COLUMNS = (*First._fields, "previous_hash", "hash")


def append(entries: Iterable[First], *, by: By, reason: str) -> None:
    """Chain these entries to the end; the caller is inside :func:`ledger.writing`."""
    said = ledger.signed(by, reason)
    user = said.pop("by")
    signature = ledger.signature(**said)
    created = Action.CREATED.value
    alike = {"action": created, "version": 1, "turn": 0, "was_public": False}
    rows, previous = [], ledger.head()
    for new in entries:
        record_type, uuid, state, snapshot, is_public, hidden = new
        told = [created, record_type, uuid, 1, 0, "", state, False, is_public, hidden, snapshot]
        sealed = ledger.seal(previous, signature, told)
        rows.append((*new, previous, sealed))
        previous = sealed
    Table(Change, *COLUMNS, **alike, **said, by_id=user and user.pk).insert(rows)
