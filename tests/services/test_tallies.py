"""Whatever is written and by whatever verb, the public counts what reading every event counts."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.people import someone
from tests.factories.records import (
    make_actor,
    make_citation,
    make_event,
    make_place,
    make_source,
    taking_part,
    term,
)
from tests.querysets.test_facets import DATES, FACETS, READ, by_reading
from timeline.db import repeated
from timeline.db.dates import read_edtf
from timeline.db.tallies import MOST_ASIDE, settle
from timeline.db.tally_triggers import BEHIND, WATCHED, triggers
from timeline.db.years import WITHIN
from timeline.errors import TimelineError
from timeline.models import (
    Actor,
    Change,
    Citation,
    Event,
    Import,
    Participation,
    Place,
    Source,
    Tag,
)
from timeline.querysets.visibility import PUBLIC
from timeline.services.derived import rebuild_tallies
from timeline.services.events import update_event
from timeline.services.imports import run_import
from timeline.services.merging import MERGED, merge_records
from timeline.services.publication import STEPS, take_step
from timeline.services.records import delete_record, update_record
from timeline.services.undoing import undo_import, undo_operation
from timeline.temporal import Interval, TooManyBuckets
from timeline.temporal.buckets import bucket_of, bucket_start

pytestmark = pytest.mark.django_db

ROLES = ("speaker", "host", "witness")
STATES = ("published", "published", "published", "draft", "in_review", "withdrawn")
PUBLISHERS = ("AP", "Reuters", "")


class Scribe:
    """Writes something at random, by the verbs that everybody writes by."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.by = chance, someone()
        self.runs = 0

    def one_of(self, model: Any) -> Any:
        return self.chance.choice(model.objects.order_by("pk"))

    def state(self) -> str:
        return self.chance.choice(STATES)

    def values(self) -> dict[str, Any]:
        """What an event may say."""
        chance = self.chance
        date = chance.choice([None, *DATES])
        people = [
            taking_part(self.one_of(Actor), chance.choice(ROLES))
            for _ in range(chance.randint(0, 3))
        ]
        return {
            "date": date and read_edtf(date),
            "kind": chance.choice([None, term("kinds", "meeting"), term("kinds", "trial")]),
            "place": chance.choice([None, self.one_of(Place)]),
            "status": chance.choice(["occurred", "planned"]),
            "assessment": chance.choice(["alleged", "disputed"]),
            "participations": list({(o["actor"].pk, o["role"].pk): o for o in people}.values()),
            "tags": chance.sample(["t0", "t1", "t2"], chance.randint(0, 3)),
        }

    def some_values(self) -> dict[str, Any]:
        values = self.values()
        return {name: values[name] for name in self.chance.sample(sorted(values), 2)}

    # --- Verbs ---

    def name(self) -> None:
        make = self.chance.choice((make_actor, make_place))
        make(self.state())

    def name_a_source(self) -> None:
        make_source(self.state(), publisher=self.chance.choice(PUBLISHERS))

    def tell(self) -> None:
        make_event(self.state(), **self.values())

    def cite(self) -> None:
        make_citation(self.state(), event=self.one_of(Event), source=self.one_of(Source))

    def take_a_step(self) -> None:
        model = self.chance.choice((Event, Event, Actor, Source, Citation, Place))
        take_step(self.one_of(model), self.chance.choice(list(STEPS)), by=self.by)

    def change(self) -> None:
        update_event(self.one_of(Event), values=self.some_values(), by=self.by)

    def protect(self) -> None:
        values = {"protected": self.chance.random() < 0.5}
        update_record(self.one_of(Actor), values=values, by=self.by)

    def name_the_publisher(self) -> None:
        values = {"publisher": self.chance.choice(PUBLISHERS)}
        update_record(self.one_of(Source), values=values, by=self.by)

    def cite_another(self) -> None:
        values = {"source": self.one_of(Source)}
        update_record(self.one_of(Citation), values=values, by=self.by)

    def merge(self) -> None:
        model = self.chance.choice(MERGED)
        merge_records(self.one_of(model), self.one_of(model), by=self.by)

    def delete(self) -> None:
        model = self.chance.choice((Event, Citation, Source, Actor, Place))
        delete_record(self.one_of(model), by=self.by)

    def undo(self) -> None:
        last = Change.objects.order_by("-pk")[: self.chance.randint(1, 20)]
        undo_operation(last[len(last) - 1].operation, by=self.by)

    def bring(self) -> None:
        """By the file: new, known and changed rows."""
        rows = [
            {
                "dataset": "d",
                "external_id": f"E{self.chance.randint(1, 6)}",
                "title": "Brought",
                "edtf": self.chance.choice(DATES),
                "kind": self.chance.choice(["meeting", "trial"]),
                "actors": [
                    {"name": f"A{n}", "kind": "group", "role": self.chance.choice(ROLES)}
                    for n in range(self.chance.randint(0, 2))
                ],
                "sources": [
                    {"title": "Brought", "url": "https://brought.example/", "publisher": "AP"}
                ],
                "tags": ["t1"],
            }
            for _ in range(3)
        ]
        file = io.BytesIO(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
        run_import(file, by=self.by, publish=self.chance.random() < 0.7, on_error="skip")

    def take_back_what_was_brought(self) -> None:
        undo_import(self.one_of(Import), by=self.by)

    def settle(self) -> None:
        settle(0)

    def write(self) -> str:
        """Something; what is refused is not written."""
        verbs = (
            *(self.name, self.name_a_source, self.tell, self.tell, self.cite, self.take_a_step),
            *(self.take_a_step, self.change, self.change, self.protect, self.name_the_publisher),
            *(self.cite_another, self.merge, self.delete, self.undo, self.bring),
            *(self.take_back_what_was_brought, self.settle, self.settle),
        )
        verb = self.chance.choice(verbs)
        try:
            with transaction.atomic():
                verb()
        except (TimelineError, IndexError) as refused:
            return f"{verb.__name__} refused: {refused!r}"
        return verb.__name__


def assert_counted_in_time(written: Any = ()) -> None:
    events = Event.objects.visible_to(PUBLIC)
    assert events._is_tallied()
    # What is asked of them besides has them counted one by one.
    plain = events.filter(title__gt="").exclude(title="-")
    for interval, trust in product(
        (Interval.CENTURY, Interval.DECADE, Interval.YEAR), (False, True)
    ):
        (counts, undated), (expected, without) = (
            rows.counted_over_time(interval, trust_uncertain=trust) for rows in (events, plain)
        )
        assert (undated, counts.unplaced) == (without, expected.unplaced), written
        assert [b[:4] for b in counts.buckets] == [b[:4] for b in expected.buckets], written
        assert [b.expected for b in counts.buckets] == pytest.approx(
            [b.expected for b in expected.buckets], abs=1e-9
        ), written
    for interval in (Interval.MONTH, Interval.DAY):
        assert span(events, interval) == span(plain, interval), (interval, written)


def span(events: Any, interval: Interval) -> int:
    """How many buckets, whether or not that are too many."""
    try:
        return len(events.counted_over_time(interval)[0].buckets)
    except TooManyBuckets as refused:
        return refused.needed


def assert_kinds_are_repeated(written: Any = ()) -> None:
    told = Participation.objects.values_list("event_kind", "event__kind")
    assert [pair for pair in told if pair[0] != pair[1]] == [], written


def assert_counted(written: Any = ()) -> None:
    assert_counted_in_time(written)
    assert_kinds_are_repeated(written)
    events = Event.objects.visible_to(PUBLIC)
    read = list(events.prefetch_related(*READ))
    for what in FACETS:
        expected = by_reading(read, what, PUBLIC)
        assert [tuple(facet) for facet in events.counted_by(what)] == expected, (what, written)
        assert [tuple(f) for f in events.counted_by(what, most=1)] == expected[:1], (what, written)


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_the_public_counts_what_is_there_whatever_is_written(seed: int) -> None:
    with transaction.atomic():
        scribe, written = Scribe(Random(seed)), []
        scribe.name_a_source()
        scribe.name()
        for number in range(30):
            written.append(scribe.write())
            if number % 5 == 4:
                assert_counted(written)
        assert_counted(written)
        transaction.set_rollback(True)


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(DATES), max_size=4), st.booleans())
def test_any_dates_are_counted_by_the_year(dates: list[str], is_settled: bool) -> None:
    with transaction.atomic():
        for date in (*dates, None):
            make_event(date=date)
        if is_settled:
            settle(0)
        assert_counted_in_time(dates)
        transaction.set_rollback(True)


def test_whatever_is_written_past_the_services_has_the_kind_of_its_event() -> None:
    some_world()
    trial, meeting = term("kinds", "trial"), term("kinds", "meeting")
    one, other, *_ = Event.objects.order_by("pk")
    new = {"actor": Actor.objects.earliest("pk"), "role": term("roles", "court")}
    for kind in (trial, None, meeting):
        Event.objects.filter(pk=one.pk).update(kind=kind)
        assert_kinds_are_repeated()
    Participation.objects.update_or_create(event=other, **new, defaults={"event_kind": trial})
    assert_kinds_are_repeated()
    Event.objects.update(kind=meeting)
    assert_kinds_are_repeated()
    Participation.objects.filter(event=other).update(event_kind=trial)
    assert_kinds_are_repeated()
    Event.objects.filter(pk=other.pk).update(kind=trial)
    Participation.objects.filter(event=other, **new).update(event=Event.objects.latest("pk"))
    assert_kinds_are_repeated()
    # As a fixture may, that has who took part before the event.
    early = Event(pk=10**6, title="Told later", kind=trial)
    repeats = {"start_min": 1, "end_max": 1, "sort_key": 1}
    Participation(event_id=early.pk, **new, **repeats).save_base(raw=True)
    early.save(force_insert=True)
    assert_kinds_are_repeated()


def aside() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM timeline_aside")
        return int(cursor.fetchone()[0])


def some_world() -> Scribe:
    """A few records, all of them on the tallies."""
    scribe = Scribe(Random(3))
    for _ in range(3):
        make_actor(), make_place(), scribe.name_a_source()
    for _ in range(8):
        make_event(**scribe.values())
        scribe.cite()
    settle(0)
    assert aside() == 0
    return scribe


def test_what_is_written_past_the_services_is_counted_too() -> None:
    some_world()
    event, other, *_ = Event.objects.order_by("pk")
    event.tags.add(*Tag.objects.all())
    assert_counted()
    other.tags.clear()
    assert_counted()
    Tag.objects.earliest("pk").delete()
    assert_counted()
    Participation.objects.filter(role=term("roles", "host")).update(role=term("roles", "victim"))
    assert_counted()
    Participation.objects.bulk_create(
        Participation(event=one, actor=Actor.objects.first(), role=term("roles", "court"))
        for one in (event, other)
    )
    assert_counted()
    Actor.objects.update(protected=True)
    assert_counted()
    Actor.objects.filter(pk=Actor.objects.latest("pk").pk).update(protected=False)
    assert_counted()
    Citation.objects.update(event=event)
    assert_counted()
    Source.objects.update(publisher="One")
    assert_counted()
    settle(0)
    assert_counted()
    Event.objects.update(publication="withdrawn")
    assert all(Event.objects.visible_to(PUBLIC).counted_by(what) == [] for what in FACETS)
    Event.objects.update(publication="published")
    assert_counted()
    Citation.objects.all().delete()
    Event.objects.all().delete()
    assert all(Event.objects.visible_to(PUBLIC).counted_by(what) == [] for what in FACETS)
    settle(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM timeline_tally")
        assert cursor.fetchone() == (0,)


def test_tables_that_are_emptied_leave_nothing_counted(engine: str) -> None:
    if engine == "sqlite":
        return  # empties a table by DELETE
    some_world()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE timeline_participation, timeline_citation CASCADE")
    assert_counted()


def test_what_changes_is_set_aside_until_it_is_much() -> None:
    some_world()
    update_event(Event.objects.earliest("pk"), values={"status": "ongoing"}, by=someone())
    make_event()
    assert aside() == 2
    assert_counted()
    with connection.cursor() as cursor:
        # As if by changes of events that are gone again.
        cursor.executemany(
            "INSERT INTO timeline_aside VALUES (%s, %s)",
            [(10**9 + number, True) for number in range(MOST_ASIDE)],
        )
    update_event(Event.objects.latest("pk"), values={"status": "ongoing"}, by=someone())
    assert aside() == 0
    assert_counted()


def test_tallies_that_are_wrong_are_counted_anew() -> None:
    some_world()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE timeline_tally SET number = number + 1 WHERE what = 'status'")
        cursor.execute("DELETE FROM timeline_tally WHERE what = 'actor'")
    assert rebuild_tallies() > 0
    assert_counted()
    assert rebuild_tallies() == 0


def test_an_actor_that_is_put_back_after_those_who_point_to_it_is_counted_again() -> None:
    some_world()
    actor = Actor.objects.filter(participations__isnull=False).earliest("pk")
    protect = update_record(actor, values={"protected": True}, by=someone())
    assert_counted()
    undo_operation(
        Change.objects.filter(record_uuid=protect.uuid).latest("pk").operation, by=someone()
    )
    assert_counted()
    assert not Actor.objects.get(pk=actor.pk).protected


def test_what_hides_an_actor_or_a_source_sets_nothing_aside() -> None:
    """For they may be in a hundred thousand events."""
    some_world()
    Actor.objects.update(protected=True)
    Source.objects.update(publication="withdrawn")
    assert_counted()
    Actor.objects.update(protected=False)
    Source.objects.update(publication="published", published_at=timezone.now())
    assert_counted()
    assert aside() == 0


def test_a_change_that_no_tally_tells_of_sets_nothing_aside() -> None:
    some_world()
    event, actor = Event.objects.earliest("pk"), Actor.objects.earliest("pk")
    update_event(event, values={"title": "Told anew"}, by=someone())
    update_record(actor, values={"name": "Named anew"}, by=someone())
    assert aside() == 0


def test_every_trigger_is_there_after_all_migrations(engine: str) -> None:
    """A migration that makes a table anew, as SQLite does, has to make them anew as well."""
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(names[engine])
        there = {name for (name,) in cursor.fetchall()}
    kept = (*triggers(engine), *repeated.triggers(engine))
    assert {one.name for one in kept} <= there


@pytest.mark.parametrize("table", WATCHED | BEHIND)
def test_what_is_watched_is_there(table: str) -> None:
    columns, *_ = (WATCHED | BEHIND)[table]
    with connection.cursor() as cursor:
        known = {one.name for one in connection.introspection.get_table_description(cursor, table)}
    assert set(columns) <= known


FAR = (*("Y-170000002", "Y170000002", "Y-3388E2S3", "Y1E9", "-0001-12-31", "0000-01-01"),)
NEAR = ("0000-12-31", "1900-02-28/1900-03-01", "2000-02-29", "1999-12-31/2000-01-01", "1600-12-31?")


SECONDS = st.integers(-(2**62) + 1, 2**62 - 1)
SPANS = st.one_of(SECONDS.map(lambda second: [second] * 2), st.tuples(SECONDS, SECONDS).map(sorted))


@given(st.lists(SPANS, min_size=1, max_size=20))
def test_a_year_is_the_same_to_the_database(spans: list[list[int]]) -> None:
    texts = [date for text in (*FAR, *NEAR) if (date := read_edtf(text))]
    ends = [*spans, *([d.start_min, d.end_max] for d in texts)]
    public = {"publication": "published", "published_at": timezone.now()}
    with transaction.atomic():
        Event.objects.bulk_create(Event(title="E", date=read_edtf("2019"), **public) for _ in ends)
        for key, (first, last) in zip(
            Event.objects.order_by("pk").values_list("pk"), ends, strict=True
        ):
            bounds = {"start_min": first, "start_max": first, "end_min": last, "end_max": last}
            Event.objects.filter(pk=key[0]).update(undated=False, sort_key=first, **bounds)
        settle(0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT what, id, word, part, whole, number FROM timeline_tally")
            rows = [row for row in cursor.fetchall() if row[0] in ("held", "begin", "end")]
        transaction.set_rollback(True)
    expected = Counter(row for first, last in ends for row in told_of(first, last))
    assert {row[:5]: row[5] for row in rows} == expected


def told_of(first: int, last: int) -> Iterator[tuple[str, int, str, int, int]]:
    begins, ends = (bucket_of(second, Interval.YEAR) for second in (first, last))
    holders = [
        (word, begins // years)
        for word, years in WITHIN.items()
        if begins // years == ends // years
    ]
    held = holders[0][0] if holders else "ages"
    if holders:
        yield "held", holders[0][1], held, 0, 0
    if held != "year":
        whole = last + 1 - first
        after, before = (bucket_start(year, Interval.YEAR) for year in (begins + 1, ends))
        yield "begin", begins, held, after - first, whole
        yield "end", ends, held, last + 1 - before, whole
