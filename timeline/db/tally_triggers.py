"""The triggers that take events off the tallies and set them aside, before anything changes.

On SQLite they are asked row by row, before it changes. On PostgreSQL they are asked once all rows
of a statement are written, and see the table as it was before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from timeline.db.operations import KeptByTriggers
from timeline.db.tallies import ALL_ASIDE, count, settle
from timeline.db.triggers import VERBS, Trigger, after, is_public, published, written

# What values hang on: of which tables which columns, and where a row has its event.
WATCHED = {
    "timeline_event": (
        (
            *("publication", "kind_id", "place_id", "status", "assessment", "undated", "date_set"),
            *("date_uncertain", "start_min", "start_max", "end_min", "end_max"),
        ),
        "id",
    ),
    "timeline_event_tags": (("event_id", "tag_id"), "event_id"),
    "timeline_participation": (("event_id", "actor_id", "role_id"), "event_id"),
    "timeline_citation": (("event_id", "source_id", "publication"), "event_id"),
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


class Tallies(KeptByTriggers):
    """The tables of tallies themselves, by triggers that watch all that is counted."""

    def triggers(self, vendor: str) -> list[Trigger]:
        return triggers(vendor)

    def filled(self, vendor: str) -> list[str]:
        return _tables(vendor)

    def database_forwards(self, *args: Any, **kwargs: Any) -> None:
        super().database_forwards(*args, **kwargs)
        settle(0)

    def unmade(self, app_label: str, state: Any, vendor: str) -> list[str]:
        tables = ("timeline_aside", "timeline_tally")
        drop = [f"DROP TABLE IF EXISTS {table}" for table in tables]
        return [*super().unmade(app_label, state, vendor), *drop]

    def describe(self) -> str:
        return "Keep tallies of public events"


def _tables(vendor: str) -> list[str]:
    # SQLite keeps rows in the order of a number, unless it is told not to have one.
    in_order = " WITHOUT ROWID" if vendor == "sqlite" else ""
    return [
        (
            "CREATE TABLE timeline_tally (what varchar(10) NOT NULL, id bigint NOT NULL, word "
            "varchar(500) NOT NULL, part bigint NOT NULL, whole bigint NOT NULL, "
            "number bigint NOT NULL, PRIMARY KEY (what, word, id, part, whole))"
            f"{in_order}"
        ),
        "CREATE TABLE timeline_aside (event bigint PRIMARY KEY, is_new boolean NOT NULL)",
        ALL_ASIDE,
    ]


def triggers(vendor: str) -> list[Trigger]:
    return _on_postgresql() if vendor == "postgresql" else _on_sqlite()


def _on_sqlite() -> list[Trigger]:
    made = []
    for table, (columns, key) in WATCHED.items():
        changed = _changed(columns)
        update = f"BEFORE UPDATE OF {', '.join(columns)} ON {table} FOR EACH ROW WHEN ({changed})"
        made += [
            Trigger(f"{table}_changes", update, _set_aside(f"OLD.{key}", f"NEW.{key}")),
            Trigger(
                f"{table}_goes",
                f"BEFORE DELETE ON {table} FOR EACH ROW",
                _set_aside(f"OLD.{key}"),
            ),
            Trigger(
                f"{table}_comes",
                # An event has its key once it is there, and is on no tally before.
                f"{'AFTER' if key == 'id' else 'BEFORE'} INSERT ON {table} FOR EACH ROW",
                _set_aside(f"NEW.{key}", is_new=key == "id"),
            ),
        ]
    return [
        *made,
        *_behind_on_sqlite(),
        Trigger(
            "timeline_aside_comes",
            "AFTER INSERT ON timeline_aside FOR EACH ROW WHEN (NOT NEW.is_new "
            f"AND {published('timeline_event', 'NEW.event')})",
            count("-", "= NEW.event"),
        ),
    ]


def _changed(columns: Iterable[str]) -> str:
    return " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)


def _set_aside(*keys: str, is_new: bool = False) -> str:
    found = " UNION ".join(f"SELECT {key} AS event" for key in keys)
    return (
        f"INSERT INTO timeline_aside SELECT event, {is_new} FROM ({found}) AS found "
        "WHERE event IS NOT NULL ON CONFLICT DO NOTHING"
    )


def _behind_on_sqlite() -> list[Trigger]:
    """Off the tallies before each row comes, changes or goes, and on them after.

    What is put back is there again after those that point to it.
    """
    made = []
    for table, (columns, names, parts, pointer) in BEHIND.items():
        update = f"UPDATE OF {', '.join(columns)}"
        changed = _changed(columns)
        for name, verb, row, condition in (
            ("comes", "INSERT", "NEW", f"EXISTS (SELECT 1 FROM {parts} WHERE {pointer} = NEW.id)"),
            ("changes", update, "OLD", changed),
            ("goes", "DELETE", "OLD", "TRUE"),
        ):
            public = (
                f"IN (SELECT event_id FROM {parts} WHERE {pointer} = {row}.id AND event_id NOT IN "
                f"(SELECT event FROM timeline_aside) AND {published('timeline_event', 'event_id')})"
            )
            made += [
                Trigger(
                    f"{table}_{name}_{time.lower()}",
                    f"{time} {verb} ON {table} FOR EACH ROW WHEN ({condition})",
                    count(sign, public, names),
                )
                for time, sign in (("BEFORE", "-"), ("AFTER", "+"))
            ]
    return made


# --- PostgreSQL ---

# Of the events told those that are public, and those that are not aside.
PUBLIC_ONES = f"SELECT id FROM timeline_event e WHERE id = ANY (told) AND {is_public('e')}"
NOT_ASIDE = (
    "SELECT one FROM unnest(told) AS one WHERE "
    "(SELECT COUNT(*) FROM timeline_aside WHERE event = one) = 0"
)
SET_ASIDE = "INSERT INTO timeline_aside SELECT unnest(told), true ON CONFLICT DO NOTHING"


def _on_postgresql() -> list[Trigger]:
    emptied = [
        Trigger(
            f"{table}_is_emptied",
            f"AFTER TRUNCATE ON {table} FOR EACH STATEMENT",
            f"DELETE FROM timeline_tally; DELETE FROM timeline_aside; {ALL_ASIDE}",
        )
        for table in (*WATCHED, *BEHIND)
    ]
    verbs = [
        Trigger(f"{table}_{verb.lower()}", after(verb, table), done, told)
        for of_table, tables in (
            (_of_events, ["timeline_event"]),
            (_of_parts, [table for table in WATCHED if table != "timeline_event"]),
            (_of_behind, BEHIND),
        )
        for table in tables
        for verb in VERBS
        for done, told in [of_table(table, verb)]
    ]
    return [*verbs, *emptied]


def _of_events(table: str, verb: str) -> tuple[str, list[str]]:
    columns, key = WATCHED[table]
    told = [written(verb, key, columns), NOT_ASIDE]
    if verb == "INSERT":
        return SET_ASIDE, told
    was_public = f"told := ARRAY(SELECT id FROM gone WHERE id = ANY (told) AND {is_public('gone')})"
    was = f"SELECT {', '.join((key, *columns))} FROM gone WHERE id = ANY (told)"
    off = f"WITH {table} AS MATERIALIZED ({was}) {count('-', '= ANY (told)')}"
    return f"{SET_ASIDE}; {was_public}; {off}", told


def _of_parts(table: str, verb: str) -> tuple[str, list[str]]:
    columns, key = WATCHED[table]
    was = _was(table, verb, columns, f"{key} = ANY (told)")
    off = f"WITH {table} AS MATERIALIZED ({was}) {count('-', '= ANY (told)')}"
    return f"{off}; {SET_ASIDE}", [written(verb, key, columns), PUBLIC_ONES, NOT_ASIDE]


def _of_behind(table: str, verb: str) -> tuple[str, list[str]]:
    columns, names, parts, pointer = BEHIND[table]
    led = (
        f"SELECT DISTINCT event_id FROM {parts} WHERE {pointer} = ANY (told) "
        "AND event_id IS NOT NULL"
    )
    # Looked up one by one: there may be a hundred thousand others.
    was = f"WITH {table} AS NOT MATERIALIZED ({_was(table, verb, ('id', *columns))})"
    off, on = (count(sign, "= ANY (told)", names) for sign in "-+")
    return f"{was} {off}; {on}", [written(verb, "id", columns), led, PUBLIC_ONES, NOT_ASIDE]


def _was(table: str, verb: str, columns: Iterable[str], which: str = "TRUE") -> str:
    """The rows of the table that fit, as they were before they were written."""
    names = ", ".join(columns)
    gone = [] if verb == "INSERT" else [f"SELECT {names} FROM gone WHERE {which}"]
    others = "" if verb == "DELETE" else " AND id NOT IN (SELECT id FROM come)"
    return " UNION ALL ".join([*gone, f"SELECT {names} FROM {table} WHERE {which}{others}"])
