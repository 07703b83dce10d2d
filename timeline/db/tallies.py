"""How many public events have each value of what they are counted by, kept by the database itself.

Reading events anew would take seconds. So each is counted once, and whatever changes about it is
no matter of arithmetic: before the first change triggers take the event off the tallies as it
stood, and set it aside. Those that are set aside, and new ones, are few and are counted as they
stand when somebody asks, until :func:`settle` adds them to the tallies again. So a tally never
tells of what is hidden now, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from timeline.db.triggers import is_public, published
from timeline.db.years import first_and_last, in_years, years

# So many events may be aside; so many are counted at once, which bounds the memory that it takes, and
# the time of a statement.
MOST_ASIDE, AT_ONCE = 1_000, 10_000
# What is new is on no tally yet.
ALL_ASIDE = "INSERT INTO timeline_aside SELECT id, true FROM timeline_event"


def _each(table: str, column: str, condition: str = "1 = 1") -> str:
    """What the parts of events point to, once for each event."""
    return (
        f"SELECT DISTINCT {column} AS id, '' AS word, p.event_id FROM {table} p "
        f"WHERE p.event_id {{public}} AND {condition}"
    )


_ACTOR = f"SELECT a.protected FROM timeline_actor a WHERE a.id = p.actor_id AND {is_public('a')}"
_PUBLISHER = (
    f"SELECT publisher FROM timeline_source s WHERE s.id = citations.id AND {is_public('s')}"
)
_CITATIONS = _each("timeline_citation", "p.source_id", is_public("p"))
# What public events are counted by: each value that they have for the public, once for each event
# that has it. A value is a key or a word. That a value itself is hidden need not be asked: nobody is
# told of it then.
VALUES = {
    **{
        name: (
            f"SELECT {key} AS id, {word} AS word FROM timeline_event e "
            f"WHERE {key} IS NOT NULL AND e.id {{public}}"
        )
        for name, key, word in (
            ("kind", "e.kind_id", "''"),
            ("place", "e.place_id", "''"),
            ("status", "0", "e.status"),
            ("assessment", "0", "e.assessment"),
        )
    },
    "tag": _each("timeline_event_tags", "p.tag_id"),
    "actor": _each("timeline_participation", "p.actor_id"),
    "role": _each("timeline_participation", "p.role_id", f"({_ACTOR}) = false"),
    "source": _CITATIONS,
    "publisher": (
        f"SELECT 0 AS id, word FROM (SELECT DISTINCT event_id, ({_PUBLISHER}) AS word "
        f"FROM ({_CITATIONS}) AS citations) AS publishers WHERE word <> ''"
    ),
    # This says itself what it tells of each event, and has more columns.
    "time": years("FROM timeline_event e WHERE e.id {public}"),
}
COLUMNS = "what, id, word, part, whole"
IN_TIME = ("timeline_tally", "aside")


def tallied(what: str, enough: int | None = None) -> list[tuple[int, str, int]]:
    """Each key and word of ``what``, and how many public events have it; some in two pieces.

    Of ``enough`` at least as many, those that most events have.
    """
    tally = f"FROM timeline_tally WHERE what = '{what}' AND number > 0"
    # In one statement, so that nobody changes anything in between.
    sql = (
        f"WITH aside (id, word, number) AS (SELECT id, word, COUNT(*) FROM ({_values_aside(what)}) "
        "AS found GROUP BY id, word) "
        f"SELECT * FROM aside UNION ALL SELECT id, word, number {tally}"
    )
    if enough is not None:
        least = f"SELECT number {tally} ORDER BY number DESC LIMIT 1 OFFSET {enough - 1:d}"
        sql += (
            f" AND (number >= COALESCE(({least}), 0) OR (id, word) IN (SELECT id, word FROM aside))"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def tallied_in_years(length: int, trust: bool) -> list[tuple[Any, ...]]:
    """When public events are, for buckets of so many years: :func:`timeline.db.years.in_years`."""
    joined = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    return _told_in_time(in_years(length, trust, IN_TIME, joined))


def tallied_bounds() -> list[int]:
    """The first and the last bounds of the dates of which the tallies tell each."""
    return [second for (second,) in _told_in_time(first_and_last(IN_TIME))]


def _told_in_time(found: str) -> list[tuple[Any, ...]]:
    aside = _values_aside("time")
    with connection.cursor() as cursor:
        cursor.execute(f"WITH aside AS (SELECT *, 1 AS number FROM ({aside}) AS found) {found}")
        return list(cursor.fetchall())


def settle(most_aside: int = MOST_ASIDE) -> None:
    """Add to the tallies what is aside, if that is more than ``most_aside`` events."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM timeline_aside LIMIT 1 OFFSET {most_aside:d}")
        if cursor.fetchone() is None:
            return
        some = f"SELECT event FROM timeline_aside ORDER BY event LIMIT {AT_ONCE:d}"
        last = 0
        while last is not None:
            with transaction.atomic():
                cursor.execute(f"SELECT MAX(event) FROM ({some}) AS first")
                (last,) = cursor.fetchone()
                if last is not None:
                    cursor.execute(count("+", _aside(connection.vendor, f"event <= {last:d}")))
                    cursor.execute(f"DELETE FROM timeline_aside WHERE event <= {last:d}")
        cursor.execute("DELETE FROM timeline_tally WHERE number = 0")


def recount() -> int:
    """Count all public events anew; how many tallies differed."""
    settle(0)
    with transaction.atomic(), connection.cursor() as cursor:
        before = _all(cursor)
        for sql in ("DELETE FROM timeline_tally", ALL_ASIDE):
            cursor.execute(sql)
        settle(0)
        return len(before ^ _all(cursor))


def _all(cursor: Any) -> set[tuple[Any, ...]]:
    cursor.execute(f"SELECT {COLUMNS}, number FROM timeline_tally WHERE number <> 0")
    return set(cursor.fetchall())


def _aside(vendor: str, which: str = "1 = 1") -> str:
    """Whether an event is aside and public: as planners know that they are few."""
    events = (
        f"SELECT event FROM timeline_aside WHERE {which} AND {published('timeline_event', 'event')}"
    )
    return f"= ANY (ARRAY({events}))" if vendor == "postgresql" else f"IN ({events})"


def _values_aside(name: str) -> str:
    return _values([name], _aside(connection.vendor))


def _values(names: Iterable[str], public: str) -> str:
    """The values of these public events."""
    found = []
    for name in names:
        own = "*" if name == "time" else f"'{name}' AS what, id, word, 0 AS part, 1 AS whole"
        found.append(f"SELECT {own} FROM ({VALUES[name].format(public=public)}) AS of_events")
    return " UNION ALL ".join(found)


def count(sign: str, public: str, names: Iterable[str] = VALUES) -> str:
    """Add the values of these names of these public events to the tallies, or take them off."""
    return (
        f"INSERT INTO timeline_tally ({COLUMNS}, number) "
        f"SELECT {COLUMNS}, {sign} COUNT(*) FROM ({_values(names, public)}) AS found "
        f"WHERE 1 = 1 GROUP BY {COLUMNS} ON CONFLICT ({COLUMNS}) "
        "DO UPDATE SET number = timeline_tally.number + excluded.number"
    )
