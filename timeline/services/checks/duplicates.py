"""What may be recorded twice: the same words in a name, and dates that may overlap.

The rows are sorted by their words, in a file of the operating system's own, and each is compared
with a few before it: n log n, whatever the data, and no more memory for a million.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from timeline.db.words import indexed
from timeline.models import Actor, ActorKind, ActorName, Event, Identity, Place, Source
from timeline.services.checks.findings import CHUNK, STANDING, Found

# With how many before it a row is compared.
NEIGHBOURS = 10
ARTICLES = frozenset({"a", "an", "the"})
ALWAYS = (0, 0)


class Row(NamedTuple):
    """A record under its words; ``apart`` are lines that differ between different things."""

    words: str
    start: int
    end: int
    apart: str
    key: int
    uuid: str
    title: str


def _row(title: str, key: int, uuid: UUID, *apart: Any, dates: tuple[int, int] = ALWAYS) -> Row:
    words = sorted(set(indexed(title).split()) - ARTICLES)
    lines = "\n".join("" if one is None else str(one) for one in apart)
    return Row(" ".join(words), *dates, lines, key, str(uuid), title)


def _differ(one: Row, other: Row) -> bool:
    lines = zip(one.apart.split("\n"), other.apart.split("\n"), strict=True)
    return any(mine and theirs and mine != theirs for mine, theirs in lines)


def twins(rows: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Each row that looks like one before it, with that one."""
    with closing(sqlite3.connect("")) as file:
        file.execute("CREATE TABLE row (words, start, end, apart, key, uuid, title)")
        file.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        before: deque[Row] = deque(maxlen=NEIGHBOURS)
        for row in map(Row._make, file.execute("SELECT * FROM row ORDER BY words, start, key")):
            if before and before[-1].words != row.words:
                before.clear()
            for other in before:
                overlap = row.start <= other.end and other.start <= row.end
                if row.words and row.key != other.key and overlap and not _differ(row, other):
                    yield row, other
                    break
            before.append(row)


def _found(model: str, rows: Iterable[Row]) -> Iterator[Found]:
    told: set[int] = set()
    for row, other in twins(rows):
        if row.key not in told:
            told.add(row.key)
            problem = f"It may be the same as “{other.title}” ({other.uuid})."
            yield Found(model, row.key, UUID(row.uuid), row.title, problem)


def events() -> Iterator[Found]:
    """Two events with the same words in their titles that may be of the same time and place."""
    columns = ("title", "pk", "uuid", "place", "dataset", "start_min", "end_max")
    rows = Event.objects.in_states(STANDING).values_list(*columns).iterator(CHUNK)
    return _found(
        "event",
        (
            _row(title, key, uuid, place, dates=(start, end))
            for title, key, uuid, place, _, start, end in rows
        ),
    )


def actors() -> Iterator[Found]:
    """Two actors of one kind with the same words in one of their names."""
    known = {"identity__in": [Identity.NAMED, Identity.PSEUDONYM], "publication__in": STANDING}
    names = Actor.objects.filter(**known).values_list("name", "pk", "uuid", "kind")
    further = ActorName.objects.filter(**{f"actor__{name}": value for name, value in known.items()})
    others = further.values_list("text", "actor", "actor__uuid", "actor__kind")
    return _found(
        "actor",
        (
            _row(name, key, uuid, "" if kind == ActorKind.UNKNOWN else kind)
            for name, key, uuid, kind in chain(names.iterator(CHUNK), others.iterator(CHUNK))
        ),
    )


def places() -> Iterator[Found]:
    """Two places of one country and region with the same words in their names."""
    columns = ("name", "pk", "uuid", "country", "region", "latitude", "longitude")
    rows = Place.objects.in_states(STANDING).values_list(*columns).iterator(CHUNK)
    return _found(
        "place",
        (
            # Within a degree or so: near enough to be one, for whoever looks.
            _row(name, key, uuid, country, region, *(p if p is None else round(p) for p in point))
            for name, key, uuid, country, region, *point in rows
        ),
    )


def sources() -> Iterator[Found]:
    """Two sources of one address, or of one publisher and time with the same words as title."""
    columns = ("title", "pk", "uuid", "publisher", "url", "start_min", "end_max")
    rows = Source.objects.in_states(STANDING).values_list(*columns).iterator(CHUNK)
    return _found("source", chain.from_iterable(map(_of_source, rows)))


def _of_source(columns: Any) -> Iterator[Row]:
    title, key, uuid, publisher, url, *dates = columns
    if url:
        address = url.partition("://")[2].partition("#")[0].removeprefix("www.").rstrip("/")
        yield Row(f"//{address}", *ALWAYS, "", key, str(uuid), title)
    yield _row(title, key, uuid, publisher, dates=(dates[0], dates[1]))
