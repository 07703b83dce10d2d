"""Rows counted by one of their columns."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Aggregate, Count, QuerySet, TextField, Value
from django.db.models.functions import Cast


class Keys(Aggregate):
    """The keys of rows that are counted together, with commas between them."""

    function, output_field = "group_concat", TextField()

    def __init__(self, **which: Any) -> None:
        super().__init__(Cast("pk", TextField()), Value(","), **which)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="string_agg", **context)


def number_by(rows: QuerySet[Any], column: str) -> Counter[Any]:
    """How many rows have each value of ``column``, those without one left out."""
    counts = Counter(dict(rows.order_by().values_list(column).annotate(n=Count("pk"))))
    # Not by a condition, for which SQLite would take the column's own index, however few rows.
    counts.pop(None, None)
    return counts


def different_by(rows: QuerySet[Any], *columns: str) -> Counter[Any]:
    """How many different rows of ``columns`` there are, by the first of them.

    Grouped from distinct rows: an aggregate over distinct values sorts or hashes once more, and
    PostgreSQL each group for itself.
    """
    try:
        sql, params = rows.order_by().values(*columns).distinct().query.sql_with_params()
    except EmptyResultSet:
        return Counter()
    names = ", ".join(f"c{number}" for number in range(len(columns)))
    with connections[rows.db].cursor() as cursor:
        cursor.execute(
            f"WITH found ({names}) AS ({sql}) SELECT c0, COUNT(*) FROM found "  # noqa: S608 - a query of Django's own
            "WHERE c0 IS NOT NULL GROUP BY c0",
            params,
        )
        return Counter(dict(cursor.fetchall()))
