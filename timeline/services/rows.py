"""Rows made of what the ledger says of records, with the keys that they have or had."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from timeline.models import (
    RECORDS,
    Action,
    Citation,
    Event,
    EventDateMember,
    Source,
    Tag,
    Term,
)
from timeline.services import ledger, publicity
from timeline.services.anchors import anchor_of

GONE = (Action.DELETED, Action.MERGED)
# What a row points to stands before it.
MODELS = (Term, Tag, *RECORDS)


def parts_of(model: Any) -> list[tuple[Any, Any]]:
    """The kinds of parts of a record, each with its pointer to the owner."""
    relations = [model._meta.get_field(name) for name in getattr(model, "PARTS", ())]
    return [(relation.related_model, relation.field) for relation in relations]


def told_now(model: Any, uuids: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """The snapshots of these records as they stand, by public id."""
    found = {}
    for some in publicity.chunks({str(uuid) for uuid in uuids}):
        told = dict(_said(model, "pk", uuid__in=some))
        for part, owner in parts_of(model):
            name = owner.remote_field.name
            for data in told.values():
                data[name] = []
            which = {f"{owner.name}__in": told}
            for key, row in _said(part, owner.attname, "position", "id", without=owner, **which):
                told[key][name].append(row)
        if model is Event:
            slugs: dict[int, list[str]] = {key: [] for key in told}
            taggings = Event.tags.through.objects.filter(event__in=told)
            for key, slug in taggings.values_list("event_id", "tag__slug"):
                slugs[key].append(slug)
            for key, data in told.items():
                data["tags"] = sorted(slugs[key])
        found |= {data["uuid"]: data for data in told.values()}
    return found


def _said(
    model: Any, key: str, *order: str, without: Any = None, **which: Any
) -> Iterator[tuple[int, dict[str, Any]]]:
    """What rows say, each after its ``key``, as :func:`timeline.services.ledger.fields_of` has it."""
    fields = [field for field in ledger.recorded(model) if field != without]
    names = [field.name for field in fields]
    rows = model._default_manager.filter(**which).order_by(*order)
    for known, *values in rows.values_list(key, *map(_path, fields)):
        yield known, dict(zip(names, map(ledger.plain, values), strict=True))


def _path(field: Any) -> str:
    """Where a row has the public name of what it points to, or the value itself."""
    if not field.many_to_one:
        return str(field.name)
    return f"{field.name}__{'code' if field.related_model is Term else 'uuid'}"


class Rows:
    """Makes rows, and knows the keys of what they point to."""

    def __init__(self) -> None:
        # The key of each row that another points to, by public id.
        self.keys: dict[str, int] = {}
        self.words: dict[Any, int] = {}
        self.texts: dict[str, str] = {}

    def new_key(self) -> int | None:
        """The key of a row that never had one; ``None`` lets the database choose."""
        return None

    def learn(self, model: Any, path: str, uuids: Iterable[str]) -> None:
        """Note the keys of the rows of ``model`` whose ``path`` is one of ``uuids``."""
        for some in publicity.chunks(uuids):
            rows = model._default_manager.filter(**{path: some}).values_list("uuid", "pk")
            self.keys |= {str(uuid): key for uuid, key in rows}

    def learn_pointed(self, model: Any, snapshots: list[dict[str, Any]]) -> None:
        """Note the keys of what these snapshots point to, if they are not yet known."""
        asked: publicity.Known = defaultdict(set)
        for data in snapshots:
            for kind, uuid in publicity.pointed(model, data):
                if uuid not in self.keys:
                    asked[kind].add(uuid)
        for kind, uuids in asked.items():
            self.learn(kind, "uuid__in", uuids)
        if model is Citation:
            sources = {data["source"] for data in snapshots} - self.texts.keys()
            for some in publicity.chunks(sources):
                rows = Source.objects.filter(uuid__in=some).values_list("uuid", "text")
                self.texts |= {str(uuid): text for uuid, text in rows}

    def record(self, model: Any, data: dict[str, Any], stamps: dict[str, Any]) -> Any:
        """The row of a record, with what follows from what it says."""
        record = self.row(model, data, stamps)
        if model is Source:
            self.texts[data["uuid"]] = record.text
            if record.text:
                record.text_sha256 = hashlib.sha256(record.text.encode()).hexdigest()
        if model is Citation:
            record.anchor = anchor_of(record, self.texts[data["source"]])
        return record

    def row(self, model: Any, data: dict[str, Any], known: dict[str, Any]) -> Any:
        """The row that says what ``data`` says; ``known`` are columns of it."""
        key = self.keys.get(data["uuid"]) or self.new_key()
        if key is not None:
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
            return self._word(Term, vocabulary=vocabulary, code=value)
        if field.many_to_one:
            return self.keys[value]
        return field.to_python(value)

    def _word(self, model: Any, **known: str) -> int:
        """The key of a term or tag, whose rows are as they are to be already."""
        asked = (model, *known.values())
        if asked not in self.words:
            self.words[asked] = model.objects.values_list("pk", flat=True).get(**known)
        return self.words[asked]

    def tagging(self, event: Any, slug: str) -> Any:
        tag = self._word(Tag, slug=slug)
        return Event.tags.through(pk=self.new_key(), event=event, tag_id=tag)

    def members(self, event: Any) -> Iterator[EventDateMember]:
        """The members of a date that is a set."""
        for bounds in event.date.members if event.date and event.date.set_kind else ():
            key = self.new_key()
            yield EventDateMember(pk=key, event_id=event.pk, **bounds._asdict())
