"""What was, from the ledger: every question answered as it would have been at an instant.

Only what has changed since is read from the ledger; it stands before the tables as they are
(:mod:`timeline.db.past`), so that every list, filter, count and export is asked as always. One
thing is not as it was: an identity that is protected now is protected at every instant.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Max, Q

from timeline.db.past import frozen, keep_first, remember_keys, replace_rows
from timeline.models import (
    RECORDS,
    Action,
    Actor,
    Change,
    Citation,
    Event,
    EventDateMember,
    Operation,
    Publication,
    Record,
    Source,
    Tag,
    Term,
)
from timeline.services import publicity
from timeline.services.anchors import anchor_of

GONE = (Action.DELETED, Action.MERGED)
# What a row points to stands before it.
MODELS = (Term, Tag, *RECORDS)


@contextmanager
def as_of(instant: datetime) -> Iterator[None]:
    """Within, the database answers as it did at ``instant``. Nothing is to be written there."""
    with frozen():
        done = Operation.objects.filter(at__lte=instant).order_by("-at")
        last = done.values_list("last", flat=True).first() or 0
        if Change.objects.filter(pk__gt=last).exists():
            past = _Past(last)
            for model in MODELS:
                past.remember(model)
            for model in MODELS:
                past.restore(model)
            keep_first(Change, last)
        yield


class _Then(NamedTuple):
    """A record as it stood, and the entries that its stamps come from."""

    entry: Change
    created: Change
    published: Change | None


class _Past:
    """The records that have changed since the entry ``last``, as they stood then."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.changed: dict[Any, set[str]] = {}
        # The key of each row that another points to, by public id.
        self.keys: dict[str, int] = {}
        self.words: dict[Any, int] = {}
        self.texts: dict[str, str] = {}
        self.made_up = 0

    def remember(self, model: Any) -> None:
        """Note which records of ``model`` have changed since, and the keys of their rows."""
        later = Change.objects.filter(record_type=model._meta.model_name, pk__gt=self.last)
        changed = {str(uuid) for uuid in later.values_list("record_uuid", flat=True)}
        if model is Citation:
            # Whether a quote is found hangs on the text of its source.
            for some in publicity.chunks(self.changed[Source]):
                of_sources = Citation.objects.filter(source__uuid__in=some)
                changed |= {str(uuid) for uuid in of_sources.values_list("uuid", flat=True)}
        self.changed[model] = changed
        gone = later.filter(action__in=GONE).values_list("record_uuid", "former_pk")
        self.keys |= {str(uuid): key for uuid, key in gone if key is not None}
        self._learn(model, "uuid__in", changed)
        for part, owner in _parts(model):
            self._learn(part, f"{owner.name}__uuid__in", changed)

    def _learn(self, model: Any, path: str, uuids: Iterable[str]) -> None:
        for some in publicity.chunks(uuids):
            rows = model._default_manager.filter(**{path: some}).values_list("uuid", "pk")
            self.keys |= {str(uuid): key for uuid, key in rows}

    def restore(self, model: Any) -> None:
        """Let queries see the records of ``model`` as they were."""
        changed = self.changed[model]
        if not changed:
            return
        then = self._then(model, changed)
        self._point(model, then)
        records = [self._record(model, stood) for stood in then]
        gone = f"gone_{model._meta.db_table}"
        remember_keys(gone, {self.keys[uuid] for uuid in changed if uuid in self.keys})
        replace_rows(model, gone=gone, owner="id", rows=records)
        told = list(zip(records, (stood.entry.data for stood in then), strict=True))
        for part, owner in _parts(model):
            name = owner.remote_field.name
            rows = [self._row(part, row, {owner.attname: r.pk}) for r, d in told for row in d[name]]
            replace_rows(part, gone=gone, owner=owner.column, rows=rows)
        if model is Event:
            tags = [self._tagging(r, slug) for r, d in told for slug in d["tags"]]
            replace_rows(Event.tags.through, gone=gone, owner="event_id", rows=tags)
            members = [member for record in records for member in self._members(record)]
            replace_rows(EventDateMember, gone=gone, owner="event_id", rows=members)
        self.words.clear()

    def _then(self, model: Any, changed: set[str]) -> list[_Then]:
        versions = Change.objects.versions().filter(
            record_type=model._meta.model_name, pk__lte=self.last
        )
        began = Q(state_before="", action__in=[Action.CREATED, Action.REVERTED])
        came_out = Q(state_after=Publication.PUBLISHED) & ~Q(state_before=Publication.PUBLISHED)
        found = []
        for some in publicity.chunks(changed):
            rows = (
                versions.filter(record_uuid__in=some)
                .values("record_uuid")
                .annotate(
                    entry=Max("id"),
                    created=Max("id", filter=began),
                    published=Max("id", filter=came_out),
                )
            )
            asked = [(row["entry"], row["created"], row["published"] or 0) for row in rows]
            changes = Change.objects.in_bulk({key for row in asked for key in row if key})
            found += [
                _Then(
                    changes[entry],
                    changes[created],
                    changes.get(published * (published >= created)),
                )
                for entry, created, published in asked
                if changes[entry].action not in GONE
            ]
        return found

    def _point(self, model: Any, then: list[_Then]) -> None:
        """Learn the keys of what has not changed, but is pointed to by what has."""
        asked: publicity.Known = defaultdict(set)
        for stood in then:
            for kind, uuid in publicity.pointed(model, stood.entry.data):
                if uuid not in self.keys:
                    asked[kind].add(uuid)
        for kind, uuids in asked.items():
            self._learn(kind, "uuid__in", uuids)
        if model is Citation:
            sources = {stood.entry.data["source"] for stood in then} - self.texts.keys()
            for some in publicity.chunks(sources):
                rows = Source.objects.filter(uuid__in=some).values_list("uuid", "text")
                self.texts |= {str(uuid): text for uuid, text in rows}

    def _record(self, model: Any, stood: _Then) -> Any:
        entry, data = stood.entry, stood.entry.data
        stamps: dict[str, Any] = {"uuid": entry.record_uuid, "version": entry.version}
        if issubclass(model, Record):
            stamps |= {
                "created_at": stood.created.at,
                "created_by_id": stood.created.by_id,
                "updated_at": entry.at,
                "published_at": stood.published and stood.published.at,
            }
        record = self._row(model, data, stamps)
        if model is Actor:
            record.protected = record.protected or self._is_protected_now(data["uuid"])
        if model is Source:
            self.texts[data["uuid"]] = record.text
            if record.text:
                record.text_sha256 = hashlib.sha256(record.text.encode()).hexdigest()
        if model is Citation:
            record.anchor = anchor_of(record, self.texts[data["source"]])
        return record

    def _is_protected_now(self, uuid: str) -> bool:
        return bool(publicity.latest(Actor, [uuid])[uuid].data["protected"])

    def _row(self, model: Any, data: dict[str, Any], known: dict[str, Any]) -> Any:
        key = self.keys.get(data["uuid"]) or self._make_up_key()
        self.keys[data["uuid"]] = key
        row = model(pk=key, **known)
        for field in model._meta.concrete_fields:
            if field.name in data and field.attname not in known:
                setattr(row, field.attname, self._value(field, data[field.name]))
        return row

    def _value(self, field: Any, value: Any) -> Any:
        if value is None:
            return None
        if field.many_to_one and field.related_model is Term:
            vocabulary = field.get_limit_choices_to()["vocabulary"]
            return self._word(Term.objects.filter(vocabulary=vocabulary, code=value))
        if field.many_to_one:
            return self.keys[value]
        return field.to_python(value)

    def _word(self, rows: models.QuerySet[Any]) -> int:
        """The key of a term or tag, which queries see as it was already."""
        asked = str(rows.query)
        if asked not in self.words:
            self.words[asked] = rows.values_list("pk", flat=True).get()
        return self.words[asked]

    def _tagging(self, event: Any, slug: str) -> Any:
        tag = self._word(Tag.objects.filter(slug=slug))
        return Event.tags.through(pk=self._make_up_key(), event_id=event.pk, tag_id=tag)

    def _members(self, event: Any) -> Iterator[EventDateMember]:
        for bounds in event.date.members if event.date and event.date.set_kind else ():
            key = self._make_up_key()
            yield EventDateMember(pk=key, event_id=event.pk, **bounds._asdict())

    def _make_up_key(self) -> int:
        self.made_up -= 1
        return self.made_up


def _parts(model: Any) -> list[tuple[Any, Any]]:
    """The kinds of parts of a record, each with its pointer to the owner."""
    relations = [model._meta.get_field(name) for name in getattr(model, "PARTS", ())]
    return [(relation.related_model, relation.field) for relation in relations]
