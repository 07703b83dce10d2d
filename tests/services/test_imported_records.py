"""What comes in by the file in bulk is what the verbs would have written, to the last column."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.factories.records import make_actor, make_event, make_place, make_source, taking_part
from tests.temporal.strategies import TEXTS as DATES
from timeline.models import (
    Action,
    Actor,
    ActorName,
    Change,
    Citation,
    Event,
    EventDateMember,
    Origin,
    Participation,
    Place,
    Source,
    Tag,
    Term,
)
from timeline.services import ledger, publicity
from timeline.services.access import the_command_line
from timeline.services.imports import run_import
from timeline.services.publicity import Entry
from timeline.services.records import save_date_members

pytestmark = pytest.mark.django_db

RECORDED = (Term, Tag, Place, Actor, Source, Event, Citation)
WRITTEN = (*RECORDED, ActorName, Participation)

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    ['"', "\\", "“邢台” 🜚", "%(uuid)s %", "Ünsal", "a  b"]
)
# Few names, so that rows meet again.
NAMES = st.sampled_from(["Hidden", "Secret", "Both", "邢台", "The Court", "%s"]) | TEXTS.map(
    "N{}".format
)
POINTS = st.just({}) | st.fixed_dictionaries(
    {"lat": st.integers(-90, 90) | st.floats(-90, 90), "lon": st.floats(-180, 180)}
)
PLACES = st.builds(
    lambda point, **said: said | point,
    POINTS,
    name=NAMES,
    country=st.sampled_from(["", "CN", "us", "Nowhere"]),
    region=TEXTS,
)
ACTORS = st.fixed_dictionaries(
    {
        "name": NAMES,
        "kind": st.sampled_from(["person", "group", "unknown", "robot"]),
        "role": st.sampled_from(["court", "Pursuer", "!"]),
        "aliases": st.lists(NAMES, max_size=2),
        "note": TEXTS,
        "outcome": TEXTS,
    }
)
SOURCES = st.fixed_dictionaries(
    {"title": NAMES, "publisher": TEXTS, "published": st.none() | DATES},
    optional={"url": st.sampled_from(["https://e.example/1", "https://e.example/a b"])},
)
ROWS = st.fixed_dictionaries(
    {
        "title": NAMES,
        "summary": TEXTS,
        "kind": st.sampled_from(["", "sentencing", "A Raid"]),
        "edtf": st.none() | DATES,
        "date_text": TEXTS,
        "status": st.sampled_from(["occurred", "planned"]),
        "assessment": st.sampled_from(["alleged", "unassessed"]),
        "image": st.sampled_from([None, "https://e.example/i.png"]),
        "place": st.none() | PLACES,
        "actors": st.lists(ACTORS, max_size=3),
        "sources": st.lists(SOURCES, max_size=2),
        "tags": st.lists(st.sampled_from(["Raid", "raid", "War", "邢台", "?"]), max_size=3),
        "extra": st.dictionaries(TEXTS, st.none() | st.integers(0, 9) | TEXTS, max_size=2),
    }
)


def a_world() -> None:
    """What rows may name and the public may not see, or only in part."""
    make_actor("draft", name="Hidden", kind="person")
    make_actor(name="Secret", kind="person", protected=True)
    make_source("draft", title="Hidden", url=None)
    event = make_event("draft", participations=[taking_part(make_actor(name="Both"), "court")])
    event.tags.add(Tag.objects.create(slug="War", label="War"))


def bring(rows: list[dict[str, Any]], *, publish: bool) -> None:
    numbered = ({"dataset": "d", "external_id": str(n)} | row for n, row in enumerate(rows))
    file = io.BytesIO("\n".join(map(json.dumps, numbered)).encode())
    by = the_command_line(origin=Origin.IMPORT)
    run_import(file, by=by, publish=publish, on_error="skip")


def columns_of(model: Any) -> list[dict[str, Any]]:
    return list(model.objects.order_by("pk").values())


def assert_saved_alike() -> None:
    """Each row is valid, and saving it again changes nothing of it."""
    for model in WRITTEN:
        before = columns_of(model)
        for row in model.objects.all():
            row.full_clean()
            row.save()
        assert columns_of(model) == before
    members = EventDateMember.objects.order_by("event", "pk").values_list(
        "event", "start_min", "start_max", "end_min", "end_max"
    )
    before = list(members)
    for event in Event.objects.order_by("pk"):
        save_date_members(event)
        assert len(event.date_members.all()) == len(event.date.members if event.date else ())
    assert list(members) == before


def assert_told_alike(since: int) -> None:
    """The ledger says of each record what it would say if it were asked now."""
    assert ledger.first_broken() is None
    last: dict[Any, Change] = {}
    for change in Change.objects.filter(pk__gt=since).order_by("pk"):
        last[change.record_uuid] = change
    for model in RECORDED:
        for record in model.objects.filter(uuid__in=last):
            first = Change.objects.filter(record_uuid=record.uuid).earliest("pk")
            assert (first.action, first.version, first.was_public) == (Action.CREATED, 1, False)
            change = last[record.uuid]
            assert change.snapshot == ledger.canonical(ledger.snapshot(record))
            assert change.state_after == getattr(record, "publication", "")
            told = Entry(model, Change.objects.get(pk=change.pk), change.data)
            publicity.judge([told])
            assert (told.change.is_public, told.change.hidden) == (change.is_public, change.hidden)


@pytest.mark.parametrize("publish", [False, True], ids=["drafts", "published"])
def test_a_record_that_came_in_is_the_record_that_the_verbs_write(publish: bool) -> None:
    @settings(
        max_examples=10,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        # To make a failing world smaller takes minutes.
        phases=set(Phase) - {Phase.shrink},
    )
    @given(st.lists(ROWS, min_size=1, max_size=3))
    def every_world(rows: list[dict[str, Any]]) -> None:
        with transaction.atomic():
            since = Change.objects.latest("pk").pk
            bring(rows, publish=publish)
            assert_told_alike(since)
            assert_saved_alike()
            transaction.set_rollback(True)

    a_world()
    every_world()


def test_the_equator_from_the_south_is_the_equator() -> None:
    """Computers have a zero below zero, and SQLite does not."""
    since = 0
    point = {"lat": -0.0, "lon": -0.0}
    bring(
        [{"title": "Crossing", "edtf": "1999", "place": {"name": "0, 0", **point}}], publish=False
    )
    make_place(name="Null Island", latitude=-0.0, longitude=-0.0)
    assert_told_alike(since)
    for latitude in Place.objects.values_list("latitude", flat=True):
        assert str(latitude) == "0.0"
