"""Statements that are composed once, and run each time with other values.

To compose a question takes Django longer than the database to answer it. Its slots stand for the
values that differ between one question and the next of the same shape.

On SQLite what stays the same is written into them (:mod:`timeline.db.writing`), and the rows come as
a single one: for each that it fetches the driver gives way to other threads, and waits for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn, Self

from django.core.exceptions import EmptyResultSet
from django.db.models import Field, Func, QuerySet
from orjson import loads

from timeline.db.writing import GIVEN, written

Given = Mapping[str, Any]
# The rows of a statement in a single one of SQLite.
_IN_ONE = "WITH found(columns) AS ({}) SELECT json_group_array(json_array(columns)) FROM found"


class Slot(Func):
    """A value that is given when the statement is run, and that nobody can know before."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        self.name = name
        super().__init__(output_field=field)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # In a query of its own, lest SQLite plan anew for each value.
        return "(SELECT %s)" if connection.vendor == "sqlite" else "%s", [self]

    def of(self, given: Given, connection: Any) -> Any:
        """The value, as the database takes it."""
        return self.output_field.get_db_prep_value(given[self.name], connection)

    def _unknown(self, *_: Any) -> NoReturn:
        raise TypeError(f"What is in the slot “{self.name}” is not known yet.")

    # Whatever were decided by a value would be decided for all others too.
    __iter__ = __contains__ = __int__ = __str__ = _unknown
    __lt__ = __le__ = __gt__ = __ge__ = _unknown


class Statement(NamedTuple):
    """A composed query; what it finds is told as the database has it, and not converted."""

    # Empty if it can find nothing, whatever is given.
    sql: str
    params: tuple[Any, ...] = ()
    # How many columns it has.
    width: int = 0

    @classmethod
    def of(cls, rows: QuerySet[Any]) -> Self:
        compiler = rows.query.get_compiler(rows.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return cls("")
        # Of distinct rows whatever they are sorted by is selected too.
        further, *_ = compiler.pre_sql_setup()
        width, connection = len(compiler.select) + len(further), compiler.connection
        if connection.vendor == "sqlite":
            marked = [GIVEN if isinstance(one, Slot) else one for one in params]
            sql = written(sql, marked, connection)
            params = [one for one in params if isinstance(one, Slot)]
        return cls(sql, tuple(params), width)

    def rows(
        self, given: Given, connection: Any, most: int | None = None, skipped: int = 0
    ) -> list[Sequence[Any]]:
        """The rows, or so many of them after the first few."""
        limit = "" if most is None else f" LIMIT {most:d} OFFSET {skipped:d}"
        return self._rows([given], connection, limit)

    def merged(
        self, asked: list[Given], connection: Any, order: Iterable[str], most: int
    ) -> list[Sequence[Any]]:
        """The first rows of what is found for each of ``asked``, in this order of columns."""
        limit = f" LIMIT {most:d}"
        # SQLite merges the arms as far as it needs them; PostgreSQL has to hold each back.
        arm, held = ("{}", "") if connection.vendor == "sqlite" else ("({})", limit)
        frame = f"{' UNION ALL '.join([arm] * len(asked))} ORDER BY {', '.join(order)}{limit}"
        return self._rows(asked, connection, held, frame)

    def number(self, given: Given, connection: Any, most: int) -> int:
        """How many rows there are, up to so many."""
        counted = "SELECT COUNT(*) FROM ({}) AS found"
        return sum(n for (n,) in self._run([given], connection, f" LIMIT {most:d}", counted))

    def _rows(
        self, asked: list[Given], connection: Any, limit: str, frame: str = "{}"
    ) -> list[Sequence[Any]]:
        if connection.vendor != "sqlite":
            return self._run(asked, connection, limit, frame)
        columns = ", ".join(f"c{at}" for at in range(self.width))
        whole = _IN_ONE.replace("columns", columns).replace("{}", frame)
        return [
            row for (rows,) in self._run(asked, connection, limit, whole) for row in loads(rows)
        ]

    def _run(
        self, asked: list[Given], connection: Any, limit: str, frame: str
    ) -> list[Sequence[Any]]:
        """The rows of a statement that has this one in it, once for each of ``asked``."""
        if not (self.sql and asked):
            return []
        values = [
            one.of(given, connection) if isinstance(one, Slot) else one
            for given in asked
            for one in self.params
        ]
        with connection.cursor() as cursor:
            cursor.execute(frame.replace("{}", f"{self.sql}{limit}"), values)
            return list(cursor.fetchall())
