"""Records as rows: which columns there are, and what stands in them.

A list stands in one cell, its items separated by "; ". What is not known is an empty cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from timeline.formats.contract import Context, Record
from timeline.formats.parts import participants, sources
from timeline.formats.text import one_line, web_address

Cell: TypeAlias = str | int | float
Reading: TypeAlias = Callable[[Record, Context], object]
_EXACT_INTEGER = 2**53


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one kind of record, and the members that they are made of, if not of all."""

    name: str
    columns: Mapping[str, Reading]
    reads: tuple[str, ...] = ()

    @property
    def header(self) -> list[str]:
        return list(self.columns)

    def row(self, record: Record, context: Context) -> list[Cell]:
        read = [reading(record, context) for reading in self.columns.values()]
        return [one if type(one) is str else _cell(one) for one in read]


def at(path: str) -> Reading:
    """A column with what stands at a path such as ``place.name``."""
    first, *rest = path.split(".")

    def read(record: Record, context: Context) -> object:
        return record.get(first)

    def read_within(record: Record, context: Context) -> object:
        found: Any = record.get(first)
        for name in rest:
            if not isinstance(found, dict):
                return None
            found = found.get(name)
        return found

    return read_within if rest else read


def members(*names: str) -> dict[str, Reading]:
    """Columns with members of the same names."""
    return {name: at(name) for name in names}


def date(member: str, prefix: str) -> dict[str, Reading]:
    """A date: its text, its words, and the whole extent."""
    return {
        member: at(f"{member}.edtf"),
        f"{prefix}_label": at(f"{member}.label"),
        f"{prefix}_basis": at(f"{member}.basis"),
        f"{prefix}_earliest": at(f"{member}.start.earliest"),
        f"{prefix}_latest": at(f"{member}.end.latest"),
    }


def named(member: str) -> dict[str, Reading]:
    """An actor or a place: its name and its id."""
    return {member: at(f"{member}.name"), f"{member}_id": at(f"{member}.id")}


def titled(member: str) -> dict[str, Reading]:
    """An event or a source: its title and its id."""
    return {member: at(f"{member}.title"), f"{member}_id": at(f"{member}.id")}


def page(resource: str) -> Reading:
    """Where readers find the record."""
    return lambda record, context: context.page(resource, record)


def number(member: str) -> Reading:
    """A decimal, which JSON gives as text, as a number where that loses nothing."""

    def read(record: Record, context: Context) -> object:
        value = record.get(member)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return value
        if not number.is_finite():
            return value
        if number == number.to_integral_value() and abs(number) < _EXACT_INTEGER:
            return int(number)
        return float(number) if Decimal(repr(float(number))) == number else str(value)

    return read


def identifiers(record: Record, context: Context) -> list[str]:
    """Ids elsewhere, each as "scheme:identifier"."""
    known: Mapping[str, object] = record.get("identifiers") or {}
    return [f"{scheme}:{identifier}" for scheme, identifier in sorted(known.items())]


def further_names(actor: Record, context: Context) -> list[str]:
    """What an actor is called besides."""
    return [str(name.get("text")) for name in actor.get("names") or ()]


def names_of_participants(event: Record, context: Context) -> list[str]:
    """Everyone who took part, each as "name (role)"."""
    return list(participants(event))


def source_addresses(event: Record, context: Context) -> list[str]:
    """Where the sources can be read; those that are not on the web, where they are described."""
    cited = sources(event)
    return [web_address(s.get("url")) or context.page("sources", s) for s in cited]


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return "; ".join(one_line(item) for item in value)
    return str(value)
