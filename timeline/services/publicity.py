"""What the public knows of a record, and of the records that it points to.

A record is as visible as those it cannot be told without, so publishing, protecting or deleting
one shows or hides others. The ledger notes at each entry what the public knew then, and adds an
entry for each other record of which it then knows more or less: so the feed of changes needs
nothing but the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Max

from timeline.models import (
    Action,
    Actor,
    Change,
    Publication,
    Record,
    Redirect,
    Tag,
    Term,
    Versioned,
)
from timeline.models.records import Part
from timeline.querysets.visibility import PUBLIC

CHUNK = 1000
# Public ids by kind of record.
Known = dict[type[models.Model], set[str]]


@dataclass(slots=True)
class Entry:
    """What the ledger is to say of a record; not yet in the chain."""

    model: type[Versioned]
    change: Change
    data: dict[str, Any]


def pointed(model: type[models.Model], data: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """The records that a snapshot points to, parts of it included: their kinds and ids."""
    parts = getattr(model, "PARTS", ())
    for name, value in data.items():
        if name in parts:
            part = model._meta.get_field(name).related_model
            for row in value:
                yield from pointed(part, row)
        elif value is not None and (kind := pointer(model, name)):
            yield kind, value


@cache
def pointer(model: type[models.Model], name: str) -> type[models.Model] | None:
    """The kind of record, or part of one, that a member of a snapshot points to."""
    field = model._meta.get_field(name)
    kind = field.related_model if field.many_to_one else None
    return kind if kind and issubclass(kind, Record | Part) else None


def seen(asked: Known) -> Known:
    """Which of these the public may see."""
    found: Known = {}
    for model, uuids in asked.items():
        visible = model._default_manager.visible_to(PUBLIC)
        found[model] = {
            str(uuid)
            for some in chunks(uuids)
            for uuid in visible.filter(uuid__in=some).values_list("uuid", flat=True)
        }
    return found


def judge(entries: list[Entry]) -> None:
    """Note on entries to come what the public knows, now that the rows are written."""
    public = seen(_ids(new for new in entries if _may_be_public(new.change)))
    pointers: Known = defaultdict(set)
    for new in entries:
        new.change.is_public = str(new.change.record_uuid) in public.get(new.model, ())
        if new.change.is_public:
            for kind, uuid in pointed(new.model, new.data):
                pointers[kind].add(uuid)
    shown = seen(pointers)
    for new in entries:
        if new.change.is_public:
            told = pointed(new.model, new.data)
            new.change.hidden = " ".join(
                sorted({uuid for kind, uuid in told if uuid not in shown[kind]})
            )


def _ids(entries: Iterable[Entry]) -> Known:
    ids: Known = defaultdict(set)
    for new in entries:
        ids[new.model].add(str(new.change.record_uuid))
    return ids


def _may_be_public(change: Change) -> bool:
    if change.action in (Action.DELETED, Action.MERGED):
        return False
    return change.state_after in ("", Publication.PUBLISHED)


def latest(
    model: type[models.Model], uuids: Iterable[Any], *, until: int | None = None
) -> dict[str, Change]:
    """The last entry of each of these records, or the last one before the entry ``until``."""
    found: dict[str, Change] = {}
    entries = Change.objects.filter(record_type=model._meta.model_name)
    if until is not None:
        entries = entries.filter(pk__lt=until)
    for some in chunks(uuids):
        last = entries.filter(record_uuid__in=some).values("record_uuid").annotate(last=Max("id"))
        for change in Change.objects.filter(pk__in=last.values("last")):
            found[str(change.record_uuid)] = change
    return found


def protected_now(actors: Iterable[str]) -> set[str]:
    """Those of these identities, deleted and merged ones too, that only editors may know of now."""
    last = latest(Actor, actors)
    led = Redirect.objects.survivors(UUID(uuid) for uuid in last)
    last |= latest(Actor, {str(uuid) for uuid in led.values()} - last.keys())
    hidden = {uuid for uuid, change in last.items() if change.data["protected"]}
    return hidden | {str(old) for old, new in led.items() if str(new) in hidden}


def before(entries: list[Entry]) -> dict[str, Change]:
    """The last entry of each record that had one."""
    known = _ids(new for new in entries if new.change.version > 1 or new.change.turn)
    return {
        uuid: last for model, uuids in known.items() for uuid, last in latest(model, uuids).items()
    }


def touched(entries: list[Entry], before: dict[str, Change]) -> Known:
    """The other records of which the public may know more or less after ``entries``."""
    found: Known = defaultdict(set)
    # What did not exist before is pointed to by nothing else yet.
    flipped = _ids(
        new
        for new in entries
        if new.change.was_public != new.change.is_public and str(new.change.record_uuid) in before
    )
    for model, uuids in flipped.items():
        for kind, some in dependents(model, uuids).items():
            found[kind] |= some
    words: set[Any] = set()
    for new in entries:
        last = before.get(str(new.change.record_uuid))
        used = set(words_of(new.model, new.data)) if new.change.is_public else set()
        words |= used ^ (set(words_of(new.model, last.data)) if new.change.was_public else set())
    if words:
        for kind, some in ids_of_words(words).items():
            found[kind] |= some
    return found


def dependents(model: type[models.Model], uuids: set[str]) -> Known:
    """The published records that point to these, themselves or by a part of theirs."""
    found: Known = defaultdict(set)
    for relation in model._meta.related_objects:
        rows, name = relation.related_model, relation.field.name
        if issubclass(rows, Record):
            _add(found, rows, f"{name}__uuid__in", uuids)
        elif issubclass(rows, Part):
            owner = owner_of(rows)
            if owner.name != name:
                path = f"{owner.remote_field.name}__{name}__uuid__in"
                _add(found, owner.related_model, path, uuids)
            for cited in rows._meta.related_objects:
                _add(found, cited.related_model, f"{cited.field.name}__{name}__uuid__in", uuids)
    return found


def owner_of(part: type[models.Model]) -> Any:
    """The pointer of a part to its record."""
    return next(field for field in part._meta.fields if _owns(field))


def _owns(field: models.Field) -> bool:
    parts = getattr(field.related_model, "PARTS", ()) if field.many_to_one else ()
    return bool(parts) and field.remote_field.name in parts


def _add(found: Known, model: Any, path: str, uuids: set[str]) -> None:
    published = model._default_manager.filter(publication=Publication.PUBLISHED)
    for some in chunks(uuids):
        rows = published.filter(**{path: some}).values_list("uuid", flat=True)
        found[model] |= {str(uuid) for uuid in rows}


def words_of(model: type[models.Model], data: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """The tags and terms that a snapshot uses: a slug, or vocabulary and code."""
    for slug in data.get("tags", ()):
        yield Tag, slug
    parts = getattr(model, "PARTS", ())
    for name, value in data.items():
        if name in parts:
            for row in value:
                yield from words_of(model._meta.get_field(name).related_model, row)
        elif name != "tags" and value is not None:
            field = model._meta.get_field(name)
            if field.many_to_one and field.related_model is Term:
                yield Term, (field.get_limit_choices_to()["vocabulary"], value)


def ids_of_words(words: set[tuple[Any, Any]]) -> Known:
    """The public ids of tags and terms."""
    slugs = [name for kind, name in words if kind is Tag]
    terms = {name for kind, name in words if kind is Term}
    codes = [code for _, code in terms]
    rows = Term.objects.filter(code__in=codes).values_list("uuid", "vocabulary", "code")
    return {
        Tag: {str(u) for u in Tag.objects.filter(slug__in=slugs).values_list("uuid", flat=True)},
        Term: {str(uuid) for uuid, vocabulary, code in rows if (vocabulary, code) in terms},
    }


def chunks(uuids: Iterable[Any]) -> Iterator[list[Any]]:
    rows = sorted(uuids)
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
