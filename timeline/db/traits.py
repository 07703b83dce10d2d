"""What events are found by that no column says: the members of their ``extra``, and what they lack.

The database itself keeps the table, by triggers, so that no way to write can forget it. It leads to
events as a tag does. The name of a member's value is cut short, and of a number it has what stands
before the point: events that have the trait are asked for the value itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.migrations.operations.base import Operation

from timeline.db.extra import literal

# No passage is cited for the event: none at all, or, of a published one, none that is public.
UNCITED, UNCITED_IN_PUBLIC = "uncited", "uncited in public"

# Characters of a name.
LENGTH = 80
MOST = 2**63


def names_of_member(key: str, values: list[str]) -> list[str]:
    """The names of the traits of which an event has one if its member is one of ``values``."""
    texts = [text for value in values for text in (value, *_whole(literal(value)))]
    return [*dict.fromkeys(f"extra.{key}={text}"[:LENGTH] for text in texts)]


def _whole(value: Any) -> set[str]:
    """What stands before the point of a number, as either database reads it."""
    match value:
        case bool() | None | str():
            return set()
    whole = {int(value), int(Decimal(json.dumps(value)))}
    return {str(min(max(number, -MOST), MOST - 1)) for number in whole}


class KeepTraits(Operation):
    """The triggers that keep the table of traits, and the traits of the events that are there.

    To change columns SQLite makes a table anew, and forgets its triggers: so this stands once more
    after any change to the columns of events, citations or sources.
    """

    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        vendor = schema_editor.connection.vendor
        told = _told(MEMBERS[vendor], "IS NOT NULL") + _told(LACKS, "IS NOT NULL")
        self._run(app_label, schema_editor, [*_drop(vendor), FORGET_ALL, *told, *_triggers(vendor)])

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._run(app_label, schema_editor, _drop(schema_editor.connection.vendor))

    def _run(self, app_label: str, schema_editor: Any, statements: list[str]) -> None:
        tables = {name: f"{app_label}_{name}" for name in (*CHANGES, "trait")}
        for statement in statements:
            schema_editor.execute(_filled(statement, tables), params=None)

    def describe(self) -> str:
        return "Keep the traits that events are found by"


def _filled(template: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        template = template.replace(f"{{{name}}}", word)
    return template


# --- The traits of the events whose key is `{which}` ---

INSERT = "INSERT INTO {trait} (event_id, name, start_min, end_max, sort_key) "
FORGET_ALL = "DELETE FROM {trait}"
FORGET = "DELETE FROM {trait} WHERE event_id {which}"
FORGET_LACKS = f"{FORGET} AND name IN ('{UNCITED}', '{UNCITED_IN_PUBLIC}')"

# Of a list each item counts; of an object, or of a list in a list, nothing does.
MEMBER = f"substr('extra.' || m.key || '=' || {{text}}, 1, {LENGTH})"
# A number as far as the point, in the 64 bits that SQLite has.
SQLITE_TEXT = """CASE {row}.type WHEN 'text' THEN {row}.value WHEN 'integer' THEN {row}.value
    WHEN 'real' THEN CAST({row}.value AS INTEGER) ELSE {row}.type END"""
POSTGRESQL_TEXT = """CASE jsonb_typeof(i.value) WHEN 'number'
    THEN least(greatest(trunc((i.value #>> '{}')::numeric), {least}), {most})::text
    ELSE coalesce(i.value #>> '{}', 'null') END"""
MEMBERS = {
    "sqlite": _filled(
        """SELECT e.id, {member}, e.start_min, e.end_max, e.sort_key
        FROM {events} e, json_each(e.extra) m
        WHERE e.id {which} AND m.type NOT IN ('object', 'array')
        UNION SELECT e.id, {item}, e.start_min, e.end_max, e.sort_key
        FROM {events} e, json_each(e.extra) m,
            json_each(CASE m.type WHEN 'array' THEN m.value ELSE '[]' END) i
        WHERE e.id {which} AND i.type NOT IN ('object', 'array')""",
        {
            "member": _filled(MEMBER, {"text": SQLITE_TEXT, "row": "m"}),
            "item": _filled(MEMBER, {"text": SQLITE_TEXT, "row": "i"}),
        },
    ),
    "postgresql": _filled(
        """SELECT DISTINCT e.id, {member}, e.start_min, e.end_max, e.sort_key
        FROM {events} e, jsonb_each(e.extra) m, jsonb_array_elements(
            CASE jsonb_typeof(m.value) WHEN 'array' THEN m.value ELSE jsonb_build_array(m.value) END
        ) i
        WHERE e.id {which} AND jsonb_typeof(i.value) NOT IN ('object', 'array')""",
        {
            "member": _filled(MEMBER, {"text": POSTGRESQL_TEXT}),
            "least": str(-MOST),
            "most": str(MOST - 1),
        },
    ),
}
LACKS = _filled(
    """SELECT e.id, '{uncited}', e.start_min, e.end_max, e.sort_key FROM {events} e
    WHERE e.id {which} AND NOT EXISTS (SELECT 1 FROM {citation} c WHERE c.event_id = e.id)
    UNION ALL SELECT e.id, '{in_public}', e.start_min, e.end_max, e.sort_key FROM {events} e
    WHERE e.id {which} AND e.publication = 'published' AND NOT EXISTS (
        SELECT 1 FROM {citation} c JOIN {source} s ON s.id = c.source_id
        WHERE c.event_id = e.id AND c.publication = 'published' AND s.publication = 'published'
    )""",
    {"uncited": UNCITED, "in_public": UNCITED_IN_PUBLIC},
)


def _told(traits: str, which: str, events: str = "{event}") -> list[str]:
    return [_filled(INSERT + traits, {"which": which, "events": events})]


# --- When they are to be told anew ---

# The columns that they follow from.
CHANGES = {
    "event": ("extra", "publication", "start_min", "end_max", "sort_key"),
    "citation": ("event_id", "source_id", "publication"),
    "source": ("publication",),
}
# The events that a source is cited for.
CITED = "SELECT event_id FROM {citation} WHERE source_id {which} AND event_id IS NOT NULL"
# On PostgreSQL what comes or goes is many rows at once, in the table ``written``; the events they
# are about are put together first, and looked up one by one: a plan is made once and kept, perhaps
# while the tables were empty.
WRITTEN = "SELECT {0} FROM written WHERE {0} IS NOT NULL"
BY_INDEX = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"


def _bodies(vendor: str) -> dict[tuple[str, str], tuple[list[str], str]]:
    """What is done when rows are written, by table and event, and on PostgreSQL to which events."""
    is_postgresql = vendor == "postgresql"

    def lacks(which: str) -> list[str]:
        return [_filled(FORGET_LACKS, {"which": which}), *_told(LACKS, which)]

    def everything(*of: str) -> list[str]:
        return [*_told(MEMBERS[vendor], *of), *_told(LACKS, *of)]

    def forget(which: str) -> list[str]:
        return [_filled(FORGET, {"which": which})]

    def of(which: str, told: str, done: Callable[[str], list[str]]) -> tuple[list[str], str]:
        return (done("= ANY (told)"), told) if is_postgresql else (done(which), "")

    def citing(row: str) -> tuple[list[str], str]:
        mine = _filled(CITED, {"which": f"= {row}.id"})
        many = _filled(CITED, {"which": f"= ANY (ARRAY({WRITTEN.format('id')}))"})
        return of(f"IN ({mine})", many, lacks)

    cited = _filled(CITED, {"which": "= new.id"})
    # Read from the many themselves.
    new = ("IS NOT NULL", "written") if is_postgresql else ("= new.id", "{event}")
    return {
        ("event", "INSERT"): (everything(*new), ""),
        ("event", "UPDATE"): ([*forget("= new.id"), *everything("= new.id")], ""),
        ("event", "DELETE"): of("= old.id", WRITTEN.format("id"), forget),
        ("citation", "INSERT"): of("= new.event_id", WRITTEN.format("event_id"), lacks),
        ("citation", "UPDATE"): (lacks("IN (old.event_id, new.event_id)"), ""),
        ("citation", "DELETE"): of("= old.event_id", WRITTEN.format("event_id"), lacks),
        ("source", "INSERT"): citing("new"),
        ("source", "UPDATE"): of(f"IN ({cited})", cited, lacks),
        ("source", "DELETE"): citing("old"),
    }


TRIGGERS = {
    "sqlite": ["CREATE TRIGGER {name} AFTER {verb} ON {table} {condition} BEGIN {body} END"],
    "postgresql": [
        """CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {by_index}
        AS $$ {told} BEGIN {body} RETURN NULL; END $$""",
        """CREATE TRIGGER {name} AFTER {verb} ON {table} {rows} {condition}
        EXECUTE FUNCTION {name}()""",
    ],
}
DIFFER = {"sqlite": "old.{0} IS NOT new.{0}", "postgresql": "old.{0} IS DISTINCT FROM new.{0}"}
ROWS = {
    "INSERT": "REFERENCING NEW TABLE AS written FOR EACH STATEMENT",
    "UPDATE": "FOR EACH ROW",
    "DELETE": "REFERENCING OLD TABLE AS written FOR EACH STATEMENT",
}


def _triggers(vendor: str) -> list[str]:
    statements = []
    for (table, verb), (body, told) in _bodies(vendor).items():
        differ = " OR ".join(DIFFER[vendor].format(column) for column in CHANGES[table])
        words = {
            "name": _name(table, verb),
            "verb": verb,
            "condition": f"WHEN ({differ})" if verb == "UPDATE" else "",
            "rows": ROWS[verb],
            "by_index": BY_INDEX,
            "table": f"{{{table}}}",
            "told": f"DECLARE told bigint[] := ARRAY({told});" if told else "",
            "body": " ".join(f"{one};" for one in body),
        }
        statements += [_filled(template, words) for template in TRIGGERS[vendor]]
    return statements


def _name(table: str, verb: str) -> str:
    return f"{{trait}}_{table}_{verb.lower()}"


def _drop(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {_name(*one)}" for one in _bodies(vendor)]
    return [f"DROP FUNCTION IF EXISTS {_name(*one)}() CASCADE" for one in _bodies(vendor)]
