"""JSON written by the database: expressions whose value is the text of a JSON value.

Texts and not the databases' own JSON functions, since SQLite's forget what is JSON whenever rows
are sorted, and PostgreSQL's read again what is stored as JSON already. A text is joined, and no
value in it is read twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Func, Subquery, TextField

from timeline.db.writing import GIVEN


class _Text(Func):
    """An SQL expression of text; a template may hold ``{}`` for its only argument."""

    output_field = TextField()
    sqlite = postgresql = "{}"

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        template = getattr(self, connection.vendor)
        return template.replace("{}", column), [*params] * template.count("{}")


class TextJson(_Text):
    """A text or NULL as JSON."""

    sqlite = "json_quote({})"
    postgresql = "COALESCE(to_json({})::text, 'null')"


class IntegerJson(_Text):
    """A whole number or NULL as JSON."""

    sqlite = "COALESCE({}, 'null')"
    postgresql = "COALESCE({}::text, 'null')"


class FlagJson(_Text):
    """True or false as JSON."""

    sqlite = postgresql = "CASE WHEN {} THEN 'true' ELSE 'false' END"


class FloatJson(_Text):
    """A number or NULL as JSON, in as many digits as tell it from every other number."""

    sqlite = (
        # To printf NULL is a zero.
        "CASE WHEN {} IS NULL THEN 'null' "
        "WHEN CAST(printf('%%!.15g', {}) AS REAL) = {} THEN printf('%%!.15g', {}) "
        "ELSE printf('%%!.17g', {}) END"
    )
    postgresql = "COALESCE(to_json({})::text, 'null')"


class UuidJson(_Text):
    """A public id as JSON."""

    sqlite = (
        "concat('\"', substr({}, 1, 8), '-', substr({}, 9, 4), '-', substr({}, 13, 4), "
        "'-', substr({}, 17, 4), '-', substr({}, 21), '\"')"
    )
    postgresql = "'\"' || {} || '\"'"


class InstantJson(_Text):
    """An instant or NULL as JSON: RFC 3339 in UTC, with microseconds where there are any."""

    sqlite = "COALESCE('\"' || replace({}, ' ', 'T') || 'Z\"', 'null')"
    postgresql = (
        "COALESCE('\"' || replace(to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), "
        "'.000000', '') || 'Z\"', 'null')"
    )


class StoredJson(_Text):
    """What is stored as JSON, as it is."""

    postgresql = "{}::text"


# How a column of each kind is written; whatever is of none of them is a text.
KINDS: dict[type[models.Field], type[_Text]] = {
    models.UUIDField: UuidJson,
    models.DateTimeField: InstantJson,
    models.FloatField: FloatJson,
    models.BooleanField: FlagJson,
    models.JSONField: StoredJson,
    models.IntegerField: IntegerJson,
}


def column_json(field: models.Field, path: str) -> _Text:
    """The value of the column ``field``, which is reached by ``path``, as JSON."""
    kinds = (written for kind, written in KINDS.items() if isinstance(field, kind))
    return next(kinds, TextJson)(path)


class Joined(Func):
    """Texts in a row: expressions, and strings that stand as they are. None of them is NULL."""

    output_field = TextField()

    def __init__(self, *parts: Any) -> None:
        self.parts = [part if isinstance(part, str) else None for part in parts]
        super().__init__(*(part for part in parts if not isinstance(part, str)))

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        compiled = (compiler.compile(one) for one in self.source_expressions)
        pieces, values = [], []
        for part in self.parts:
            sql, params = (_literal(part), ()) if part is not None else next(compiled)
            pieces.append(sql)
            values += params
        # Each text is copied once; but of more than 100 PostgreSQL knows no function.
        while len(pieces) > 100:
            groups = (pieces[at : at + 100] for at in range(0, len(pieces), 100))
            pieces = [f"concat({', '.join(group)})" for group in groups]
        return f"concat({', '.join(pieces)})", values


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


class JoinedRows(Subquery):
    """The values ``told`` of rows in their order, as texts in a row; each after a comma."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # A sorted row source stays sorted under group_concat.
        template = "(SELECT COALESCE(group_concat(',' || told, ''), '') FROM (%(subquery)s))"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(SELECT COALESCE(string_agg(',' || told, ''), '') FROM (%(subquery)s) AS rows)"
        return self.as_sql(compiler, connection, template=template, **context)


class ListedRows(Subquery):
    """The values ``told`` of rows in their order, as a list."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        joined = "string_agg" if connection.vendor == "postgresql" else "group_concat"
        template = f"(SELECT concat('[', {joined}(told, ','), ']') FROM (%(subquery)s) AS rows)"
        return super().as_sql(compiler, connection, template=template, **context)


class WithoutComma(_Text):
    """Joined rows without the comma before the first."""

    sqlite = postgresql = "substr({}, 2)"


class IsOneOf(Func):
    """Whether a key is among those that are given when the statement is run.

    One parameter for all of them, so that the statement is the same for every page.
    """

    output_field = models.BooleanField()

    def __init__(self, column: Any, keys: Any = GIVEN) -> None:
        self.keys = keys
        super().__init__(column)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, self.keys]

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        # The keys in a text, like SQLite's.
        return f"{column} = ANY (%s::bigint[])", [*params, self.keys]


def written_keys(keys: Iterable[int], vendor: str) -> str:
    """Keys in a text, as :class:`IsOneOf` takes them."""
    text = ",".join(map(str, keys))
    return f"{{{text}}}" if vendor == "postgresql" else f"[{text}]"


class IsGiven(Func):
    """Whether a column holds the value that is given when the statement is run."""

    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        # In a query of its own, lest SQLite plan anew for each value.
        given = "(SELECT %s)" if connection.vendor == "sqlite" else "%s"
        return f"{column} = {given}", [*params, GIVEN]


class ByCodePoint(_Text):
    """A text to sort by, as Python sorts texts, whatever the collation of the database."""

    sqlite = "{} COLLATE BINARY"
    postgresql = '{} COLLATE "C"'
