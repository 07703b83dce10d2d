"""Make many records be as snapshots say: in bulk, each with an entry of its own in the ledger.

Rows that are to say something else are taken out and put in anew under the keys that they have or
had, so that no order is needed among records that point to one another or give up a name to one
another. All others stay: to take a row out of all indexes and put it in again costs a hundred times
what it costs to count its version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, models
from django.db.models import F

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
# What a row keeps whatever it says, and what its parts repeat of it.
KEPT = {
    *("uuid", "version", "publication", "published_at", "created_at", "created_by"),
    *("start_min", "end_max", "sort_key"),
}


class GoneSince(Conflict):
    """What an earlier version pointed to is no longer recorded."""

    code = "gone-since"


class NeededSince(Conflict):
    """Others have come to rest on what is to be removed."""

    code = "needed-since"


@dataclass(slots=True)
class Rewriting:
    """What a record is to say; nothing, if it is to be no more.

    ``said`` is what it says now, for who has it in hand already; otherwise it is read.
    """

    model: type[Versioned]
    uuid: str
    data: Any
    action: Action
    reason: str = ""
    said: dict[str, Any] | None = None


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
        self.now: dict[str, Any] = {}
        self.last: dict[str, Change] = {}
        # What they say.
        self.said: dict[str, dict[str, Any]] = {}
        # Those of which only lists change.
        self.staying: set[str] = set()
        self.removed: dict[Any, set[int]] = defaultdict(set)
        for model in self.wanted:
            self._read(model)

    def _read(self, model: Any) -> None:
        uuids = {one.uuid for one in self.wanted[model]}
        kept = [field.name for field in model._meta.concrete_fields if field.name in KEPT]
        for some in chunks(uuids):
            for row in model._default_manager.filter(uuid__in=some).only(*kept):
                self.now[str(row.uuid)] = row
        self.last |= publicity.latest(model, uuids - self.now.keys())
        known = {one.uuid: one.said for one in self.wanted[model] if one.said is not None}
        self.said |= known | told_now(model, uuids - known.keys())
        for uuid in uuids & self.last.keys():
            if (key := self.last[uuid].former_pk) is not None:
                self.rows.keys[uuid] = key
        self.rows.keys |= {uuid: self.now[uuid].pk for uuid in uuids & self.now.keys()}
        for part, owner in parts_of(model):
            self.rows.learn(part, f"{owner.name}__uuid__in", uuids)

    def _stays(self, one: Rewriting) -> bool:
        """Whether the row itself is to say what it says, whatever becomes of its lists."""
        said = self.said.get(one.uuid)
        if said is None or one.data is None:
            return False
        lists: dict[str, None] = dict.fromkeys(one.model.PARTS)
        return ledger.canonical(said | lists) == ledger.canonical(one.data | lists)

    def _changing(self, one: Rewriting, name: str) -> tuple[list[Any], list[Any]]:
        """The rows of a list that are to go, and those to come."""
        before = self.said[one.uuid][name] if one.uuid in self.said else []
        after = one.data[name] if one.data else []
        if one.uuid not in self.staying:
            return before, after
        return [row for row in before if row not in after], [
            row for row in after if row not in before
        ]

    def take_out(self) -> None:
        """Take out the rows and their parts; that others point to them is checked at the end."""
        for model, wanted in self.wanted.items():
            self.staying |= {one.uuid for one in wanted if self._stays(one)}
            for part, owner in parts_of(model):
                name = owner.remote_field.name
                going = [row["uuid"] for one in wanted for row in self._changing(one, name)[0]]
                self._take_out(part, {self.rows.keys[uuid] for uuid in going})
        # Not until nothing is left that points to them, which would have to be counted anew.
        leaving = self.now.keys() - self.staying
        for model, wanted in self.wanted.items():
            keys = {self.now[one.uuid].pk for one in wanted if one.uuid in leaving}
            if model is Event:
                _delete(Event.tags.through, "event_id", keys)
                _delete(EventDateMember, "event_id", keys)
            self._take_out(model, keys)

    def _take_out(self, model: Any, keys: set[int]) -> None:
        self.removed[model] |= keys
        _delete(model, "pk", keys)

    def put_in(self, model: Any) -> Iterator[Entry]:
        """Put in the rows of ``model`` as they are to be; what the ledger is to say of each."""
        wanted = self.wanted.get(model, [])
        kept = [one for one in wanted if one.data is not None]
        self.rows.learn_pointed(model, [one.data for one in kept])
        records = [self._record(one) for one in kept]
        told = [
            (record, one)
            for record, one in zip(records, kept, strict=True)
            if one.uuid not in self.staying
        ]
        self._insert(model, [record for record, _ in told])
        for part, owner in parts_of(model):
            name = owner.remote_field.name
            rows = [
                self._row(part, row, {owner.name: record})
                for record, one in zip(records, kept, strict=True)
                for row in self._changing(one, name)[1]
            ]
            self._insert(part, rows)
        if model is Event:
            tags = [
                self._tagging(record, slug) for record, one in told for slug in one.data["tags"]
            ]
            Event.tags.through.objects.bulk_create(tags, batch_size=BATCH)
            members = [member for record, _ in told for member in self.rows.members(record)]
            EventDateMember.objects.bulk_create(members, batch_size=BATCH)
            self._rejoin_imported_rows([record for record, _ in told])
        self._count_versions(model, [one.uuid for one in kept if one.uuid in self.staying])
        self.rows.words.clear()
        for one, record in zip(kept, records, strict=True):
            yield self._entry(one, record, one.data)
        for one in wanted:
            if one.data is None:
                now, data = self.now[one.uuid], self.said[one.uuid]
                gone = model(uuid=data["uuid"], version=now.version + 1)
                yield self._entry(one, gone, data, former_pk=now.pk)

    def _record(self, one: Rewriting) -> Any:
        now, last = self.now.get(one.uuid), self.last.get(one.uuid)
        version = now.version if now else last.version if last else 0
        if one.uuid in self.staying:
            now.version += 1
            return now
        stamps: dict[str, Any] = {"version": version + 1}
        if issubclass(one.model, Record):
            stamps |= {
                "created_at": now.created_at if now else ledger.now(),
                "created_by_id": now.created_by_id if now else self.by.user and self.by.user.pk,
                "updated_at": ledger.now(),
                "published_at": now and now.published_at,
            }
            was = now and now.publication
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

    def _count_versions(self, model: Any, staying: list[str]) -> None:
        stamps: dict[str, Any] = {"version": F("version") + 1}
        if issubclass(model, Record):
            stamps["updated_at"] = ledger.now()
        for some in chunks(self.now[uuid].pk for uuid in staying):
            model._default_manager.filter(pk__in=some).update(**stamps)

    def _rejoin_imported_rows(self, events: list[Event]) -> None:
        """What once came in by a file as this event belongs to it, and not to a survivor of it."""
        back = [event for event in events if str(event.uuid) not in self.now]
        for event in back:
            if event.external_id:
                came = ImportedRow.objects.filter(dataset=event.dataset)
                came.filter(external_id=event.external_id).update(event=event)

    def _entry(self, one: Rewriting, record: Any, data: Any, **more: Any) -> Entry:
        before = getattr(self.now.get(one.uuid), "publication", "")
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


def _delete(model: Any, column: str, keys: Iterable[int]) -> None:
    """Without looking at what points to the rows, as the caller puts them in again."""
    for some in chunks(keys):
        model._base_manager.filter(**{f"{column}__in": some})._raw_delete(connection.alias)
