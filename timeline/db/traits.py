"""What events are found by that no column says: the members of their ``extra``, and what they lack.

The database itself keeps the table, by triggers, so that no way to write can forget it. It leads to
events as a tag does. The name of a member's value is cut short, and of a number it has what stands
before the point: events that have the trait are asked for the value itself.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from timeline.db.extra import literal
from timeline.db.operations import KeptByTriggers
from timeline.db.triggers import VERBS, Trigger, after, is_public, published, written

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


class KeepTraits(KeptByTriggers):
    """The table of traits, by triggers that watch events, citations and sources."""

    def filled(self, vendor: str) -> list[str]:
        told = [_told(traits, "IS NOT NULL") for traits in (MEMBERS[vendor], LACKS)]
        return [FORGET_ALL, *told]

    def triggers(self, vendor: str) -> list[Trigger]:
        return triggers(vendor)

    def describe(self) -> str:
        return "Keep the traits that events are found by"


def _filled(template: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        template = template.replace(f"{{{name}}}", word)
    return template


# --- The traits of the events whose key is `{which}` ---

INSERT = "INSERT INTO timeline_trait (event_id, name, start_min, end_max, sort_key) "
FORGET_ALL = "DELETE FROM timeline_trait"
FORGET = "DELETE FROM timeline_trait WHERE event_id {which}"
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
        FROM timeline_event e, json_each(e.extra) m
        WHERE e.id {which} AND m.type NOT IN ('object', 'array')
        UNION SELECT e.id, {item}, e.start_min, e.end_max, e.sort_key
        FROM timeline_event e, json_each(e.extra) m,
            json_each(CASE m.type WHEN 'array' THEN m.value ELSE '[]' END) i
        WHERE e.id {which} AND i.type NOT IN ('object', 'array')""",
        {
            "member": _filled(MEMBER, {"text": SQLITE_TEXT, "row": "m"}),
            "item": _filled(MEMBER, {"text": SQLITE_TEXT, "row": "i"}),
        },
    ),
    "postgresql": _filled(
        """SELECT DISTINCT e.id, {member}, e.start_min, e.end_max, e.sort_key
        FROM timeline_event e, jsonb_each(e.extra) m, jsonb_array_elements(
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
    """SELECT e.id, '{uncited}', e.start_min, e.end_max, e.sort_key FROM timeline_event e
    WHERE e.id {which} AND (SELECT COUNT(*) FROM timeline_citation c WHERE c.event_id = e.id) = 0
    UNION ALL SELECT e.id, '{in_public}', e.start_min, e.end_max, e.sort_key FROM timeline_event e
    WHERE e.id {which} AND {public event} AND (
        SELECT COUNT(*) FROM timeline_citation c WHERE c.event_id = e.id AND {public citation}
        AND {public source}
    ) = 0""",
    {
        "uncited": UNCITED,
        "in_public": UNCITED_IN_PUBLIC,
        "public event": is_public("e"),
        "public citation": is_public("c"),
        "public source": published("timeline_source", "c.source_id"),
    },
)


def _told(traits: str, which: str) -> str:
    return _filled(INSERT + traits, {"which": which})


# --- When they are to be told anew ---

# The columns that they follow from, by table.
EVENTS, CITATIONS, SOURCES = "timeline_event", "timeline_citation", "timeline_source"
CHANGES = {
    EVENTS: ("extra", "publication", "start_min", "end_max", "sort_key"),
    CITATIONS: ("event_id", "source_id", "publication"),
    SOURCES: ("publication",),
}
# The events that sources are cited for.
CITED = "SELECT event_id FROM timeline_citation WHERE source_id {which} AND event_id IS NOT NULL"


def triggers(vendor: str) -> list[Trigger]:
    """Those that tell the traits of an event anew, or only what it lacks."""
    of_table = _of_table_on_postgresql if vendor == "postgresql" else _of_table_on_sqlite
    return [
        Trigger(f"timeline_trait_{table}_{verb.lower()}", when, "; ".join(done), told)
        for table in CHANGES
        for verb in VERBS
        for when, done, told in [of_table(table, verb)]
    ]


def _of_table_on_postgresql(table: str, verb: str) -> tuple[str, list[str], list[str]]:
    key = "event_id" if table == CITATIONS else "id"
    told = [written(verb, key, CHANGES[table])]
    if table == SOURCES:
        told.append(_filled(CITED, {"which": "= ANY (told)"}))
    return after(verb, table), _done("postgresql", table, verb, "= ANY (told)"), told


def _of_table_on_sqlite(table: str, verb: str) -> tuple[str, list[str], list[str]]:
    row = "old" if verb == "DELETE" else "new"
    which = {
        EVENTS: f"= {row}.id",
        CITATIONS: "IN (old.event_id, new.event_id)" if verb == "UPDATE" else f"= {row}.event_id",
        SOURCES: f"IN ({_filled(CITED, {'which': f'= {row}.id'})})",
    }[table]
    differ = " OR ".join(f"old.{column} IS NOT new.{column}" for column in CHANGES[table])
    when = f"AFTER {verb} ON {table}" + (f" WHEN ({differ})" if verb == "UPDATE" else "")
    return when, _done("sqlite", table, verb, which), []


def _done(vendor: str, table: str, verb: str, which: str) -> list[str]:
    """What is done about the events that a change concerns."""
    lacks = _told(LACKS, which)
    if table != EVENTS:
        return [_filled(FORGET_LACKS, {"which": which}), lacks]
    forget = [] if verb == "INSERT" else [_filled(FORGET, {"which": which})]
    return forget + ([] if verb == "DELETE" else [_told(MEMBERS[vendor], which), lacks])
