"""Tables as they were: a temporary view stands before each table that has changed since.

Both databases look among temporary relations first, so whatever a query asks of the table it asks
of the view, and no query need know. All of it is made in one transaction that is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

BATCH = 500


@contextmanager
def frozen() -> Iterator[None]:
    """A transaction that sees one state of the database and leaves nothing behind.

    It takes no lock: on SQLite one of Django's would keep all writers waiting.
    """
    connection.past_tables = set()
    try:
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            with _deferred():
                yield
        else:
            outermost = not connection.in_atomic_block
            with transaction.atomic():
                if outermost:
                    _execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                yield
                transaction.set_rollback(True)
    finally:
        connection.past_tables = set()


@contextmanager
def _deferred() -> Iterator[None]:
    _execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        _execute("ROLLBACK")


def is_past(table: str) -> bool:
    """Whether queries of this connection now see ``table`` as it was."""
    return table in getattr(connection, "past_tables", ())


def has_past(of: Any = connection) -> bool:
    """Whether queries of this connection now see any table as it was."""
    return bool(getattr(of, "past_tables", ()))


def replace_rows(
    model: type[models.Model], *, gone: str, owner: str, rows: Iterable[models.Model]
) -> None:
    """Let ``model`` be as it is, but with ``rows`` for those whose ``owner`` is ``gone``.

    ``gone`` is a table of keys made by :func:`remember_keys`; ``owner`` a column.
    """
    table = model._meta.db_table
    _execute(f"CREATE TEMP TABLE past_{table} AS SELECT * FROM {_real(table)} WHERE 1 = 0")
    fields = model._meta.concrete_fields
    columns = ", ".join(_quoted(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO past_{table} ({columns}) VALUES ({marks})"
    values = [
        [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
        for row in rows
    ]
    with connection.cursor() as cursor:
        for start in range(0, len(values), BATCH):
            cursor.executemany(insert, values[start : start + BATCH])
    _stand_before(
        table,
        f"SELECT * FROM {_real(table)} AS live WHERE NOT EXISTS "
        f"(SELECT 1 FROM {gone} WHERE {gone}.id = live.{_quoted(owner)}) "
        f"UNION ALL SELECT * FROM past_{table}",
    )


def remember_keys(name: str, keys: Iterable[int]) -> None:
    """Make the table ``name`` of these keys."""
    _execute(f"CREATE TEMP TABLE {name} (id bigint PRIMARY KEY)")
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {name} VALUES (%s)", [(key,) for key in keys])


def keep_first(model: type[models.Model], last: int) -> None:
    """Let ``model`` have no rows with a key beyond ``last``."""
    table = model._meta.db_table
    _stand_before(table, f"SELECT * FROM {_real(table)} WHERE id <= {last:d}")


def _stand_before(table: str, select: str) -> None:
    _execute(f"CREATE TEMP VIEW {table} AS {select}")
    connection.past_tables.add(table)


def _real(table: str) -> str:
    schema = "main" if connection.vendor == "sqlite" else "public"
    return f"{schema}.{_quoted(table)}"


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _execute(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
