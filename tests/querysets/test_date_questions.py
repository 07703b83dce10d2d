"""The database answers every question about dates as the pure core does."""

from __future__ import annotations

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.factories.people import someone
from tests.factories.records import make_actor, make_event, taking_part
from tests.temporal.strategies import TEXTS
from timeline.db.dates import read_edtf
from timeline.models import Event, EventDateMember, Participation
from timeline.services.derived import rebuild_dates
from timeline.services.events import update_event
from timeline.temporal import Edtf, Interval, Relation, certainly, format_instant, parse, possibly

pytestmark = pytest.mark.django_db

YEARS_9000 = 9000 * 366 * 86_400

WRITTEN = [
    *("2017", "2019-08", "2019-11-07", "2019-11-07T13:29:21Z", "2019-11-07T13:29:21+08:00"),
    *("2017/2019-11", "2017/..", "2017/", "../2019-07", "/2019-07", "2019/2019"),
    *("1912~", "1912?", "1912%", "2019-08~", "2019-11-07?", "201X", "19XX", "2019-XX-07"),
    *("[..2019-07]", "[2019-11-07,2019-11-09]", "[2017,2019]", "{2017,2019}", "{2017-01..2017-03}"),
    *("[2018..]", "{2018..}", "[1912?,1914]", "{1912~,1950}", "[2019-01..2019-03,2019-12]"),
    *("-0043-03-15", "-0490", "0000", "Y-50000", "Y170000002", "Y17E7", "2020-21", "2019-24"),
    *("../..", "2019-02-28/2019-03-01", "2019-08-01", "2019-08-31", "2018-12-31/2020-01-01"),
]
WINDOWS = [
    *("2017", "2019-08", "2019-11-07", "2018", "2017/2019", "../2018", "2019/..", "1912", "../.."),
    *("[2017,2019]", "-0490/0000", "2019-11-08", "2020-21", "Y-50000/-0043", "2019-08?", "1000"),
]


def store(texts: list[str | None]) -> list[Event]:
    """Events with these dates, written in bulk; members as the services write them."""
    events = Event.objects.bulk_create(
        Event(title=text or "undated", date=read_edtf(text) if text else None) for text in texts
    )
    EventDateMember.objects.bulk_create(
        EventDateMember(event=event, **bounds._asdict())
        for event in events
        if event.date is not None and event.date.set_kind
        for bounds in event.date.members
    )
    return events


def expected(
    event: Event, relation: Relation, window: Edtf, match: str, *, trust_uncertain: bool
) -> bool:
    if event.date is None:
        return False
    if match == "possible":
        return possibly(relation, event.date, window)
    return certainly(relation, event.date, window, trust_uncertain=trust_uncertain)


def assert_alike(events: list[Event], windows: list[str]) -> None:
    for text in windows:
        window = read_edtf(text)
        for relation in Relation:
            for match, trust in (("possible", False), ("certain", False), ("certain", True)):
                asked = Event.objects.related(relation, window, match, trust_uncertain=trust)
                found = set(asked.values_list("pk", flat=True))
                right = {
                    event.pk
                    for event in events
                    if expected(event, relation, window, match, trust_uncertain=trust)
                }
                differing = [e.title for e in events if e.pk in found ^ right]
                assert found == right, (relation, text, match, trust, differing)


def test_dates_of_every_form_are_found_as_they_are_in_memory() -> None:
    events = store([*WRITTEN, None, None])

    assert_alike(events, WINDOWS + WRITTEN)


@pytest.mark.parametrize("number", range(4))
def test_random_dates_are_found_as_they_are_in_memory(number: int) -> None:
    texts, windows = drawn(number, 50), drawn(number + 100, 9)

    assert_alike(store([*texts, None]), [*windows, *texts[::15]])


def drawn(number: int, size: int) -> list[str]:
    """So many dates at random, the same ones for a number on either database."""
    texts: list[list[str]] = []

    @seed(number)
    @hypothesis_settings(
        max_examples=2, database=None, suppress_health_check=list(HealthCheck), deadline=None
    )
    @given(st.lists(TEXTS, min_size=size, max_size=size + 10))
    def draw(some: list[str]) -> None:
        texts.append(some)

    draw()
    # What is drawn first is the simplest there is, the same date over and over.
    return texts[-1]


@pytest.mark.parametrize("number", range(4))
def test_random_dates_are_counted_over_time_as_the_list_finds_them(number: int) -> None:
    texts = drawn(number, 60)
    # What is bounded further away needs more buckets than anybody is given.
    near = [text for text in texts if _farthest(read_edtf(text)) < YEARS_9000]
    store([*near, None])
    for interval in ("century", "decade"):
        counts, undated = Event.objects.counted_over_time(Interval(interval))
        assert undated == 1
        total = sum(bucket.expected for bucket in counts.buckets)
        assert total + counts.unplaced == pytest.approx(len(near))
        some = [one for one in counts.buckets if one.possible and abs(one.start) < YEARS_9000]
        for bucket in random.Random(number).sample(some, min(20, len(some))):
            window = read_edtf(f"{format_instant(bucket.start)}/{format_instant(bucket.end)}")
            assert bucket.possible == Event.objects.overlapping(window).count()
            assert bucket.certain == Event.objects.within(window, "certain").count()


def _farthest(date: Edtf) -> int:
    edges = [edge for one in (date, *date.members) for edge in (one.start_min, one.end_max)]
    return max((abs(edge) for edge in edges if abs(edge) < 2**62), default=0)


def test_an_undated_event_stands_in_no_relation_to_anything() -> None:
    store([None])

    for relation in Relation:
        assert not Event.objects.related(relation, read_edtf("../.."), "possible").exists()


def test_the_date_of_many_events_at_once_is_refused_since_their_bounds_would_stay() -> None:
    with pytest.raises(TypeError, match="save each record"):
        Event.objects.update(date=read_edtf("2019"))


def assert_the_hulls_are_those_of_the_events() -> None:
    for model in (Participation, Event.tags.through):
        for row in model.objects.select_related("event"):
            for name in ("start_min", "end_max", "sort_key"):
                assert getattr(row, name) == getattr(row.event, name)


@hypothesis_settings(max_examples=25)
@given(data=st.data())
def test_who_took_part_is_found_by_the_window_of_the_event_whatever_became_of_its_date(
    data: st.DataObject,
) -> None:
    with transaction.atomic():
        actor = make_actor()
        some_dates = st.none() | TEXTS.map(parse)
        event = make_event(
            date=data.draw(some_dates), participations=[taking_part(actor)], tags=["courts"]
        )
        for _ in range(data.draw(st.integers(0, 2))):
            event = update_event(event, values={"date": data.draw(some_dates)}, by=someone())
        assert_the_hulls_are_those_of_the_events()
        for model in (Participation, Event.tags.through):
            assert model.objects.update(start_min=7, end_max=7, sort_key=7) == 1
        assert rebuild_dates() == 2
        assert_the_hulls_are_those_of_the_events()

        window = data.draw(TEXTS.map(parse))
        for relation in Relation:
            for match in ("possible", "certain"):
                related = Event.objects.related(relation, window, match)
                near = related.involving([actor.uuid], windows=[(relation, window)])
                assert set(near) == set(related.filter(pk=event.pk)), (relation, match)
        transaction.set_rollback(True)
