"""Many rows of a table at once, as fast as the driver of its database takes them.

A row holds what ``save()`` would have written: what is derived is derived by the same functions,
and what is not given is the field's default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any

from django.db import connection, models

from timeline.db.dates import DateColumns, Derived, EdtfField, OfEvent, date_columns
from timeline.db.search import SearchTextField

Row = tuple[Any, ...]

# KiB of the file that SQLite keeps in memory while much is written; by itself it keeps 2,000.
MUCH = 16_000


@contextmanager
def much_to_write() -> Iterator[None]:
    """Give SQLite room for the pages of all the indexes, which new rows touch at random."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute(f"PRAGMA cache_size = -{MUCH}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")
            cursor.execute("PRAGMA shrink_memory")


class Table:
    """The table of ``model``; ``alike`` are columns in which all its new rows are the same."""

    def __init__(self, model: type[models.Model], **alike: Any) -> None:
        fields = model._meta.concrete_fields
        self._name = model._meta.db_table
        self._columns = [field.column for field in fields]
        self._in_order = itemgetter(*(field.attname for field in fields))
        self._of_date = [
            (field.attname, DateColumns._fields.index(field.attname))
            for field in fields
            if isinstance(field, Derived | OfEvent)
        ]
        self._of_texts = [field for field in fields if isinstance(field, SearchTextField)]
        self._blank = {
            field.attname: field.get_db_prep_save(
                alike.get(field.attname, field.get_default()), connection
            )
            for field in fields
        }
        self._prepared = [
            (field.attname, prepare)
            for field in fields
            if field.attname not in alike and (prepare := _preparation(field))
        ]

    def insert(self, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Write a row of each of these columns; their keys.

        A row that belongs to an event is given the event's ``date``.
        """
        if not rows:
            return []
        keys = self._new_keys(len(rows))
        self._write(map(self._row, keys, rows))
        return keys

    def _row(self, key: int, values: Mapping[str, Any]) -> Row:
        row = {**self._blank, **values, "id": key}
        if self._of_date:
            derived = date_columns(values.get("date"))
            for name, place in self._of_date:
                row[name] = derived[place]
        for field in self._of_texts:
            row[field.attname] = field.words_of(*map(row.__getitem__, field.of))
        for name, prepare in self._prepared:
            if name in values:
                row[name] = prepare(row[name])
        return self._in_order(row)

    def _new_keys(self, number: int) -> list[int]:
        """Keys that no row has or had."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    [self._name, number],
                )
                return [key for (key,) in cursor.fetchall()]
            # Whoever writes is alone, and AUTOINCREMENT goes on after keys that were given.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self._name])
            (last,) = cursor.fetchone() or (0,)
        return list(range(last + 1, last + 1 + number))

    def _write(self, rows: Iterable[Row]) -> None:
        quote = connection.ops.quote_name
        table, columns = quote(self._name), ", ".join(map(quote, self._columns))
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                copying = cursor.copy(f"COPY {table} ({columns}) FROM STDIN")
                with connection.wrap_database_errors, copying as copy:
                    for row in rows:
                        copy.write_row(row)
                return
            places = ", ".join(["%s"] * len(self._columns))
            insert = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - of models
            cursor.executemany(insert, rows)


def _preparation(field: Any) -> Callable[[Any], Any] | None:
    """How a value of this field becomes one of the driver's, where it is none already."""
    match field:
        case models.UUIDField():
            return None if connection.features.has_native_uuid_field else attrgetter("hex")
        case models.JSONField():
            return partial(connection.ops.adapt_json_value, encoder=field.encoder)
        case EdtfField() | models.DateTimeField() | models.FloatField():
            return partial(field.get_db_prep_save, connection=connection)
    return None
