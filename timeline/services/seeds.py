"""Seed files: records written by hand in TOML, read into values without asking the database.

What is wrong is told all at once, each with its file, record and field.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import models

from timeline.db.dates import read_edtf
from timeline.errors import Flaw, Invalid
from timeline.models import CITED, RECORDS, Citation, Participation, Source, Tag, Term, Versioned
from timeline.models.records import Dated
from timeline.temporal import EdtfError

# In the order in which they are written.
KINDS: tuple[type[Versioned], ...] = (Tag, *RECORDS)
TABLES = {str(model._meta.model_name): model for model in KINDS if model is not Citation}
# The columns of a date, by their names in a seed file.
DATE = {
    "edtf": "date",
    "text": "date_text",
    "basis": "date_basis",
    "note": "date_basis_note",
}
Steps = tuple[str | int, ...]


class BadSeed(Invalid):
    """What a seed file says cannot be recorded."""

    def __init__(self, flaws: list[Flaw]) -> None:
        super().__init__(flaws, "\n".join(flaw.detail for flaw in flaws))


@dataclass(frozen=True, slots=True)
class Reference:
    """Another record, by its key in the seed files or by its id."""

    model: type[models.Model]
    key: str


@dataclass(frozen=True, slots=True)
class TermReference:
    """A word of a vocabulary."""

    vocabulary: str
    code: str


@dataclass(frozen=True, slots=True)
class Seed:
    """One record as a file has it: field names with values, other records as references."""

    file: str
    model: type[Versioned]
    key: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.file}: {self.model._meta.model_name} “{self.key}”"

    def flaw(self, path: Steps, code: str, problem: str) -> Flaw:
        return _flaw(str(self), path, code, problem)


def read_seeds(path: Path) -> list[Seed]:
    """Read a file, or all files under a folder; what is to be written first comes first."""
    files = sorted(path.rglob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise BadSeed([_flaw(str(path), (), "empty", "There is no .toml file in this folder.")])
    reader = _Reader()
    for file in files:
        reader.read_file(file)
    if reader.flaws:
        raise BadSeed(reader.flaws)
    return sorted(reader.seeds.values(), key=lambda seed: KINDS.index(seed.model))


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at what may have been meant, or nothing."""
    close = get_close_matches(word, list(known), n=1)
    return f" Did you mean “{close[0]}”?" if close else ""


def _flaw(where: str, path: Steps, code: str, problem: str) -> Flaw:
    field = ".".join(str(step) for step in path)
    return Flaw(path, code, f"{where}: {field}: {problem}" if field else f"{where}: {problem}")


class _Reader:
    def __init__(self) -> None:
        self.flaws: list[Flaw] = []
        self.seeds: dict[tuple[type[Versioned], str], Seed] = {}
        self.ids: dict[UUID, str] = {}

    def read_file(self, file: Path) -> None:
        try:
            tables = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self.flaws.append(_flaw(str(file), (), "unreadable", f"{error}."))
            return
        for name, rows in tables.items():
            if name not in TABLES:
                problem = f"There is no such kind of record.{nearest(name, TABLES)}"
                self.flaws.append(_flaw(str(file), (name,), "unknown", problem))
            elif not _is_list_of_tables(rows):
                problem = f"Begin each record with [[{name}]]."
                self.flaws.append(_flaw(str(file), (name,), "not-records", problem))
            else:
                for number, row in enumerate(rows, 1):
                    self.read_record(file, TABLES[name], number, row)

    def read_record(
        self, file: Path, model: type[Versioned], number: int, row: dict[str, Any]
    ) -> None:
        key = row.pop("key", None)
        if not isinstance(key, str) or not key:
            where = f"{file}: {model._meta.model_name} number {number}"
            self.flaws.append(_flaw(where, ("key",), "required", "Give it a key, a short word."))
            return
        if model is Tag:
            row.setdefault("slug", key)
        seed = Seed(str(file), model, key, {})
        if (model, key) in self.seeds:
            other = self.seeds[model, key].file
            self.flaws.append(seed.flaw(("key",), "repeated", f"{other} has this key already."))
        self.seeds[model, key] = seed
        _Table(self, seed, file.parent).read_record(row)


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of a file, being read into the values of ``seed``."""

    reader: _Reader
    seed: Seed
    folder: Path

    def read_record(self, row: dict[str, Any]) -> None:
        model, values = self.seed.model, self.seed.values
        citations = self._tables(row, "citations", ()) if model._meta.model_name in CITED else []
        self._cite(citations, str(model._meta.model_name), Reference(model, self.seed.key), ())
        for name in model.PARTS:
            values[name] = self._parts(row, name)
        if "tags" in {field.name for field in model._meta.many_to_many}:
            values["tags"] = self._tags(row)
        if model is Source and "text_file" in row:
            row["text"] = self._text(row.pop("text_file"))
        self._fields(model, row, values, ())

    def complain(self, path: Steps, code: str, problem: str) -> None:
        self.reader.flaws.append(self.seed.flaw(path, code, problem))

    def _fields(
        self,
        model: type[models.Model],
        row: dict[str, Any],
        values: dict[str, Any],
        path: Steps,
        pointers: tuple[str, ...] = (),
    ) -> None:
        """Read ``row`` into ``values``; a field that it does not name gets its default."""
        values["uuid"] = self._id(row.pop("id", None), path)
        if issubclass(model, Dated):
            self._date(row.pop("date", {}), values, (*path, "date"))
        fields = {
            field.name: field
            for field in model._meta.concrete_fields
            if field.editable
            and not field.primary_key
            and field.name not in pointers
            and field.name not in DATE.values()
        }
        for name in row.keys() - fields.keys():
            known = [*fields, "id", *getattr(model, "PARTS", ())]
            self.complain((*path, name), "unknown", f"No such field.{nearest(name, known)}")
        for name, field in fields.items():
            if name in row:
                values[name] = self._value(field, row[name], (*path, name))
            elif isinstance(field, models.ForeignKey) and not field.null:
                self.complain((*path, name), "required", "This has to be given.")
            else:
                values[name] = field.get_default()

    def _value(self, field: Any, value: Any, path: Steps) -> Any:
        wanted: tuple[type, str] | None = None
        match field:
            case models.ForeignKey() | models.CharField() | models.TextField():
                wanted = (str, "text, in quotes")
            case models.BooleanField():
                wanted = (bool, "true or false")
            case models.IntegerField():
                wanted = (int, "a whole number")
            case models.FloatField() | models.DecimalField():
                wanted = (int | float, "a number")  # type: ignore[assignment]
        if wanted and (
            not isinstance(value, wanted[0])
            or (isinstance(value, bool) and not isinstance(field, models.BooleanField))
        ):
            self.complain(path, "wrong-type", f"This is to be {wanted[1]}.")
        elif isinstance(value, datetime) and value.tzinfo is None:
            self.complain(path, "no-zone", "Say in which zone, e.g. by a Z at the end.")
        elif isinstance(field, models.ForeignKey):
            if field.related_model is Term:
                vocabulary: Any = field.get_limit_choices_to()
                return TermReference(vocabulary["vocabulary"], value)
            return Reference(field.related_model, value)
        return value

    def _id(self, value: Any, path: Steps) -> UUID | None:
        where = (*path, "id")
        try:
            uuid = UUID(value)
        except (TypeError, ValueError, AttributeError):
            uuid = None
        if uuid is None or uuid.version != 4:
            problem = f'Give it a random id of its own, such as "{uuid4()}".'
            self.complain(where, "no-id", problem)
            return None
        if uuid in self.reader.ids:
            self.complain(where, "repeated", f"{self.reader.ids[uuid]} has this id already.")
        self.reader.ids[uuid] = str(self.seed)
        return uuid

    def _date(self, given: Any, values: dict[str, Any], path: Steps) -> None:
        if not isinstance(given, dict):
            given = {"edtf": given}
        for name in given.keys() - DATE.keys():
            self.complain((*path, name), "unknown", f"No such field.{nearest(name, DATE)}")
        values["date"] = None
        values["date_text"] = given.get("text", "")
        values["date_basis"] = given.get("basis", "stated")
        values["date_basis_note"] = given.get("note", "")
        # TOML reads 2019-11-07 without quotes as a day of its own.
        edtf = given.get("edtf")
        text = edtf.isoformat() if isinstance(edtf, date) else edtf
        if text is None:
            return
        try:
            values["date"] = read_edtf(text)
        except EdtfError as error:
            self.complain((*path, "edtf"), error.code, f"{error}.")

    def _parts(self, row: dict[str, Any], name: str) -> list[dict[str, Any]]:
        relation = self.seed.model._meta.get_field(name)
        model, owner = relation.related_model, relation.field.name  # type: ignore[union-attr]
        parts = []
        for position, part in enumerate(self._tables(row, name, ())):
            path = (name, position)
            citations = self._tables(part, "citations", path) if model is Participation else []
            values: dict[str, Any] = {}
            self._fields(model, part, values, path, (owner,))  # type: ignore[arg-type]
            self._cite(
                citations, "participation", Reference(Participation, str(values["uuid"])), path
            )
            parts.append(values)
        return parts

    def _cite(
        self, rows: list[dict[str, Any]], pointer: str, target: Reference, path: Steps
    ) -> None:
        """Make a seed of each citation that stands beneath what it is cited for."""
        for number, row in enumerate(rows, 1):
            steps = [str(step) for step in path]
            key = ", ".join(
                [f"{self.seed.model._meta.model_name} {self.seed.key}", *steps, f"{number}"]
            )
            seed = Seed(self.seed.file, Citation, key, {pointer: target})
            self.reader.seeds[Citation, key] = seed
            table = _Table(self.reader, seed, self.folder)
            table._fields(Citation, row, seed.values, (), CITED)

    def _tables(self, row: dict[str, Any], name: str, path: Steps) -> list[dict[str, Any]]:
        rows = row.pop(name, [])
        if _is_list_of_tables(rows):
            return rows  # type: ignore[no-any-return]
        self.complain((*path, name), "wrong-type", "This is to be a list of tables.")
        return []

    def _tags(self, row: dict[str, Any]) -> list[Reference]:
        slugs = row.pop("tags", [])
        if not isinstance(slugs, list) or not all(isinstance(slug, str) for slug in slugs):
            self.complain(("tags",), "wrong-type", "This is to be a list of slugs, in quotes.")
            return []
        return [Reference(Tag, slug) for slug in slugs]

    def _text(self, name: Any) -> str:
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, TypeError, UnicodeDecodeError) as error:
            self.complain(("text_file",), "unreadable", f"{error}.")
            return ""


def _is_list_of_tables(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
