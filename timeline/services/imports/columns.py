"""Which member of a row each column of a table fills.

A column fills the member that it is named like: a member's path, such as ``place.name``, or a plain
word for it. What fits nothing is kept in ``extra``. A mapping says otherwise: a member and the name of
its column, whichever comes first, or a member and ``{"literal": …}`` for what is the same in every row.

Names in one cell are separated by semicolons; ``actors.0.role`` is the role of all of
``actors.0.name``. A column ``participants`` holds each with the role in parentheses, and ``sources``
addresses or titles, as exports have them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from timeline.errors import Flaw, Invalid
from timeline.formats.parts import NOT_NAMED
from timeline.formats.records import EVENTS
from timeline.services.strict_json import Unsound, read_json

TEXTS = ("dataset", "external_id", "title", "summary", "kind", "status", "assessment", "image")
DATES = ("edtf", "date_text")
LISTS = ("tags", "participants", "sources")
OF_PLACE = ("name", "country", "region", "lat", "lon")
OF_ACTOR = ("name", "kind", "role", "aliases", "note", "outcome")
OF_SOURCE = ("title", "url", "publisher", "published")
NEEDED = ("dataset", "external_id", "title")
WORDS = {
    "date": "date_text",
    "place": "place.name",
    "country": "place.country",
    "region": "place.region",
    "lat": "place.lat",
    "latitude": "place.lat",
    "lon": "place.lon",
    "lng": "place.lon",
    "longitude": "place.lon",
    "actor": "actors.0.name",
    "actors": "actors.0.name",
    "role": "actors.0.role",
    "source": "sources",
    "tag": "tags",
    "participant": "participants",
}
MAX_COLUMNS = 500
MAX_NAME = 100
MAX_MAPPING = 4_000
_PATH = re.compile(
    rf"(?:{'|'.join((*TEXTS, *DATES, *LISTS))})"
    rf"|place\.(?:{'|'.join(OF_PLACE)})"
    rf"|actors\.[0-9]{{1,3}}\.(?:{'|'.join(OF_ACTOR)})"
    rf"|sources\.[0-9]{{1,3}}\.(?:{'|'.join(OF_SOURCE)})"
    r"|extra\..{1,100}",
    re.DOTALL,
)
_NUMBERED = re.compile(r"(actors|sources)\.[0-9]")
EXAMPLE = '{"title": "Headline", "dataset": {"literal": "acw"}}'
MEMBERS = (
    f"The members are {', '.join((*TEXTS, *DATES, *LISTS))}, place.name (and {', '.join(OF_PLACE[1:])}), "
    f"actors.0.name (and {', '.join(OF_ACTOR[1:])}), sources.0.title (and "
    f"{', '.join(OF_SOURCE[1:])}), and extra.KEY."
)
_IN_A_ROLE = re.compile(r"(?P<name>.*\S)\s*\((?P<role>[^()]+)\)")
# What an export tells besides what a row has.
DERIVED = {
    *EVENTS.header,
} - {*TEXTS, *DATES, *LISTS, "place", "country", "latitude", "longitude"}


class BadTable(Invalid):
    """A table whose columns cannot be read, or a mapping that does not fit it; nothing was imported."""

    @classmethod
    def because(cls, detail: str, field: str = "mapping") -> BadTable:
        return cls([Flaw((field,), f"bad-{field}", detail)])


class Literal(NamedTuple):
    """What is the same in every row."""

    text: str


# As it is sent: members and columns, either first.
Mapping: TypeAlias = dict[str, Any]


def read_mapping(text: str) -> Mapping:
    """A mapping that is written as JSON. Raises :class:`BadTable`."""
    if len(text) > MAX_MAPPING:
        raise BadTable.because(f"A mapping has at most {MAX_MAPPING} characters.")
    try:
        read = read_json(text)
    except (json.JSONDecodeError, Unsound) as error:
        raise BadTable.because(
            f"The mapping is no JSON ({error}); write such as {EXAMPLE}."
        ) from error
    if not isinstance(read, dict):
        raise BadTable.because(f"The mapping is an object, such as {EXAMPLE}.")
    return read


def _resolved(mapping: Mapping, names: list[str]) -> dict[str, str | Literal]:
    """By the path of a member, its column or its literal."""
    found: dict[str, str | Literal] = {}
    for one, other in mapping.items():
        path, source = _pair(one, other, names)
        if path in found:
            raise BadTable.because(f"The mapping names “{path}” twice.")
        found[path] = source
    return found


def _pair(one: str, other: Any, names: list[str]) -> tuple[str, str | Literal]:
    path = path_of(one)
    match other:
        case str():
            either_way = ((path, other.strip()), (path_of(other), one.strip()))
            readings = {(of, column) for of, column in either_way if of and column in names}
            if len(readings) > 1:
                raise BadTable.because(
                    f"“{one}” and “{other}” are both members and columns. Say which is the column: "
                    f'{{"{one}": {{"column": "{other}"}}}}.'
                )
            if readings:
                return readings.pop()
            odd = f"“{other[:80]}” is no column" if path else f"“{one[:80]}” is no member of a row"
            raise BadTable.because(f"{odd}. The columns are {', '.join(names)}. {MEMBERS}")
        case {"column": str(column), **rest} if path and column.strip() in names and not rest:
            return path, column.strip()
        case {"literal": str(text), **rest} if path and not rest:
            return path, Literal(text.strip())
    raise BadTable.because(
        f"“{one[:80]}”: a member is mapped to the name of a column, or to what is the same in every row, "
        f'{{"literal": "…"}}. {MEMBERS}'
    )


def path_of(name: str) -> str | None:
    """The member that a path or a word for it means, if any."""
    if name.startswith("extra."):
        return name if _PATH.fullmatch(name) else None
    folded = re.sub(r"[\s-]+", "_", name.strip().casefold())
    # Of a list whose place is not said, the first is meant.
    path = re.sub(r"^(actors|sources)\.(?=[a-z])", r"\1.0.", WORDS.get(folded, folded))
    return path if _PATH.fullmatch(path) else None


class Columns:
    """What the cells of a row of a table fill."""

    def __init__(self, header: list[str], mapping: Mapping | None = None) -> None:
        self.names = _checked(header)
        self.is_export = {*EVENTS.header} <= {*self.names}
        filled = _resolved(mapping or {}, self.names)
        used = {source for source in filled.values() if isinstance(source, str)}
        for name in self.names:
            if name not in used and (path := self._path(name, filled)):
                filled[path] = name
        if missing := [name for name in NEEDED if name not in filled]:
            raise BadTable.because(
                f"No column is named “{missing[0]}”. Name one so, or send a mapping that says which it "
                f'is, {{"{missing[0]}": "its name"}}, or what it is in every row, '
                f'{{"{missing[0]}": {{"literal": "…"}}}}.'
            )
        self._fills = [
            (path, source if isinstance(source, Literal) else self.names.index(source))
            for path, source in filled.items()
        ]
        self._parts: dict[str, set[str]] = {}
        for path in filled:
            member, _, part = path.partition(".")
            if part:
                # Of several actors or sources it is all the same which.
                of_one = part.partition(".")[2] if _NUMBERED.match(path) else part
                self._parts.setdefault(member, set()).add(of_one)
        self._told = {path.partition(".")[0] for path in filled}
        if "participants" in self._told:
            self._told.add("actors")
        # The actors and sources that are told apart, in order.
        numbered = {path.rpartition(".")[0] for path in filled if _NUMBERED.match(path)}
        self._numbered = sorted(numbered, key=lambda one: int(one.rpartition(".")[2]))

    def _path(self, name: str, filled: dict[str, Any]) -> str | None:
        """What a column fills that nobody mapped."""
        if self.is_export and name in DERIVED:
            return None
        path = path_of(name)
        others = (path_of(other) for other in self.names if other != name)
        if name.casefold() == "date" and {*DATES}.intersection(others):
            # Where its words or its EDTF are told, a date is how somebody shows it.
            path = None
        return f"extra.{name}" if path is None or path in filled else path

    def tells(self, *members: str) -> bool:
        """Whether there is a column, or a literal, for one of these members of a row or a part of it."""
        return not self._told.isdisjoint(members)

    def parts(self, member: str) -> set[str]:
        """Of which parts of this member, such as ``lat`` of ``place``, each has a column of its own."""
        return self._parts.get(member, set())

    def record(self, cells: list[str]) -> dict[str, Any]:
        """The row, as JSON has it; what is empty is not in it."""
        said = {
            path: text
            for path, source in self._fills
            if (text := source.text if isinstance(source, Literal) else cells[source].strip())
        }
        data: dict[str, Any] = {name: said[name] for name in (*TEXTS, *DATES) if name in said}
        if self.tells("edtf"):
            # That there is none, is said too.
            data.setdefault("edtf", None)
        if place := _within("place", said):
            data["place"] = place | {
                name: _number(place[name]) for name in ("lat", "lon") if name in place
            }
        actors, sources = self._told_apart(said)
        lists = {
            "actors": [*actors, *_in_roles(said.get("participants", ""))],
            "sources": [*sources, *_found_at(said.get("sources", ""))],
            "tags": _split(said.get("tags", "")),
        }
        data |= {name: found for name, found in lists.items() if found}
        if extra := _within("extra", said):
            data["extra"] = extra
        return data

    def _told_apart(self, said: dict[str, str]) -> tuple[list[Any], list[Any]]:
        actors: list[Any] = []
        sources: list[Any] = []
        for one in self._numbered:
            told = _within(one, said)
            if one.startswith("actors"):
                actors += _named(told)
            elif "url" in told or "title" in told:
                sources.append(told)
        return actors, sources


def _checked(header: list[str]) -> list[str]:
    if len(header) > MAX_COLUMNS:
        raise BadTable.because(f"A table has at most {MAX_COLUMNS} columns.", "header")
    # What stands under no name is kept as well.
    names = [name.strip() or f"column {number}" for number, name in enumerate(header, 1)]
    if long := [name for name in names if len(name) > MAX_NAME]:
        raise BadTable.because(
            f"The name of a column has at most {MAX_NAME} characters: “{long[0][:80]}…”.", "header"
        )
    if twice := [name for name in names if names.count(name) > 1]:
        raise BadTable.because(f"Two columns are named “{twice[0]}”. Rename one.", "header")
    return names


def _within(place: str, said: dict[str, str]) -> dict[str, Any]:
    """What is said of the members of one object."""
    start = f"{place}."
    return {path[len(start) :]: text for path, text in said.items() if path.startswith(start)}


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _number(text: str) -> float | str:
    """What is none stays as it is, to be refused by its name."""
    try:
        return float(text)
    except ValueError:
        return text


def _in_roles(text: str) -> Iterator[dict[str, str]]:
    """Participants as exports tell them."""
    for part in _split(text):
        found = _IN_A_ROLE.fullmatch(part)
        name, role = (found["name"], found["role"]) if found else (part, "")
        if name != NOT_NAMED:
            yield {"name": name} | ({"role": role.replace(" ", "_")} if role else {})


def _found_at(text: str) -> Iterator[dict[str, str]]:
    """Sources, told by their addresses or titles. An address may have a semicolon in it."""
    for part in re.split(r";\s+", text):
        if source := part.strip():
            yield {"url" if source.startswith(("http://", "https://")) else "title": source}


def _named(several: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Actors whose names share a cell, each with all that is told of them together."""
    also: dict[str, Any] = {key: text for key, text in several.items() if key != "name"}
    if "aliases" in also:
        also["aliases"] = _split(also["aliases"])
    for name in _split(several.get("name", "")):
        yield {"name": name, **also}
