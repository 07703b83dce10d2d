"""A generated world straight into the project's tables: executemany on SQLite, COPY on PostgreSQL.

What follows from a date or a text is derived by the project's own functions, so that a row is the
one that an import would have written. The tables must be empty but for the vocabularies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction

from benchmarks.generate import BEGINNING, DATASET, World
from benchmarks.tables import Row, Table
from benchmarks.things import Event
from timeline.db.dates import DateColumns, date_columns, read_edtf
from timeline.db.words import graded, indexed
from timeline.models import (
    Actor,
    Citation,
    EventDateMember,
    Participation,
    Place,
    Source,
    Tag,
    Term,
)
from timeline.models import Event as EventRecord

CHUNK = 2_000

STATE = ("uuid", "publication", "published_at", "created_at", "updated_at")
DATED = ("date", *DateColumns._fields)


@lru_cache(maxsize=100_000)
def _token(word: str) -> str:
    return indexed(word)


def _indexed(*texts: str) -> str:
    """What `indexed` makes of texts whose words stand between spaces, each word read once."""
    return " gap ".join(" ".join(map(_token, text.split())) for text in texts if text)


class Loader:
    """Turns what the generator makes into rows; numbers from 0 become keys from 1."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.places = Table(
            *(Place, "id", *STATE, "name", "country", "region", "latitude", "longitude"),
            "search_text",
        )
        self.actors = Table(
            *(Actor, "id", *STATE, "name", "kind", "identity", "protected", "search_text")
        )
        self.sources = Table(
            *(Source, "id", *STATE, *DATED, "title", "kind", "publisher", "url", "search_text")
        )
        self.tags = Table(Tag, "id", "uuid", "slug", "label")
        self.events = Table(
            *(EventRecord, "id", *STATE, *DATED, "title", "summary", "kind_id", "place_id"),
            *("status", "assessment", "sequence", "dataset", "external_id", "extra"),
            *("date_text", "search_text"),
        )
        self.members = Table(
            *(EventDateMember, "id", "event_id", "start_min", "start_max", "end_min", "end_max")
        )
        # What events are found and put in order by, where their participations and tags repeat it.
        columns = {field.attname for field in Participation._meta.concrete_fields}
        self._repeated = tuple(name for name in DateColumns._fields if name in columns)
        self.participations = Table(
            *(Participation, "id", "uuid", "position", "event_id", "event_kind_id", "actor_id"),
            *("role_id", "note", *self._repeated),
        )
        self.citations = Table(
            *(Citation, "id", *STATE, "event_id", "source_id", "quote", "locator", "search_text")
        )
        self.tagged = Table(EventRecord.tags.through, "id", "event_id", "tag_id", *self._repeated)
        self._terms: dict[tuple[str, str], int] = {
            (term.vocabulary, term.code): term.pk for term in Term.objects.all()
        }
        self._next = {"member": 0, "participation": 0, "citation": 0, "tagged": 0}

    def named(self) -> Iterator[tuple[Table, list[Row]]]:
        """Whom and what the events name."""
        shown = ("published", BEGINNING, BEGINNING, BEGINNING)
        yield (
            self.places,
            [
                self.places.row(
                    *(number, place.uuid, *shown, place.name, place.country, place.region),
                    *(place.latitude, place.longitude, _indexed(place.name, place.region)),
                )
                for number, place in enumerate(self.world.places(), 1)
            ],
        )
        yield (
            self.actors,
            [
                self.actors.row(
                    *(number, actor.uuid, *_state(actor.publication, BEGINNING), actor.name),
                    *(actor.kind, actor.identity, actor.protected, graded(_indexed(actor.name))),
                )
                for number, actor in enumerate(self.world.actors(), 1)
            ],
        )
        yield (
            self.sources,
            [
                self.sources.row(
                    *(number, source.uuid, *shown, *_dates(source.date), source.title, source.kind),
                    *(
                        source.publisher,
                        source.url,
                        graded(_indexed(source.title, source.publisher)),
                    ),
                )
                for number, source in enumerate(self.world.sources(), 1)
            ],
        )
        yield (
            self.tags,
            [
                self.tags.row(number, tag.uuid, tag.slug, tag.slug)
                for number, tag in enumerate(self.world.tags(), 1)
            ],
        )

    def of_events(self, events: list[Event]) -> Iterator[tuple[Table, list[Row]]]:
        """The events with all their parts, table by table."""
        yield self.events, [self._event(event) for event in events]
        yield (
            self.members,
            [
                self.members.row(self._key("member"), event.number + 1, *bounds)
                for event in events
                if event.date is not None
                for bounds in read_edtf(event.date).members
            ],
        )
        yield (
            self.participations,
            [
                self.participations.row(
                    *(self._key("participation"), one.uuid, position, event.number + 1, kind),
                    *(one.actor + 1, self._terms["roles", one.role], one.note, *repeated),
                )
                for event in events
                for repeated, kind in [(self._repeats(event), self._kind(event))]
                for position, one in enumerate(event.participations)
            ],
        )
        yield (
            self.citations,
            [
                self.citations.row(
                    *(self._key("citation"), one.uuid, *_state(event.publication, event.at)),
                    *(
                        event.number + 1,
                        one.source + 1,
                        one.quote,
                        one.locator,
                        _indexed(one.quote),
                    ),
                )
                for event in events
                for one in event.citations
            ],
        )
        yield (
            self.tagged,
            [
                self.tagged.row(self._key("tagged"), event.number + 1, tag + 1, *repeated)
                for event in events
                for repeated in [self._repeats(event)]
                for tag in event.tags
            ],
        )

    def _event(self, event: Event) -> Row:
        return self.events.row(
            *(event.number + 1, event.uuid, *_state(event.publication, event.at)),
            *(*_dates(event.date), event.title, event.summary),
            self._kind(event),
            None if event.place is None else event.place + 1,
            *(event.status, event.assessment, event.sequence, DATASET, event.external_id),
            *(event.extra, event.date_text, graded(_indexed(event.title, event.summary))),
        )

    def _kind(self, event: Event) -> int | None:
        return self._terms["kinds", event.kind] if event.kind else None

    def _repeats(self, event: Event) -> Row:
        values = dict(zip(DATED, _dates(event.date), strict=True)) if self._repeated else {}
        return tuple(values[name] for name in self._repeated)

    def _key(self, what: str) -> int:
        self._next[what] += 1
        return self._next[what]


def _state(publication: str, at: Any) -> Row:
    was_shown = publication in ("published", "withdrawn")
    return publication, at if was_shown else None, at, at + timedelta(milliseconds=250)


def _dates(text: str | None) -> Row:
    return (text, *date_columns(None if text is None else read_edtf(text)))


def chunks(events: Iterator[Event]) -> Iterator[list[Event]]:
    while chunk := list(islice(events, CHUNK)):
        yield chunk


def load(world: World, progress: Callable[[int], None] | None = None) -> None:
    """Write the whole world, and let the database count what it holds."""
    loader = Loader(world)
    done = 0
    _write(loader.named())
    for events in chunks(world.events()):
        _write(loader.of_events(events))
        done += len(events)
        if progress:
            progress(done)
    finish()


def _write(tables: Iterable[tuple[Table, list[Row]]]) -> None:
    # Made before the transaction begins, which may not be idle for long.
    ready = list(tables)
    with transaction.atomic():
        for table, rows in ready:
            table.insert(rows)


def finish() -> None:
    """Keys go on after those that were given, and the planner knows the numbers."""
    tables = [
        *(Place, Actor, Source, Tag, EventRecord, EventDateMember, Participation, Citation),
        EventRecord.tags.through,
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            # A busy machine may take longer than the service lets a statement last.
            cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("ANALYZE")
