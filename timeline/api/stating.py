"""A record as the public knew it at an entry of the ledger, for those who keep a mirror.

It has the members of the record's own resource that are its own: other records are named by their
ids alone, and what belongs to others (the citations of an event, the claims about it) comes with
those. So no change to one record makes what a mirror holds of another wrong.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from rest_framework import serializers

from timeline.api.serializers.base import FULL, Reference
from timeline.api.serializers.dates import DateSerializer
from timeline.api.serializers.words import TagSerializer, TermSerializer
from timeline.models import Change, Source, Tag, Term

WORDS = {Tag: TagSerializer, Term: TermSerializer}
# Their own, but no member of the snapshot.
STAMPS = ("version", "updated_at", "published_at")


def stated(
    model: type[models.Model], change: Change, stamps: dict[str, Any], unknown: set[str]
) -> dict[str, Any]:
    """The record as it stood after ``change``, without the records ``unknown`` to the public."""
    row = _row(model, change.data, {"version": change.version, **stamps}, unknown)
    told = _told(_serializer(model), row)
    if isinstance(row, Source):
        told["text_sha256"] = hashlib.sha256(row.text.encode()).hexdigest() if row.text else ""
        told["text"] = row.text if row.text_is_public else None
    return told


@cache
def _serializer(model: type[models.Model]) -> Any:
    """One for all records of the model, since to put its members together takes longest."""
    return (WORDS.get(model) or FULL[model])()


def _row(model: Any, data: dict[str, Any], stamps: dict[str, Any], unknown: set[str]) -> Any:
    """An unsaved row of what a snapshot says."""
    row = model()
    parts = getattr(model, "PARTS", ())
    lists: dict[str, list[Any]] = {}
    for name, value in data.items():
        if name == "tags":
            lists[name] = [Tag(slug=slug) for slug in value]
        elif name in parts:
            part = model._meta.get_field(name).related_model
            lists[name] = [
                _row(part, one, {}, unknown) for one in value if not _points_to(part, one, unknown)
            ]
        else:
            field = model._meta.get_field(name)
            setattr(row, name, _value(field, value, unknown))
    for name, value in stamps.items():
        setattr(row, name, value)
    row._prefetched_objects_cache = {name: _Rows(rows) for name, rows in lists.items()}
    return row


class _Rows(list[Any]):
    """Rows in hand, where a relation is asked for all of its own."""

    def all(self) -> list[Any]:
        return self


def _points_to(part: Any, data: dict[str, Any], unknown: set[str]) -> bool:
    return any(part._meta.get_field(n).many_to_one and v in unknown for n, v in data.items())


def _value(field: Any, value: Any, unknown: set[str]) -> Any:
    if value is None or not field.many_to_one:
        return field.to_python(value)
    if value in unknown:
        return None
    if field.related_model is Term:
        return Term(code=value)
    return field.related_model(uuid=UUID(value))


def _told(serializer: Any, row: Any) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, member in serializer.fields.items():
        if not _is_own(member, type(row)):
            continue
        if isinstance(member, Reference):
            pointed = row._state.fields_cache.get(member.source)
            told[name] = {"id": str(pointed.uuid)} if pointed is not None else None
        elif isinstance(member, serializers.ListSerializer):
            rows = row._prefetched_objects_cache[member.source]
            told[name] = [_told(member.child, one) for one in rows]
        elif member.source == "tags":
            told[name] = sorted(tag.slug for tag in row._prefetched_objects_cache["tags"])
        else:
            value = member.get_attribute(row)
            told[name] = None if value is None else member.to_representation(value)
    return told


def _is_own(member: Any, model: Any) -> bool:
    if member.write_only or isinstance(member, serializers.SerializerMethodField):
        return False
    if isinstance(member, DateSerializer) or member.source in ("tags", *STAMPS):
        return True
    if member.source in (*getattr(model, "PARTS", ()), "uuid"):
        return True
    return member.source in {field.name for field in model._meta.concrete_fields} - {"anchor"}
