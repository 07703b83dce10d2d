"""Make many records be as snapshots say: in bulk, each with an entry of its own in the ledger.

The rows are taken out and put in anew under the keys that they have or had, so that no order is
needed among records that point to one another or give up a name to one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, models

from timeline.errors import Conflict
from timeline.models import (
    Action,
    Change,
    Event,
    EventDateMember,
    ImportedRow,
    Publication,
    Record,
    Suggestion,
    Versioned,
)
from timeline.services import ledger, publicity
from timeline.services.access import By
from timeline.services.publicity import Entry, chunks
from timeline.services.rows import MODELS, Rows, parts_of, told_now

BATCH = 500


class GoneSince(Conflict):
    """What an earlier version pointed to is no longer recorded."""

    code = "gone-since"


class NeededSince(Conflict):
    """Others have come to rest on what is to be removed."""

    code = "needed-since"


@dataclass(slots=True)
class Rewriting:
    """What a record is to say; nothing, if it is to be no more."""

    model: type[Versioned]
    uuid: str
    data: Any
    action: Action
    reason: str = ""


def rewrite(wanted: list[Rewriting], *, by: By) -> list[Change]:
    """Carry it all out; the caller is inside :func:`ledger.writing`."""
    work = _Work(wanted, by)
    try:
        work.take_out()
        entries = [entry for model in MODELS for entry in work.put_in(model)]
    except IntegrityError as error:
        raise Conflict(
            "Another record has taken a name that must be there only once (a slug, an id in a "
            "data set, a relation). Change or delete that one first."
        ) from error
    work.leave_nothing_stranded()
    ledger.append_all(entries, by=by)
    return [entry.change for entry in entries]


class _Work:
    """The records of one rewriting, as they are and as they are to be."""

    def __init__(self, wanted: list[Rewriting], by: By) -> None:
        self.by = by
        self.rows = Rows()
        self.wanted: dict[Any, list[Rewriting]] = defaultdict(list)
        for one in wanted:
            self.wanted[one.model].append(one)
        # By public id: the row as it is, and the last entry of each record.
        self.now: dict[str, dict[str, Any]] = {}
        self.last: dict[str, Change] = {}
        # What those say that are to be no more.
        self.said: dict[str, dict[str, Any]] = {}
        for model in self.wanted:
            self._read(model)

    def _read(self, model: Any) -> None:
        uuids = {one.uuid for one in self.wanted[model]}
        names = ["pk", "version"]
        if issubclass(model, Record):
            names += ["publication", "published_at", "created_at", "created_by_id"]
        for some in chunks(uuids):
            for row in model._default_manager.filter(uuid__in=some).values("uuid", *names):
                self.now[str(row["uuid"])] = row
        self.last |= publicity.latest(model, uuids - self.now.keys())
        self.said |= told_now(model, (one.uuid for one in self.wanted[model] if one.data is None))
        for uuid in uuids & self.last.keys():
            if (key := self.last[uuid].former_pk) is not None:
                self.rows.keys[uuid] = key
        self.rows.keys |= {uuid: self.now[uuid]["pk"] for uuid in uuids & self.now.keys()}
        for part, owner in parts_of(model):
            self.rows.learn(part, f"{owner.name}__uuid__in", uuids)

    def _keys(self, model: Any) -> list[int]:
        return [self.now[one.uuid]["pk"] for one in self.wanted[model] if one.uuid in self.now]

    def take_out(self) -> None:
        """Take out the rows and their parts; that others point to them is checked at the end."""
        self.removed: dict[Any, set[int]] = defaultdict(set)
        for model in self.wanted:
            keys = self._keys(model)
            for part, owner in parts_of(model):
                self.removed[part] |= set(_keys_in(part, owner.attname, keys))
                _take_out(part, owner.attname, keys)
            if model is Event:
                _take_out(Event.tags.through, "event_id", keys)
                _take_out(EventDateMember, "event_id", keys)
            self.removed[model] |= set(keys)
            _take_out(model, "pk", keys)

    def put_in(self, model: Any) -> Iterator[Entry]:
        """Put in the rows of ``model`` as they are to be; what the ledger is to say of each."""
        wanted = self.wanted.get(model, [])
        kept = [one for one in wanted if one.data is not None]
        self.rows.learn_pointed(model, [one.data for one in kept])
        records = [self._record(one) for one in kept]
        self._insert(model, records)
        for part, owner in parts_of(model):
            name = owner.remote_field.name
            rows = [
                self._row(part, row, {owner.name: record})
                for record, one in zip(records, kept, strict=True)
                for row in one.data[name]
            ]
            self._insert(part, rows)
        if model is Event:
            told = list(zip(records, kept, strict=True))
            tags = [
                self._tagging(record, slug) for record, one in told for slug in one.data["tags"]
            ]
            Event.tags.through.objects.bulk_create(tags, batch_size=BATCH)
            members = [member for record in records for member in self.rows.members(record)]
            EventDateMember.objects.bulk_create(members, batch_size=BATCH)
            self._rejoin_imported_rows(records)
        self.rows.words.clear()
        for one, record in zip(kept, records, strict=True):
            yield self._entry(one, record, one.data)
        for one in wanted:
            if one.data is None:
                now, data = self.now[one.uuid], self.said[one.uuid]
                gone = model(uuid=data["uuid"], version=now["version"] + 1)
                yield self._entry(one, gone, data, former_pk=now["pk"])

    def _record(self, one: Rewriting) -> Any:
        now, last = self.now.get(one.uuid), self.last.get(one.uuid)
        version = now["version"] if now else last.version if last else 0
        stamps: dict[str, Any] = {"version": version + 1}
        if issubclass(one.model, Record):
            made = now or {
                "created_at": ledger.now(),
                "created_by_id": self.by.user and self.by.user.pk,
            }
            stamps |= {
                "created_at": made["created_at"],
                "created_by_id": made["created_by_id"],
                "updated_at": ledger.now(),
                "published_at": now and now["published_at"],
            }
            was = now and now["publication"]
            if one.data["publication"] == Publication.PUBLISHED != was:
                stamps["published_at"] = ledger.now()
        return self._row(one.model, one.data, stamps, make=self.rows.record)

    def _row(
        self, model: Any, data: dict[str, Any], known: dict[str, Any], make: Any = None
    ) -> Any:
        try:
            return (make or self.rows.row)(model, data, known)
        except (KeyError, ObjectDoesNotExist) as error:
            raise GoneSince(
                f"The {model._meta.verbose_name} {data['uuid']} is to point to a record that is "
                "no longer there. Put that back first."
            ) from error

    def _tagging(self, event: Event, slug: str) -> Any:
        try:
            return self.rows.tagging(event, slug)
        except ObjectDoesNotExist as error:
            raise GoneSince(
                f"The event {event.uuid} is to have the tag “{slug}”, which is no longer there. Put "
                "that back first."
            ) from error

    def _insert(self, model: Any, rows: list[Any]) -> None:
        model._default_manager.bulk_create(rows, batch_size=BATCH)
        self.rows.keys |= {str(row.uuid): row.pk for row in rows}
        self.removed[model] -= {row.pk for row in rows}

    def _rejoin_imported_rows(self, events: list[Event]) -> None:
        """What once came in by a file as this event belongs to it, and not to a survivor of it."""
        back = [event for event in events if str(event.uuid) not in self.now]
        for event in back:
            if event.external_id:
                came = ImportedRow.objects.filter(dataset=event.dataset)
                came.filter(external_id=event.external_id).update(event=event)

    def _entry(self, one: Rewriting, record: Any, data: Any, **more: Any) -> Entry:
        before = self.now.get(one.uuid, {}).get("publication", "")
        why = {"by": self.by, "reason": one.reason, "state_before": before}
        return ledger.entry(record, one.action, data=data, **why, **more)

    def leave_nothing_stranded(self) -> None:
        """Refuse if what is gone now is pointed to by anything that is not."""
        events = self.removed.get(Event, set())
        for some in chunks(events):
            ImportedRow.objects.filter(event__in=some).update(event=None)
            Suggestion.objects.filter(event__in=some).update(event=None)
        users = [
            user
            for model, keys in self.removed.items()
            for relation in model._meta.related_objects
            for some in chunks(keys)
            for user in relation.related_model._default_manager.filter(
                **{f"{relation.field.name}__in": some}
            )[:5]
        ]
        if users:
            names = ", ".join(f"{user._meta.verbose_name} {_name(user)}" for user in users[:10])
            raise NeededSince(
                f"What is to be removed has come to be used by others: {names}. Change or "
                "delete those first."
            )


def _name(row: models.Model) -> str:
    return f"“{row}” ({getattr(row, 'uuid', row.pk)})"


def _take_out(model: Any, column: str, keys: Iterable[int]) -> None:
    """Without looking at what points to the rows, as the caller puts them in again."""
    for some in chunks(keys):
        model._base_manager.filter(**{f"{column}__in": some})._raw_delete(connection.alias)


def _keys_in(model: Any, column: str, keys: Iterable[int]) -> Iterator[int]:
    for some in chunks(keys):
        yield from model._base_manager.filter(**{f"{column}__in": some}).values_list(
            "pk", flat=True
        )
