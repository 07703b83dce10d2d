"""Full text search, the same on both databases: FTS5 on SQLite, tsvector and GIN on PostgreSQL.

A searchable model has a column ``search_text`` of tokens (:mod:`timeline.db.words`), derived
when it is saved.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connections, models
from django.db.models import BigIntegerField, BooleanField, F, Func

from timeline.db.operations import OfModel
from timeline.db.past import is_past
from timeline.db.words import GRADES, SHORT_TEXT, Term, graded, indexed, of_grade


class SearchTextField(models.TextField):
    """The tokens of other columns of the same row, for the index.

    With ``ranked``, what is prominent among them is told once more behind them.
    """

    def __init__(
        self, *args: Any, of: tuple[str, ...] = (), ranked: bool = False, **kwargs: Any
    ) -> None:
        # No matter of the column, and so of no migration.
        self.of, self.ranked = of, ranked
        kwargs.update(editable=False, default="", blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("editable", "default", "blank"):
            kwargs.pop(implied, None)
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.words_of(*(getattr(model_instance, name) for name in self.of))
        setattr(model_instance, self.attname, value)
        return value

    def words_of(self, *texts: Any) -> str:
        """The tokens of these texts, or lists of texts."""
        flat = (" ".join(map(str, t)) if isinstance(t, list) else t or "" for t in texts)
        return graded(indexed(*flat)) if self.ranked else indexed(*flat)


def _fts5(term: Term) -> str:
    # The tokens hold letters and digits only, so the quotes cannot be broken out of.
    return f'"{" ".join(term.tokens)}"' + ("*" if term.prefix else "")


def _tsquery(term: Term) -> str:
    return " & ".join(term.tokens) + (":*" if term.prefix else "")


class Matches(Func):
    """Whether the row's words hold any of ``terms``."""

    output_field = BooleanField()

    def __init__(self, model: type[models.Model], terms: list[Term], path: str = "") -> None:
        self.table, self.terms = model._meta.db_table, terms
        super().__init__(F(f"{path}pk"), F(f"{path}search_text"))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        if is_past(self.table):
            return self._read(compiler)
        key, params = compiler.compile(self.source_expressions[0])
        query = " OR ".join(map(_fts5, self.terms))
        sql = f"{key} IN (SELECT rowid FROM {self.table}_fts WHERE {self.table}_fts MATCH %s)"
        return sql, [*params, query]

    def _read(self, compiler: Any) -> Any:
        """Look into each row: the index knows the words of today."""
        column, params = compiler.compile(self.source_expressions[1])
        tests = [f"instr(' ' || {column} || ' ', %s) > 0" for _ in self.terms]
        values = [value for term in self.terms for value in (*params, _in_a_row(term))]
        return f"({' OR '.join(tests)})", values

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[1])
        tests, values = [], []
        for term in self.terms:
            # The index is on this very expression.
            test = f"to_tsvector('simple', {column}) @@ to_tsquery('simple', %s)"
            values += [*params, _tsquery(term)]
            if len(term.tokens) > 1:
                # The index finds the words; that they stand in a row is read in the text, for a
                # tsvector forgets the places of a word after its 256th and of all after 16,383.
                test += f" AND strpos(' ' || {column} || ' ', %s) > 0"
                values += [*params, _in_a_row(term)]
            tests.append(f"({test})")
        return f"({' OR '.join(tests)})", values


def frequency(model: type[models.Model], term: Term, most: int) -> int:
    """In how many rows' own words ``term`` is, up to ``most``, without a look at the rows.

    SQLite counts them in its index; to PostgreSQL's planner they are about so many.
    """
    table, connection = model._meta.db_table, connections[model._base_manager.db]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            found = "to_tsvector('simple', search_text) @@ to_tsquery('simple', %s)"
            cursor.execute(
                f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {table} WHERE {found}", [_tsquery(term)]
            )
            ((plan,),) = cursor.fetchone()
            return min(int(plan["Plan"]["Plan Rows"]), most)
        found = f"SELECT 1 FROM {table}_fts WHERE {table}_fts MATCH %s LIMIT {most:d}"
        cursor.execute(f"SELECT COUNT(*) FROM ({found})", [_fts5(term)])
        return int(cursor.fetchone()[0])


class Holds(Func):
    """Whether the row's words hold ``term``, read in the row and not in the index."""

    output_field = BooleanField()

    def __init__(self, term: Term) -> None:
        self.term = term
        super().__init__(F("search_text"))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self._in("instr", compiler)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self._in("strpos", compiler)

    def _in(self, function: str, compiler: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        return f"{function}(' ' || {column} || ' ', %s) > 0", [*params, _in_a_row(self.term)]


def _in_a_row(term: Term) -> str:
    """The tokens as they stand in ``search_text`` between spaces."""
    return " " + " ".join(term.tokens) + ("" if term.prefix else " ")


class Rank(Func):
    """How often ``terms`` stand in the row's words, for the length of the text, in millionths.

    It hangs on this row alone: what weighs words by how rare they are among all rows, as BM25
    does, would tell readers about rows that they may not see.
    """

    output_field = BigIntegerField()

    def __init__(self, terms: list[Term]) -> None:
        self.terms = terms
        super().__init__(F("search_text"))

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        text = f"(' ' || {column} || ' ')"
        counts, values = [], []
        for term in self.terms:
            sought = _in_a_row(term)
            counts.append(
                f"CAST(LENGTH({text}) - LENGTH(REPLACE({text}, %s, '')) AS BIGINT) "
                f"* 1000000 / {len(sought)}"
            )
            values += [*params, *params, sought]
        # What is prominent is told behind the text, and is no part of its length.
        position = "instr" if connection.vendor == "sqlite" else "strpos"
        length = f"{position}({column} || ' x', ' x') - 1"
        return f"(({' + '.join(counts)}) / ({length} + {SHORT_TEXT}))", [*values, *params]


class Prominent(NamedTuple):
    """Rows that a term fits well: whatever ranks at least at ``floor`` is among them."""

    keys: list[int]
    floor: int
    # Whether the index knows no more.
    are_all: bool


def prominent(model: type[models.Model], term: Term, most: int) -> Prominent | None:
    """The rows in which ``term`` is prominent, those of the best grades, ``most`` of them.

    Nothing when the index cannot tell.
    """
    field: Any = model._meta.get_field("search_text")
    table = model._meta.db_table
    if not field.ranked or term.prefix or is_past(table):
        return None
    connection = connections[model._base_manager.db]
    select = PROMINENT[connection.vendor]
    grades = range(len(GRADES), 0, -1)
    statement = " UNION ALL ".join(select.format(table=table, grade=grade) for grade in grades)
    sought = [of_grade(grade, term) for grade in grades]
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {most:d}", sought)
        rows = cursor.fetchall()
    are_all = len(rows) < most
    # Of the last grade there may be more.
    least = 1 if are_all else rows[-1][1] + 1
    keys = [key for key, grade in rows if grade >= least]
    return Prominent(keys, GRADES[least - 1] if least <= len(GRADES) else MOST_RELEVANT, are_all)


MOST_RELEVANT = 1_000_000
# One grade after the other, until there are enough. To PostgreSQL a few of many rows look as if
# they were found soonest by reading all; what is materialized is planned without that.
PROMINENT = {
    "sqlite": "SELECT rowid, {grade} FROM {table}_fts WHERE {table}_fts MATCH %s",
    "postgresql": (
        "(WITH found AS MATERIALIZED (SELECT id FROM {table} WHERE "
        "to_tsvector('simple', search_text) @@ to_tsquery('simple', %s)) "
        "SELECT id, {grade} FROM found)"
    ),
}


class SearchIndex(OfModel):
    """The index on ``search_text`` of a model."""

    def made(self, app_label: str, state: Any, vendor: str) -> list[str]:
        return _create(self.table(app_label, state), vendor)

    def unmade(self, app_label: str, state: Any, vendor: str) -> list[str]:
        return _drop(self.table(app_label, state), vendor)

    def describe(self) -> str:
        return f"Index the words of {self.model}"


class KeepSearchIndex(SearchIndex):
    """What stands before and after a change of columns, lest the index miss what comes then.

    To change columns SQLite makes the table anew, and forgets its triggers.
    """

    def made(self, app_label: str, state: Any, vendor: str) -> list[str]:
        if vendor != "sqlite":
            return []
        table = self.table(app_label, state)
        forget = [one.replace("TRIGGER", "TRIGGER IF EXISTS") for one in _drop_triggers(table)]
        return [*forget, *_create_triggers(table)]

    unmade = made

    def describe(self) -> str:
        return f"Keep the index of the words of {self.model}"


def _create(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"CREATE INDEX {table}_words ON {table} USING gin (to_tsvector('simple', search_text))"
        ]
    return [
        (
            f"CREATE VIRTUAL TABLE {table}_fts USING fts5(search_text, content='{table}', "
            "content_rowid='id', tokenize='ascii')"
        ),
        f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')",
        *_create_triggers(table),
    ]


def _create_triggers(table: str) -> list[str]:
    add = f"INSERT INTO {table}_fts(rowid, search_text) VALUES (new.id, new.search_text);"
    drop = (
        f"INSERT INTO {table}_fts({table}_fts, rowid, search_text) "
        "VALUES ('delete', old.id, old.search_text);"
    )
    return [
        f"CREATE TRIGGER {table}_fts_insert AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {table}_fts_delete AFTER DELETE ON {table} BEGIN {drop} END",
        (
            f"CREATE TRIGGER {table}_fts_update AFTER UPDATE OF search_text ON {table} "
            f"WHEN old.search_text <> new.search_text BEGIN {drop} {add} END"
        ),
    ]


def _drop(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP INDEX {table}_words"]
    return [*_drop_triggers(table), f"DROP TABLE {table}_fts"]


def _drop_triggers(table: str) -> list[str]:
    return [f"DROP TRIGGER {table}_fts_{when}" for when in ("insert", "delete", "update")]
