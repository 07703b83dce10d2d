"""Rows compared as a whole, by one column after the other (SQL:1999, row value constructors)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Func, Value


class ComesAfter(Func):
    """Whether the values of ``columns`` come after ``values``, or before them if it goes ``down``.

    Both databases walk an index of these columns from there, however many rows have the same first
    value. A value may be an expression.
    """

    output_field = models.BooleanField()

    def __init__(self, columns: tuple[str, ...], values: tuple[Any, ...], *, down: bool) -> None:
        self.values, self.down = values, down
        super().__init__(*columns)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        columns = self.source_expressions
        given = [
            value if hasattr(value, "as_sql") else Value(value, output_field=column.output_field)
            for column, value in zip(columns, self.values, strict=True)
        ]
        (ours, held), (theirs, told) = (self._row(compiler, some) for some in (columns, given))
        return f"{ours} {'<' if self.down else '>'} {theirs}", [*held, *told]

    @staticmethod
    def _row(compiler: Any, expressions: list[Any]) -> tuple[str, list[Any]]:
        written = [compiler.compile(one) for one in expressions]
        params = [param for _, some in written for param in some]
        return f"({', '.join(sql for sql, _ in written)})", params
