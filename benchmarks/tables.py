"""A table of the project, filled as fast as the driver of its database can."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

from timeline.db.dates import DateColumns
from timeline.db.search import SearchTextField

KEPT = 10_000
Row = tuple[Any, ...]


class NotKnown(TypeError):
    """A column has come that the benchmarks do not fill."""


class Table:
    """One table: the columns that rows are given, and what all the others hold."""

    def __init__(self, model: type[models.Model], *given: str) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        self.name = model._meta.db_table
        self.model = model
        rest = {name: _default(field) for name, field in fields.items() if name not in given}
        chosen = [fields[name] for name in given]
        self.columns = [field.column for field in [*chosen, *(fields[name] for name in rest)]]
        self._converted = [
            (place, convert)
            for place, field in enumerate(chosen)
            if (convert := _conversion(field)) is not None
        ]
        self._rest = tuple(
            fields[name].get_db_prep_save(value, connection) for name, value in rest.items()
        )

    def row(self, *values: Any) -> Row:
        row = list(values)
        for place, convert in self._converted:
            row[place] = convert(row[place])
        return (*row, *self._rest)

    def insert(self, rows: list[Row]) -> None:
        """As fast as the database's driver takes them."""
        quote = connection.ops.quote_name
        columns = ", ".join(map(quote, self.columns))
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {quote(self.name)} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                return
            places = ", ".join(["%s"] * len(self.columns))
            cursor.executemany(
                f"INSERT INTO {quote(self.name)} ({columns}) VALUES ({places})", rows
            )


def _conversion(field: Any) -> Callable[[Any], Any] | None:
    """How a value of this field becomes one of the driver's, where it is none already."""
    prepare = partial(field.get_db_prep_save, connection=connection)
    match field:
        case models.UUIDField():
            return None if connection.features.has_native_uuid_field else attrgetter("hex")
        case models.DateTimeField():
            # An event and what comes with it have the same few instants.
            return lru_cache(maxsize=KEPT)(prepare)
        case models.JSONField():
            return prepare
    return None


def _default(field: Any) -> Any:
    derived = isinstance(field, SearchTextField) or field.name in DateColumns._fields
    known = field.null or field.default is not NOT_PROVIDED or field.empty_strings_allowed
    if derived or not known:
        raise NotKnown(f"benchmarks/load.py does not say what {field} holds")
    return field.get_default()
