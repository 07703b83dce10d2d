"""The ledger: what every verb appends, and how it is proved unbroken.

An entry holds the record as it stood after the change, and a hash over itself and the entry
before it, so that an edit, a removal or a swap shows at the row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone

from timeline.db.dates import DateColumns
from timeline.models import Action, Change, Tag, Term, Versioned
from timeline.models.records import Part
from timeline.services.access import By
from timeline.temporal import Edtf

# Not part of what a record says: keys, stamps and what is derived from the rest.
UNRECORDED = {
    "id",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "published_at",
    "text_sha256",
    "anchor",
    "search_text",
    *DateColumns._fields,
}
GENESIS = "0" * 64
# Any number will do; it names the one writer that PostgreSQL lets through at a time.
WRITER_LOCK = 7_236_411


@contextmanager
def writing() -> Iterator[None]:
    """One transaction, one writer at a time, so that the chain is in the order of commit."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
        yield


def _plain(value: Any) -> Any:
    """A value as JSON has it; other records by their public names."""
    match value:
        case Term():
            return value.code
        case Tag():
            return value.slug
        case Versioned() | Part():
            return str(value.uuid)
        case Edtf():
            return value.text
        case datetime():
            return value.astimezone(UTC).isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case UUID():
            return str(value)
        case _:
            return value


def _fields(row: models.Model, *, without: str = "") -> dict[str, Any]:
    return {
        field.name: _plain(getattr(row, field.name))
        for field in row._meta.concrete_fields
        if field.name not in UNRECORDED and field.name != without
    }


def snapshot(
    record: Versioned,
    *,
    parts: dict[str, list[models.Model]] | None = None,
    tags: Iterable[str] | None = None,
) -> dict[str, Any]:
    """The record and its parts as plain data, without keys or stamps.

    ``parts`` and ``tags`` are for who has them in hand already; otherwise they are read.
    """
    data = _fields(record)
    for name in record.PARTS:
        owner = record._meta.get_field(name).field.name
        rows = _parts(record, name, owner) if parts is None else parts.get(name, [])
        data[name] = [_fields(row, without=owner) for row in rows]
    if hasattr(record, "tags"):
        data["tags"] = sorted(record.tags.values_list("slug", flat=True) if tags is None else tags)
    return data


def _parts(record: Versioned, name: str, owner: str) -> Iterable[models.Model]:
    model = record._meta.get_field(name).related_model
    pointers = [field.name for field in model._meta.fields if field.many_to_one]
    rows = model._default_manager.filter(**{owner: record})
    return rows.select_related(*pointers).order_by("position", "id")


def canonical(data: Any) -> str:
    """The one way to write this data as JSON."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(change: Change) -> str:
    """The hash of an entry: over everything in it and the hash of the one before."""
    content = [
        change.previous_hash,
        change.at.astimezone(UTC).isoformat(),
        change.by_name,
        change.origin,
        change.request_id,
        change.reason,
        change.action,
        change.record_type,
        str(change.record_uuid),
        change.version,
        change.state_before,
        change.state_after,
        change.snapshot,
    ]
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def head() -> str:
    """The hash of the newest entry."""
    last = Change.objects.order_by("-id").values_list("hash", flat=True).first()
    return last or GENESIS


def _now() -> datetime:
    """This instant to the millisecond: `dumpdata` writes no more, and the hash is over it."""
    now = timezone.now()
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def entry(
    record: Versioned,
    action: Action,
    *,
    by: By,
    reason: str = "",
    state_before: str = "",
    data: dict[str, Any] | None = None,
) -> Change:
    """What the ledger is to say of ``record``; not yet in the chain."""
    return Change(
        at=_now(),
        by=by.user,
        by_name=by.user.get_username() if by.user else "",
        origin=by.origin,
        request_id=by.request_id,
        reason=reason,
        action=action,
        record_type=record._meta.model_name,
        record_uuid=record.uuid,
        version=record.version,
        state_before=state_before,
        state_after="" if action is Action.DELETED else getattr(record, "publication", ""),
        snapshot=canonical(data if data is not None else snapshot(record)),
    )


def append(record: Versioned, action: Action, **said: Any) -> Change:
    """Add the entry for what was just done to ``record``; the caller is inside :func:`writing`."""
    change = entry(record, action, **said)
    append_all([change])
    return change


def append_all(changes: list[Change]) -> None:
    """Chain these entries to the end, in their order."""
    previous = head()
    for change in changes:
        change.previous_hash = previous
        previous = change.hash = digest(change)
    Change.objects.bulk_create(changes)


def first_broken(batch: int = 2000) -> Change | None:
    """The first entry that is not what was written, or ``None`` when the chain holds."""
    previous = GENESIS
    for change in Change.objects.order_by("id").iterator(chunk_size=batch):
        if change.previous_hash != previous or change.hash != digest(change):
            return change
        previous = change.hash
    return None
