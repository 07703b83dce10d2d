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

from timeline.db.triggers import is_public
from timeline.db.years import years

# So many events may be aside; so many are counted at once, which bounds the memory that it takes.
MOST_ASIDE, AT_ONCE = 1_000, 50_000


_PARTS = f"JOIN timeline_event e ON e.id = p.event_id AND {is_public('e')}"
# What public events are counted by: of the events that fit, each value that they have for the
# public, once for each event that has it. A value is a key or a word. That a value itself is
# hidden need not be asked: nobody is told of it then.
VALUES = {
    **{
        name: (
            f"SELECT {key} AS id, {word} AS word FROM timeline_event e "
            f"WHERE {is_public('e')} AND {key} IS NOT NULL AND e.id {{fits}}"
        )
        for name, key, word in (
            ("kind", "e.kind_id", "''"),
            ("place", "e.place_id", "''"),
            ("status", "0", "e.status"),
            ("assessment", "0", "e.assessment"),
        )
    },
    "tag": f"SELECT p.tag_id AS id, '' AS word FROM timeline_event_tags p {_PARTS} {{of_parts}}",
    "actor": (
        f"SELECT DISTINCT p.actor_id AS id, '' AS word, p.event_id FROM timeline_participation p {_PARTS} "
        "{of_parts}"
    ),
    "role": (
        f"SELECT DISTINCT p.role_id AS id, '' AS word, p.event_id FROM timeline_participation p {_PARTS} "
        f"JOIN timeline_actor a ON a.id = p.actor_id AND {is_public('a')} "
        "AND NOT a.protected {of_parts}"
    ),
    "source": (
        f"SELECT DISTINCT p.source_id AS id, '' AS word, p.event_id FROM timeline_citation p {_PARTS} "
        f"{{of_parts}} AND {is_public('p')}"
    ),
    "time": years(f"FROM timeline_event e WHERE {is_public('e')} AND e.id {{fits}}"),
    "publisher": (
        f"SELECT DISTINCT 0 AS id, s.publisher AS word, p.event_id FROM timeline_citation p {_PARTS} "
        f"JOIN timeline_source s ON s.id = p.source_id AND {is_public('s')} "
        f"AND s.publisher <> '' {{of_parts}} AND {is_public('p')}"
    ),
}


def tallied(what: str, enough: int | None = None) -> list[tuple[int, str, int]]:
    """Each key and word of ``what``, and how many public events have it; some in two pieces.

    Of ``enough`` at least as many, those that most events have.
    """
    aside = (
        f"SELECT id, word, COUNT(*) FROM ({_values([what], _aside(connection.vendor))}) AS found"
    )
    tally = f"FROM timeline_tally WHERE what = '{what}' AND number > 0"
    # In one statement, so that nobody changes anything in between.
    sql = (
        f"WITH aside (id, word, number) AS ({aside} GROUP BY id, word) "
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
        for sql in ("DELETE FROM timeline_tally", count("+", "IS NOT NULL")):
            cursor.execute(sql)
        return len(before ^ _all(cursor))


def _all(cursor: Any) -> set[tuple[Any, ...]]:
    cursor.execute("SELECT what, id, word, number FROM timeline_tally WHERE number <> 0")
    return set(cursor.fetchall())


def _aside(vendor: str, which: str = "1 = 1") -> str:
    """Whether an event is aside: as planners know that they are few."""
    events = f"SELECT event FROM timeline_aside WHERE {which}"
    return f"= ANY (ARRAY({events}))" if vendor == "postgresql" else f"IN ({events})"


def _values(names: Iterable[str], fits: str) -> str:
    """The values of the events that fit."""
    found = [
        f"SELECT '{name}' AS what, id, word FROM ("
        + VALUES[name].format(fits=fits, of_parts=f"WHERE p.event_id {fits}")
        + ") AS of_events"
        for name in names
    ]
    return " UNION ALL ".join(found)


def count(sign: str, fits: str, names: Iterable[str] = VALUES) -> str:
    """Add the values of these names of the events that fit to the tallies, or take them off."""
    return (
        "INSERT INTO timeline_tally (what, id, word, number) "
        f"SELECT what, id, word, {sign} COUNT(*) FROM ({_values(names, fits)}) AS found "
        "WHERE 1 = 1 GROUP BY what, id, word "
        "ON CONFLICT (what, id, word) DO UPDATE SET number = timeline_tally.number + excluded.number"
    )
