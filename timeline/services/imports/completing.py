"""What a table does not tell of an event stays as the row before told it.

A table has columns for some members of a row, and tells some of them in its own words: an export has
the code of a kind, the name that an actor goes by, the page of a source without an address. Where both
mean the same, the row keeps its words, so that what nobody changed comes as unchanged. Names mean the
same if the import finds the same record by them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from timeline.formats.text import web_address
from timeline.models import Record
from timeline.querysets.visibility import PUBLIC
from timeline.services.imports.columns import DATES, TEXTS, Columns
from timeline.services.imports.matching import Matcher, the_dataset_itself
from timeline.services.imports.rows import ActorSpec, BadRow, PlaceSpec, Row, SourceSpec, read_row

# Of what is read, what is not called like the member of a row that it comes from.
READ_AS = {"lat": "latitude", "lon": "longitude"}

_Spec = TypeVar("_Spec", ActorSpec, SourceSpec, PlaceSpec)


class _Told(NamedTuple, Generic[_Spec]):
    """An object of a row, and what it was read as."""

    data: dict[str, Any]
    spec: _Spec


def completed(
    chunk: list[Row | BadRow], came: Mapping[tuple[str, str], str], matcher: Matcher
) -> list[Row | BadRow]:
    """The rows of a chunk; those of a table with what it does not tell, from the rows that ``came``
    last, by their keys.
    """
    told: dict[int, tuple[Row, Row, Columns]] = {}
    for row in chunk:
        if isinstance(row, Row) and row.table and row.key in came:
            before = read_row(row.line, json.loads(came[row.key]))
            if isinstance(before, Row):
                told[row.line] = row, before, row.table
    matcher.learn([row for rows in told.values() for row in rows[:2]])
    return [
        _Completion(*told[row.line], matcher).row() if row.line in told else row for row in chunk
    ]


class _Completion:
    """One row of a table, with what the row before it told."""

    def __init__(self, new: Row, old: Row, table: Columns, matcher: Matcher) -> None:
        self.new, self.old, self.table, self.matcher = new, old, table, matcher

    def row(self) -> Row | BadRow:
        new, old, tells = self.new.given, self.old.given, self.table.tells
        data = {name: told for name, told in old.items() if not tells(name)}
        for name in filter(tells, TEXTS):
            given = old if self._is_same_text(name) else new
            data |= {name: given[name]} if name in given else {}
        if tells(*DATES):
            # The words are of the date that they came with.
            given = old if self._is_same_date() else new
            data = {name: told for name, told in data.items() if name not in DATES}
            data |= {name: given[name] for name in DATES if name in given}
        tellings: dict[str, Callable[[], Any]] = {
            "place": self._place,
            "actors": self._actors,
            "sources": self._sources,
            "tags": self._tags,
            "extra": self._extra,
        }
        for name in filter(tells, tellings):
            if told := tellings[name]():
                data[name] = told
            elif name in old and not old[name]:
                data[name] = old[name]
        return self.new if data == new else read_row(self.new.line, data)

    # --- Texts and dates ---

    def _is_same_text(self, name: str) -> bool:
        new, old = self.new.values.get(name), self.old.values.get(name)
        if name == "kind" and new and old:
            return self.matcher.code(new) == self.matcher.code(old)
        return bool(new == old)

    def _is_same_date(self) -> bool:
        read = {"edtf": "date", "date_text": "date_text"}
        return all(
            self.new.values[value] == self.old.values[value]
            for name, value in read.items()
            if self.table.tells(name)
        )

    # --- What is named ---

    def _place(self) -> dict[str, Any] | None:
        if self.old.place is None:
            return self.new.given.get("place")
        old = _Told(self.old.given["place"], self.old.place)
        known = self.matcher.known_place(old.spec)
        if self.new.place is None:
            if self.table.is_export and _is_hidden(known):
                return old.data
            new = _Told({}, PlaceSpec(""))
            # Without a name there is none, if there is a column for it.
            return None if "name" in self.table.parts("place") else self._with_told(new, old)
        new = _Told(self.new.given["place"], self.new.place)
        if self.table.is_export and known and known is self.matcher.known_place(new.spec):
            return old.data
        is_same = "name" not in self.table.parts("place") or new.spec.name == old.spec.name
        return self._with_told(new, old) if is_same else new.data

    def _actors(self) -> list[dict[str, Any]]:
        def is_known(new: ActorSpec, old: ActorSpec) -> bool:
            ours = self.matcher.known_actor(old)
            return new.name == old.name or (
                ours is not None and ours is self.matcher.known_actor(new)
            )

        def has_role(new: ActorSpec, old: ActorSpec) -> bool:
            return is_known(new, old) and self._value(new, "role") == self._value(old, "role")

        def stays(old: ActorSpec) -> bool:
            if self.table.is_export:
                return _is_hidden(self.matcher.known_actor(old))
            is_told = "role" in self.table.parts("actors") or self.table.tells("participants")
            return not is_told and any(is_known(new, old) for new in self.new.actors)

        olds = _told_in(self.old.given, "actors", self.old.actors)
        news = _told_in(self.new.given, "actors", self.new.actors)
        return self._joined(news, olds, (has_role, is_known), stays)

    def _sources(self) -> list[dict[str, Any]]:
        known = self.matcher.known_source

        def is_same(new: SourceSpec, old: SourceSpec) -> bool:
            if new.url is None:
                return new.title == old.title
            # An export writes addresses so that nothing in them ends a cell.
            if new.url in (old.url, web_address(old.url)):
                return True
            return known(new) is not None and known(new) == known(old)

        def stays(old: SourceSpec) -> bool:
            return self.table.is_export and _is_hidden(known(old))

        olds = _told_in(self.old.given, "sources", self.old.sources)
        news = _told_in(self.new.given, "sources", self.new.sources)
        itself = known(the_dataset_itself(self.new.dataset))
        if self.table.is_export and itself:
            # What was published without a source has this one, and no row needs to name it.
            news = [new for new in news if known(new.spec) != itself]
        return self._joined(news, olds, (is_same,), stays)

    def _joined(
        self,
        news: list[_Told[_Spec]],
        olds: list[_Told[_Spec]],
        ways_to_be_same: Iterable[Callable[[_Spec, _Spec], bool]],
        stays: Callable[[_Spec], bool],
    ) -> list[dict[str, Any]]:
        """What was told before and still is, in its order; after it what is new."""
        kept: dict[int, dict[str, Any]] = {}
        for is_same in ways_to_be_same:
            rest = []
            for new in news:
                for place, old in enumerate(olds):
                    if place not in kept and is_same(new.spec, old.spec):
                        kept[place] = self._with_told(new, old)
                        break
                else:
                    rest.append(new)
            news = rest
        for place, old in enumerate(olds):
            if place not in kept and stays(old.spec):
                kept[place] = old.data
        return [kept[place] for place in sorted(kept)] + [new.data for new in news]

    def _with_told(self, new: _Told[_Spec], old: _Told[_Spec]) -> dict[str, Any]:
        """The object as it was, and what the table tells otherwise; what it is known by stays."""
        member = {PlaceSpec: "place", ActorSpec: "actors", SourceSpec: "sources"}[type(old.spec)]
        data = dict(old.data)
        for part in (self.table.parts(member) | new.data.keys()) - {"name", "url"}:
            if self._value(new.spec, part) != self._value(old.spec, part):
                data.pop(part, None)
                data |= {part: new.data[part]} if part in new.data else {}
        return data

    def _value(self, spec: Any, part: str) -> Any:
        value = getattr(spec, READ_AS.get(part, part))
        return self.matcher.code(value) if part == "role" else value

    # --- Lists and objects of texts ---

    def _tags(self) -> list[str]:
        slug = self.matcher.slug
        told = {slug(word): word for word in self.new.tags}
        kept = [word for word in self.old.given.get("tags") or () if slug(word) in told]
        known = set(map(slug, kept))
        return kept + [word for key, word in told.items() if key not in known]

    def _extra(self) -> dict[str, Any]:
        new, old = self.new.given.get("extra", {}), dict(self.old.given.get("extra") or {})
        for key in self.table.parts("extra"):
            if new.get(key, "") != _as_text(old.get(key)):
                old.pop(key, None)
                old |= {key: new[key]} if key in new else {}
        return old


def _told_in(given: dict[str, Any], member: str, specs: list[_Spec]) -> list[_Told[_Spec]]:
    return list(map(_Told, given.get(member) or (), specs))


def _is_hidden(record: Record | None) -> bool:
    """Whether an export may tell nothing of it, so that its absence says nothing."""
    return record is not None and not PUBLIC.sees(record)


def _as_text(value: Any) -> str:
    """A value of JSON as a cell has it."""
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)
