"""The triggers that take events off the tallies and set them aside, before anything changes.

On SQLite they are asked row by row. So they are on PostgreSQL of what changes or goes; but what
comes, comes by the thousand, and is told once it is there.
"""

# ruff: noqa: S608 - the statements are put together from the constants of this module
from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.migrations.operations.base import Operation

from timeline.db.tallies import count

_OWN, _PART = "SELECT {row}.id AS event", "SELECT {row}.event_id AS event"
# What values hang on: of which tables which columns, and whose events change with a row.
WATCHED = {
    "timeline_event": (
        (
            *("publication", "kind_id", "place_id", "status", "assessment", "undated", "date_set"),
            *("date_uncertain", "start_min", "start_max", "end_min", "end_max"),
        ),
        _OWN,
    ),
    "timeline_event_tags": (("event_id", "tag_id"), _PART),
    "timeline_participation": (("event_id", "actor_id", "role_id"), _PART),
    "timeline_citation": (("event_id", "source_id", "publication"), _PART),
}
# What a few values hang on besides: its columns, these values, and which rows lead to the events,
# of which there may be a hundred thousand. They are counted anew, and not set aside.
BEHIND = {
    "timeline_actor": (
        ("publication", "protected"),
        ("role",),
        "timeline_participation",
        "actor_id",
    ),
    "timeline_source": (
        ("publication", "publisher"),
        ("publisher",),
        "timeline_citation",
        "source_id",
    ),
}
PARTS = [table for table, (_, events) in WATCHED.items() if events == _PART]
# What is new is on no tally yet.
ALL_ASIDE = "INSERT INTO timeline_aside SELECT id, true FROM timeline_event"


class Trigger(NamedTuple):
    """A trigger, by what is done when; ``told`` are the events that it is about."""

    name: str
    when: str
    done: str
    told: str = ""

    def made(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [f"CREATE TRIGGER {self.name} {self.when} BEGIN {self.done}; END"]
        told = f"DECLARE told bigint[] := ARRAY({self.told}); " if self.told else ""
        return [
            (
                f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ {told}BEGIN {self.done}; RETURN COALESCE(NEW, OLD); END $$"
            ),
            f"CREATE TRIGGER {self.name} {self.when} EXECUTE FUNCTION {self.name}()",
        ]

    def dropped(self, vendor: str) -> str:
        if vendor == "sqlite":
            return f"DROP TRIGGER IF EXISTS {self.name}"
        return f"DROP FUNCTION IF EXISTS {self.name}() CASCADE"


class Tallies(Operation):
    """The tables of tallies, filled, and the triggers.

    To change columns SQLite makes a table anew and forgets its triggers: such a migration ends
    with this once more.
    """

    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self.database_backwards(app_label, schema_editor, from_state, to_state)
        vendor = schema_editor.connection.vendor
        for statement in (
            *_tables(vendor),
            *(sql for one in triggers(vendor) for sql in one.made(vendor)),
        ):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for trigger in triggers(schema_editor.connection.vendor):
            schema_editor.execute(trigger.dropped(schema_editor.connection.vendor), params=None)
        for table in ("timeline_aside", "timeline_tally"):
            schema_editor.execute(f"DROP TABLE IF EXISTS {table}", params=None)

    def describe(self) -> str:
        return "Keep tallies of public events"


def _tables(vendor: str) -> list[str]:
    # SQLite keeps rows in the order of a number, unless it is told not to have one.
    in_order = " WITHOUT ROWID" if vendor == "sqlite" else ""
    return [
        (
            "CREATE TABLE timeline_tally (what varchar(10) NOT NULL, id bigint NOT NULL, word "
            "varchar(500) NOT NULL, number bigint NOT NULL, PRIMARY KEY (what, id, word))"
            f"{in_order}"
        ),
        "CREATE TABLE timeline_aside (event bigint PRIMARY KEY, is_new boolean NOT NULL)",
        count("+", "IS NOT NULL"),
    ]


def triggers(vendor: str) -> list[Trigger]:
    differ = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    made = []
    for table, (columns, events) in WATCHED.items():
        changed = _changed(columns, differ)
        update = f"BEFORE UPDATE OF {', '.join(columns)} ON {table} FOR EACH ROW WHEN ({changed})"
        made.append(Trigger(f"{table}_changes", update, _set_aside(events, "OLD", "NEW")))
        delete = f"BEFORE DELETE ON {table} FOR EACH ROW"
        made.append(Trigger(f"{table}_goes", delete, _set_aside(events, "OLD")))
    return made + (_on_postgresql() if vendor == "postgresql" else _on_sqlite())


def _changed(columns: Iterable[str], differ: str, before: str = "OLD", after: str = "NEW") -> str:
    return " OR ".join(f"{before}.{name} {differ} {after}.{name}" for name in columns)


def _set_aside(events: str, *rows: str) -> str:
    """Set aside the events that hang on these rows."""
    found = " UNION ".join(events.format(row=row) for row in rows)
    return (
        f"INSERT INTO timeline_aside SELECT event, false FROM ({found}) AS found "
        "WHERE event IS NOT NULL ON CONFLICT DO NOTHING"
    )


def _on_sqlite() -> list[Trigger]:
    parts = [
        Trigger(
            f"{table}_comes",
            f"BEFORE INSERT ON {table} FOR EACH ROW",
            _set_aside(_PART, "NEW"),
        )
        for table in PARTS
    ]
    return [
        *parts,
        *_behind_on_sqlite(),
        Trigger(
            "timeline_event_comes",
            "AFTER INSERT ON timeline_event FOR EACH ROW",
            "INSERT INTO timeline_aside VALUES (NEW.id, true) ON CONFLICT DO NOTHING",
        ),
        Trigger(
            "timeline_aside_comes",
            "AFTER INSERT ON timeline_aside FOR EACH ROW WHEN (NOT NEW.is_new)",
            count("-", "= NEW.event"),
        ),
    ]


def _behind_on_sqlite() -> list[Trigger]:
    """Off the tallies before each row comes, changes or goes, and on them after.

    What is put back is there again after those that point to it.
    """
    made = []
    for table, (columns, names, parts, pointer) in BEHIND.items():
        update = f"UPDATE OF {', '.join(columns)}"
        changed = _changed(columns, "IS NOT")
        for name, verb, row, condition in (
            ("comes", "INSERT", "NEW", f"EXISTS (SELECT 1 FROM {parts} WHERE {pointer} = NEW.id)"),
            ("changes", update, "OLD", changed),
            ("goes", "DELETE", "OLD", "TRUE"),
        ):
            fits = (
                f"IN (SELECT event_id FROM {parts} WHERE {pointer} = {row}.id AND event_id NOT IN "
                "(SELECT event FROM timeline_aside))"
            )
            made += [
                Trigger(
                    f"{table}_{name}_{time.lower()}",
                    f"{time} {verb} ON {table} FOR EACH ROW WHEN ({condition})",
                    count(sign, fits, names),
                )
                for time, sign in (("BEFORE", "-"), ("AFTER", "+"))
            ]
    return made


def _behind_on_postgresql() -> list[Trigger]:
    """Once all rows are there, or gone: off the tallies as it was, and on them as it is."""
    made = []
    for table, (columns, names, parts, pointer) in BEHIND.items():
        others = (
            f"SELECT * FROM {table} AS now WHERE NOT EXISTS "
            "(SELECT FROM written WHERE written.id = now.id)"
        )
        changed = _changed(columns, "IS DISTINCT FROM", "written", "later")
        later = f"JOIN {table} AS later ON later.id = written.id AND ({changed})"
        for name, verb, rows, was, which in (
            ("comes", "INSERT", "NEW", others, ""),
            ("changes", "UPDATE", "OLD", f"SELECT * FROM written UNION ALL {others}", later),
            ("goes", "DELETE", "OLD", f"SELECT * FROM written UNION ALL {others}", ""),
        ):
            when = f"AFTER {verb} ON {table} REFERENCING {rows} TABLE AS written FOR EACH STATEMENT"
            made.append(
                Trigger(
                    f"{table}_{name}",
                    when,
                    "IF cardinality(told) > 0 THEN "
                    f"WITH {table} AS NOT MATERIALIZED ({was}) "
                    f"{count('-', '= ANY (told)', names)}; "
                    f"{count('+', '= ANY (told)', names)}; END IF",
                    f"SELECT DISTINCT event_id FROM {parts} JOIN written ON written.id = {pointer} "
                    f"{which} WHERE event_id IS NOT NULL AND NOT EXISTS "
                    "(SELECT FROM timeline_aside WHERE event = event_id)",
                )
            )
    return made


def _on_postgresql() -> list[Trigger]:
    def inserted(table: str, done: str, told: str = "") -> Trigger:
        when = f"AFTER INSERT ON {table} REFERENCING NEW TABLE AS added FOR EACH STATEMENT"
        return Trigger(f"{table}_comes", when, done, told)

    parts = [
        inserted(
            table,
            "IF cardinality(told) > 0 THEN "
            # As it was without what was added.
            f"WITH {table} AS NOT MATERIALIZED (SELECT * FROM {table} AS now WHERE NOT EXISTS "
            f"(SELECT FROM added WHERE added.id = now.id)) {count('-', '= ANY (told)')}; "
            "INSERT INTO timeline_aside SELECT unnest(told), true; END IF",
            "SELECT DISTINCT event_id FROM added WHERE event_id IS NOT NULL AND NOT EXISTS "
            "(SELECT FROM timeline_aside WHERE event = event_id)",
        )
        for table in PARTS
    ]
    emptied = [
        Trigger(
            f"{table}_is_emptied",
            f"AFTER TRUNCATE ON {table} FOR EACH STATEMENT",
            f"DELETE FROM timeline_tally; DELETE FROM timeline_aside; {ALL_ASIDE}",
        )
        for table in (*WATCHED, *BEHIND)
    ]
    return [
        *parts,
        *_behind_on_postgresql(),
        *emptied,
        inserted(
            "timeline_event",
            "INSERT INTO timeline_aside SELECT id, true FROM added ON CONFLICT DO NOTHING",
        ),
        inserted(
            "timeline_aside",
            f"IF cardinality(told) > 0 THEN {count('-', '= ANY (told)')}; END IF",
            "SELECT event FROM added WHERE NOT is_new",
        ),
    ]
