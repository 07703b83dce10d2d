"""Many rows of a table at once, as fast as the driver of its database takes them.

A row holds what ``save()`` would have written: what is derived is derived by the same functions,
and what is not given is the field's default.
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from django.db import connection, models

from timeline.db.dates import DateColumns, Derived, EdtfField, OfEvent, date_columns
from timeline.db.search import SearchTextField
from timeline.temporal import Edtf

Row = tuple[Any, ...]

# KiB of the file that SQLite keeps in memory while much is written; by itself it keeps 2,000.
MUCH = 14_000
# After so many objects Python looks for those that only know each other; by itself after 700.
SELDOM = 10_000
# So many rows SQLite is given in one statement: after each its index of words, which is filled
# by a trigger, writes what it has gathered.
AT_ONCE = 50
# The digits that stand for "as RFC 9562 has it" in a UUID.
VARIANTS = "89ab"


@contextmanager
def much_to_write() -> Iterator[None]:
    """Give SQLite room for the pages of all the indexes, which new rows touch at random.

    Rows are no garbage: Python looks for some only after making as much as comes in at once.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(SELDOM, *thresholds[1:])
    try:
        with _room_for_pages():
            yield
    finally:
        gc.set_threshold(*thresholds)


@contextmanager
def _room_for_pages() -> Iterator[None]:
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


def new_uuids() -> Iterator[str]:
    """Random public ids, as text; many at once, for there are several in a row."""
    while True:
        digits = os.urandom(16 * AT_ONCE).hex()
        for start in range(0, len(digits), 32):
            one = digits[start : start + 32]
            variant = VARIANTS[int(one[16], 16) % 4]
            yield f"{one[:8]}-{one[8:12]}-4{one[13:16]}-{variant}{one[17:20]}-{one[20:]}"


class Table:
    """The table of ``model``: of a new row the columns ``given`` are told, in this order.

    ``alike`` are columns in which all new rows are the same. Without ``given`` it is all others.
    A row that belongs to an event is given the event's ``date``, as its last. Keys are given where
    others are to point to the row.
    """

    def __init__(self, model: type[models.Model], *given: str, **alike: Any) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        texts = [name for name, field in fields.items() if isinstance(field, SearchTextField)]
        of_date = [name for name, field in fields.items() if isinstance(field, Derived | OfEvent)]
        known = {*of_date, *texts, *alike}
        self.given = given or tuple(name for name in fields if name not in known)
        told = [name for name in self.given if name in fields]
        same = [name for name in fields if name not in {"id", *told, *of_date, *texts}]

        self._name = model._meta.db_table
        self._columns = [fields[name].column for name in (*same, *told, *of_date, *texts)]
        self._prepared = [
            (place, prepare)
            for place, name in enumerate(told)
            if (prepare := _preparation(fields[name]))
        ]
        self._date = self.given.index("date") if of_date else 0
        self._is_of_event = bool(of_date) and "date" not in fields
        self._of_date = itemgetter(*map(DateColumns._fields.index, of_date)) if of_date else None
        # What is not given is the default, in which there are no words.
        self._texts = [
            (fields[name].words_of, [told.index(one) for one in fields[name].of if one in told])
            for name in texts
        ]
        self._same = [
            _plain(fields[name], alike[name] if name in alike else fields[name].get_default())
            for name in same
        ]

    def insert(self, rows: Sequence[Row]) -> None:
        """Write these rows."""
        if rows:
            self._write(map(self._row, rows))

    def _row(self, given: Row) -> list[Any]:
        row = list(given)
        if self._of_date:
            row += self._of_date(date_columns(row[self._date]))
            if self._is_of_event:
                del row[self._date]
        words = [words_of(*[row[place] for place in places]) for words_of, places in self._texts]
        for place, prepare in self._prepared:
            row[place] = prepare(row[place])
        return row + words

    def new_keys(self, number: int) -> list[int]:
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

    def _write(self, rows: Iterator[list[Any]]) -> None:
        quote = connection.ops.quote_name
        table, columns = quote(self._name), ", ".join(map(quote, self._columns))
        with connection.cursor() as cursor, connection.wrap_database_errors:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(self._same + row)
                return
            row = f"({', '.join('?' * (len(self._columns) - len(self._same)))})"
            insert = (
                f"INSERT INTO {table} ({columns}) "  # noqa: S608 - names of a model, no values
                f"SELECT {'?, ' * len(self._same)}* FROM (VALUES {row}"
            )
            # The driver itself: Django would look for its own marks in so long a statement.
            driver = connection.connection
            while some := list(islice(rows, AT_ONCE)):
                if len(some) == AT_ONCE:
                    many = f"{insert}{f', {row}' * (AT_ONCE - 1)})"
                    driver.execute(many, [*self._same, *chain.from_iterable(some)])
                else:
                    # Each number of rows would be one more statement that the driver keeps.
                    driver.executemany(f"{insert})", [self._same + row for row in some])


def _preparation(field: Any) -> Callable[[Any], Any] | None:
    """How a value of this field becomes one of the driver's, where it is none already."""
    match field:
        case models.UUIDField():
            return None if connection.features.has_native_uuid_field else _hex
        case models.JSONField():
            return json.JSONEncoder().encode
        case EdtfField():
            return _text
        case models.DateTimeField() | models.FloatField():
            return partial(field.get_db_prep_save, connection=connection)
    return None


def _hex(uuid: Any) -> str:
    return str(uuid).replace("-", "")


def _text(date: Edtf | None) -> str | None:
    return None if date is None else date.text


def _plain(field: Any, value: Any) -> Any:
    """A value that many rows have, as the driver takes it soonest: not as a choice of many."""
    if isinstance(field, models.JSONField):
        return json.dumps(value)
    value = field.get_db_prep_save(value, connection)
    return str(value) if isinstance(value, str) else value
