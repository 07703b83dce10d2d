"""The ledger: what every verb appends, and how it is proved unbroken.

An entry holds the record as it stood after the change, and a hash over itself and the entry
before it, so that an edit, a removal or a swap shows at the row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
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


def snapshot(record: Versioned) -> dict[str, Any]:
    """The record and its parts as plain data, without keys or stamps."""
    data = _fields(record)
    for name in record.PARTS:
        relation = record._meta.get_field(name)
        rows = relation.related_model._default_manager.filter(**{relation.field.name: record})
        pointers = [f.name for f in relation.related_model._meta.fields if f.many_to_one]
        data[name] = [
            _fields(row, without=relation.field.name)
            for row in rows.select_related(*pointers).order_by("position", "id")
        ]
    if hasattr(record, "tags"):
        data["tags"] = sorted(record.tags.values_list("slug", flat=True))
    return data


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


def append(
    record: Versioned,
    action: Action,
    *,
    by: By,
    reason: str = "",
    state_before: str = "",
    data: dict[str, Any] | None = None,
) -> Change:
    """Add the entry for what was just done to ``record``; the caller is inside :func:`writing`."""
    change = Change(
        at=timezone.now(),
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
        previous_hash=head(),
    )
    change.hash = digest(change)
    change.save(force_insert=True)
    return change


def first_broken(batch: int = 2000) -> Change | None:
    """The first entry that is not what was written, or ``None`` when the chain holds."""
    previous = GENESIS
    for change in Change.objects.order_by("id").iterator(chunk_size=batch):
        if change.previous_hash != previous or change.hash != digest(change):
            return change
        previous = change.hash
    return None
