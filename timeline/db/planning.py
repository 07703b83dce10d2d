"""What planners have to be told."""

from __future__ import annotations

from collections.abc import Container, Iterable
from contextlib import suppress
from copy import copy
from typing import Any

from django.db import OperationalError, connection, models, transaction
from django.db.models.expressions import Col
from django.db.models.lookups import Exact, In
from django.db.models.sql import Query
from django.db.models.sql.datastructures import BaseTable
from django.db.models.sql.where import AND, WhereNode


class Once(models.Subquery):
    """A query within another that is answered once, however few rows the planner expects.

    Where rows have just been written and not been counted, the planner expects one, and would ask
    the inner query anew for each of the thousands that there are.
    """

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        once = "(WITH found AS MATERIALIZED (%(subquery)s) SELECT * FROM found)"
        return self.as_sql(compiler, connection, template=once, **context)


def count_rows(of: Iterable[type[models.Model]]) -> None:
    """Have the planner know these tables as they are now, and not as they last were counted.

    A table that somebody else is counting is left out, and so are all when it takes too long:
    that is no reason to give up the transaction.
    """
    if connection.vendor != "postgresql":
        return
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in of)
    with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ANALYZE (SKIP_LOCKED) {tables}")


class _LedBy(BaseTable):
    """The table of a query, with what SQLite is told of its indexes."""

    told = ""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = super().as_sql(compiler, connection)
        return f"{sql} {self.told}", params


def led_by(rows: models.QuerySet[Any], told: str) -> models.QuerySet[Any]:
    """Have SQLite go by an index, or ``NOT INDEXED`` by the key; PostgreSQL knows by itself."""
    if told and connection.vendor == "sqlite":
        query = rows.query
        alias = query.get_initial_alias()
        table = _LedBy(query.alias_map[alias].table_name, alias)
        table.told = told
        query.alias_map = {**query.alias_map, alias: table}
    return rows


class Each(models.Exists):
    """A condition that is asked of one row after the other, of as many as it takes.

    PostgreSQL would look up beforehand all rows that fit, or sort them all.
    """

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "EXISTS(%(subquery)s OFFSET 0)"
        return self.as_sql(compiler, connection, template=template, **context)


class Among(models.Func):
    """Whether a key is one of those that a query finds: all are found, and each is looked up.

    PostgreSQL may expect many times as many, and would rather read the whole table.
    """

    output_field = models.BooleanField()
    template, arg_joiner = "%(expressions)s", " IN "

    def __init__(self, key: str, keys: models.QuerySet[Any]) -> None:
        found = models.Subquery(keys)
        # Where none is found by what is asked, so it is by this.
        found.empty_result_set_value = NotImplemented
        super().__init__(key, found)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template, joiner = "%(expressions)s)", " = ANY (ARRAY"
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)


def each_asked_apart(query: Query, kept: Container[Any] = ()) -> None:
    """Have each "key is in" but ``kept`` asked of one row after the other.

    SQLite would look up all that fit before it looks at the first row.
    """
    query.where = _asked_apart(query.where, kept)


def _asked_apart(node: WhereNode, kept: Container[Any]) -> WhereNode:
    children = []
    for child in node.children:
        if child in kept:
            children.append(child)
        elif isinstance(child, WhereNode):
            children.append(_asked_apart(child, kept))
        elif isinstance(child, In) and isinstance(child.rhs, Query):
            children.append(_exists(child))
        elif isinstance(child, models.Exists):
            children.append(Each(child.query))
        else:
            children.append(child)
    return WhereNode(children, node.connector, node.negated)


def _exists(condition: In) -> Any:
    rows = condition.rhs.clone()
    if rows.combinator or rows.is_sliced or rows.group_by or not rows.select:
        return condition
    rows.where = _asked_apart(rows.where, ())
    # The name by which the outer row is known there; that of a table is quoted.
    outer = condition.lhs.alias
    renamed = outer != condition.lhs.target.model._meta.db_table
    rows.external_aliases = {**rows.external_aliases, outer: renamed}
    rows.where = _looked_at(rows.where, rows.select[0])
    rows.where.add(Exact(rows.select[0], condition.lhs), AND)
    return Each(rows)


class _LookedAt(models.Func):
    """A pointer that is looked at, and not looked up.

    Of few rows that are known already. PostgreSQL 18 would take an index that begins with this
    pointer, and skip through all that is between it and the key.
    """

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        return (f"({sql} + 0)" if connection.vendor == "postgresql" else sql), params


def _looked_at(node: WhereNode, key: Any) -> WhereNode:
    """The condition, with pointers of the row with ``key`` looked at."""
    children = []
    for child in node.children:
        pointer = getattr(child, "lhs", None)
        if isinstance(child, Exact | In) and isinstance(pointer, Col) and _is_beside(pointer, key):
            asked = copy(child)
            asked.lhs = _LookedAt(pointer, output_field=pointer.output_field)
            children.append(asked)
        else:
            children.append(child)
    return WhereNode(children, node.connector, node.negated)


def _is_beside(pointer: Any, key: Any) -> bool:
    return bool(pointer.alias == key.alias and pointer.target.many_to_one)
