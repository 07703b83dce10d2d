"""The ledger: what every verb appends, and how it is proved unbroken.

An entry holds the record as it stood after the change, and a hash over itself and the entry
before it, so that an edit, a removal or a swap shows at the row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid4

import orjson
from django.conf import settings
from django.db import connection, connections, models, transaction
from django.utils import timezone

from timeline.db.bulk import Table
from timeline.db.dates import DateColumns
from timeline.db.tallies import settle
from timeline.models import Action, Change, Operation, Tag, Term, Versioned
from timeline.models.records import Part
from timeline.services import publicity
from timeline.services.access import By
from timeline.services.publicity import Entry
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
    "event_kind",
    *DateColumns._fields,
}
GENESIS = "0" * 64
# Any number will do; it names the one writer that PostgreSQL lets through at a time.
WRITER_LOCK = 7_236_411
# Seconds that a writer waits for those before it, of which SQLite is told in the settings.
PATIENCE = 20
BATCH = 500


@dataclass(slots=True)
class _Writing:
    """The transaction that is open: all that is done in it is one operation, at one instant."""

    at: datetime
    operation: UUID = field(default_factory=uuid4)


_open: ContextVar[_Writing | None] = ContextVar("writing", default=None)


@contextmanager
def writing() -> Iterator[UUID]:
    """One transaction, one writer at a time, so that the chain is in the order of commit.

    Yields the id of the operation; within another, it is part of that.
    """
    outer = _open.get()
    with transaction.atomic():
        if outer is not None:
            yield outer.operation
            return
        if connection.vendor == "postgresql":
            _queue()
        # To the millisecond: `dumpdata` writes no more, and the hash is over it.
        now = timezone.now()
        inner = _Writing(now.replace(microsecond=now.microsecond // 1000 * 1000))
        token = _open.set(inner)
        try:
            yield inner.operation
        finally:
            _open.reset(token)
        _close(inner)
        settle()


def _queue() -> None:
    """Wait for our turn to write, as long as on SQLite; and as long may a statement of ours last.

    What hangs on a record of many events is written by the statement that changes the record.
    """
    reading = settings.DATABASE_STATEMENT_TIMEOUT
    limit = max(reading, PATIENCE * 1000) if reading else 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), pg_try_advisory_xact_lock(%s)",
            [str(limit), WRITER_LOCK],
        )
        _, is_our_turn = cursor.fetchone()
        if not is_our_turn:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def _close(inner: _Writing) -> None:
    """Note when what was written became known: as late as can be, since readers saw the old."""
    last = Change.objects.order_by("-id").values("id", "operation").first()
    if last is None or last["operation"] != inner.operation:
        return
    before = Operation.objects.order_by("-at").values_list("at", flat=True).first()
    now = timezone.now()
    at = now if before is None else max(now, before + timedelta(microseconds=1))
    Operation.objects.create(uuid=inner.operation, at=at, last=last["id"])


def now() -> datetime:
    """The instant of the transaction that is open: what it writes bears this stamp."""
    return _current().at


def _current() -> _Writing:
    inner = _open.get()
    if inner is None:
        raise RuntimeError("What is recorded is written inside ledger.writing().")
    return inner


def plain(value: Any) -> Any:
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


@cache
def recorded(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns of which a snapshot tells."""
    return [field for field in model._meta.concrete_fields if field.name not in UNRECORDED]


def fields_of(row: models.Model, *, without: str = "") -> dict[str, Any]:
    """What a row says, and not its parts; ``without`` is a pointer to leave out."""
    return {
        field.name: plain(getattr(row, field.name))
        for field in recorded(type(row))
        if field.name != without
    }


def unsaid(model: type[models.Model], *, without: str = "") -> dict[str, Any]:
    """What a row says of which nothing has been said yet, as :func:`fields_of` would have it."""
    return {
        field.name: plain(field.get_default()) for field in recorded(model) if field.name != without
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
    data = fields_of(record)
    for name in record.PARTS:
        owner = record._meta.get_field(name).field.name
        rows = _parts(record, name, owner) if parts is None else parts.get(name, [])
        data[name] = [fields_of(row, without=owner) for row in rows]
    if hasattr(record, "tags"):
        data["tags"] = sorted(record.tags.values_list("slug", flat=True) if tags is None else tags)
    return data


def _parts(record: Versioned, name: str, owner: str) -> Iterable[models.Model]:
    model = record._meta.get_field(name).related_model
    pointers = [field.name for field in recorded(model) if field.many_to_one]
    rows = model._default_manager.filter(**{owner: record})
    return rows.select_related(*pointers).order_by("position", "id")


_encoder = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical(data: Any) -> str:
    """The one way to write this data as JSON."""
    return _encoder.encode(data)


def canonical_but(data: dict[str, Any], **free: Any) -> str:
    """As :func:`canonical` writes ``data`` and ``free``, and faster.

    Only in what is free may there be numbers with a fraction, which others write in other ways.
    """
    written = {name: orjson.Fragment(canonical(value)) for name, value in free.items()}
    return orjson.dumps(data | written, option=orjson.OPT_SORT_KEYS).decode()


def digest(change: Change) -> str:
    """The hash of an entry: over everything in it and the hash of the one before."""
    signed = signature(
        at=change.at,
        by_name=change.by_name,
        origin=change.origin,
        request_id=change.request_id,
        reason=change.reason,
        operation=change.operation,
    )
    told = [
        change.action,
        change.record_type,
        str(change.record_uuid),
        change.version,
        change.turn,
        change.state_before,
        change.state_after,
        change.was_public,
        change.is_public,
        change.hidden,
        change.snapshot,
    ]
    return seal(change.previous_hash, signed, told)


def signature(*, at: datetime, operation: UUID, **said: str) -> str:
    """What the entries of one verb have in common, as :func:`seal` takes it."""
    names = ("by_name", "origin", "request_id", "reason")
    content = [at.astimezone(UTC).isoformat(), *(said[name] for name in names), str(operation)]
    return canonical(content)[1:-1]


def seal(previous_hash: str, signed: str, told: list[Any]) -> str:
    """The hash of an entry: over one JSON list of the hash before it, who signed it and the rest.

    There is no number with a fraction in it, so that it is written as :func:`canonical` would.
    """
    before, after = orjson.dumps([previous_hash]), orjson.dumps(told)
    return hashlib.sha256(b"%b,%b,%b" % (before[:-1], signed.encode(), after[1:])).hexdigest()


def head() -> str:
    """The hash of the newest entry."""
    # Asked with every reading, and to compose the statement would take ten times as long.
    with connections[Change.objects.db].cursor() as cursor:
        cursor.execute("SELECT hash FROM timeline_change ORDER BY id DESC LIMIT 1")
        found = cursor.fetchone()
    return found[0] if found else GENESIS


def entry(
    record: Versioned,
    action: Action,
    *,
    by: By,
    reason: str = "",
    state_before: str = "",
    data: dict[str, Any] | None = None,
    former_pk: int | None = None,
) -> Entry:
    """What the ledger is to say of ``record``, as it stands after ``action``."""
    data = data if data is not None else snapshot(record)
    gone = action in (Action.DELETED, Action.MERGED)
    change = Change(
        **signed(by, reason),
        action=action,
        record_type=record._meta.model_name,
        record_uuid=record.uuid,
        version=record.version,
        state_before=state_before,
        state_after="" if gone else getattr(record, "publication", ""),
        snapshot=canonical(data),
        former_pk=former_pk,
    )
    return Entry(type(record), change, data)


def signed(by: By, reason: str) -> dict[str, Any]:
    """The columns of an entry that say who writes it now, and why."""
    return {
        "at": now(),
        "by": by.user,
        "by_name": by.user.get_username() if by.user else "",
        "origin": by.origin,
        "request_id": by.request_id,
        "reason": reason,
        "operation": _current().operation,
    }


def append(record: Versioned, action: Action, *, by: By, **said: Any) -> Change:
    """Add the entry for what was just done to ``record``; the caller is inside :func:`writing`."""
    new = entry(record, action, by=by, **said)
    append_all([new], by=by)
    return new.change


def append_all(entries: list[Entry], *, by: By) -> None:
    """Chain these entries to the end, and after them what they did to what the public knows."""
    publicity.judge(entries)
    _append_judged(entries, publicity.before(entries), by)


def turn(touched: publicity.Known, *, by: By) -> None:
    """Append what has become of these records for the public by what others say now."""
    turns = _turns(touched, by)
    _append_judged([new for new, _ in turns], {str(o.record_uuid): o for _, o in turns}, by)


def _append_judged(entries: list[Entry], before: dict[str, Change], by: By) -> None:
    if not entries:
        return
    for new in entries:
        last = before.get(str(new.change.record_uuid))
        new.change.was_public = last is not None and last.is_public
    _chain([new.change for new in entries])
    turn(publicity.touched(entries, before), by=by)


def _chain(changes: list[Change]) -> None:
    previous = head()
    for change in changes:
        change.previous_hash = previous
        previous = change.hash = digest(change)
    if len(changes) <= BATCH:
        Change.objects.bulk_create(changes)
        return
    columns = [field.attname for field in Change._meta.concrete_fields if field.attname != "id"]
    table, row = Table(Change, *columns), attrgetter(*columns)
    for start in range(0, len(changes), BATCH):
        table.insert([row(change) for change in changes[start : start + BATCH]])


def _turns(touched: publicity.Known, by: By) -> list[tuple[Entry, Change]]:
    """The next turn of each of these records, if the public now knows more or less of it.

    Each with the entry before it.
    """
    found = []
    for model, uuids in touched.items():
        # In the order of their own entries, the same on every database.
        for last in sorted(publicity.latest(model, uuids).values(), key=lambda one: one.pk):
            change = Change(
                # Why another record was hidden is not for those who read of this one.
                **signed(by, reason=""),
                action=Action.AFFECTED,
                record_type=last.record_type,
                record_uuid=last.record_uuid,
                version=last.version,
                turn=last.turn + 1,
                state_before=last.state_after,
                state_after=last.state_after,
                snapshot=last.snapshot,
            )
            found.append((Entry(model, change, last.data), last))
    publicity.judge([new for new, _ in found])
    return [
        (new, last)
        for new, last in found
        if (new.change.is_public, new.change.hidden) != (last.is_public, last.hidden)
    ]


def first_broken(batch: int = 2000) -> Change | None:
    """The first entry that is not what was written, or ``None`` when the chain holds."""
    previous = GENESIS
    for change in Change.objects.order_by("id").iterator(chunk_size=batch):
        if change.previous_hash != previous or change.hash != digest(change):
            return change
        previous = change.hash
    return None
