"""A page of events has the rows that the plain queryset has, however they were found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.records import term
from tests.temporal.strategies import TEXTS as DATES
from timeline.api.filters.events import EventFilter
from timeline.api.questions import KeptList
from timeline.api.viewsets.base import downwards
from timeline.api.viewsets.records import EVENT_ORDER, REPORTED
from timeline.models import Actor, Citation, Event, Participation, Place, Source, Tag
from timeline.querysets import leads
from timeline.querysets.keysets import page, reversed_order
from timeline.querysets.pages import Key
from timeline.querysets.visibility import CONTRIBUTOR, PUBLIC
from timeline.services.records import save_date_members
from timeline.temporal import parse

pytestmark = pytest.mark.django_db

STATES = ["published", "published", "published", "draft"]
KINDS, ROLES = ["sentencing", "trial"], ["court", "accused"]
WORDS = ["alpha", "beta", "gamma"]


def a_world(draw: Any) -> None:
    """Few of everything, so that most questions find some and not all."""

    def of(rows: list[Any]) -> list[Any]:
        return draw(st.lists(st.sampled_from(rows), max_size=2, unique_by=id))

    def maybe(rows: list[Any]) -> Any:
        return draw(st.none() | st.sampled_from(rows))

    def state() -> dict[str, Any]:
        public = draw(st.sampled_from(STATES))
        at = "2020-01-01T00:00:00Z" if public == "published" else None
        return {"publication": public, "published_at": at}

    def text() -> str:
        return " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=2)))

    places = [Place.objects.create(**state(), name=text(), country=c) for c in ("CN", "US", "CN")]
    Place.objects.filter(pk=places[1].pk).update(parent=places[0])
    actors = [
        Actor.objects.create(**state(), name=text(), kind=kind, protected=draw(st.booleans()))
        for kind in ("person", "group")
    ]
    dates = draw(st.lists(st.none() | DATES.map(parse), min_size=1, max_size=8))
    sources = [
        Source.objects.create(
            **state(), title=text(), publisher=who, date=draw(st.sampled_from(dates))
        )
        for who in ("Reuters", "AP", "AP", "")
    ]
    user = get_user_model().objects.create(username="ed")
    tags = [Tag.objects.create(slug=slug, label=slug) for slug in WORDS]
    for _ in range(draw(st.integers(0, 14))):
        event = Event.objects.create(
            **state(),
            date=draw(st.sampled_from(dates)),
            title=text(),
            place=maybe(places),
            kind=maybe([term("kinds", code) for code in KINDS]),
            status=draw(st.sampled_from(["occurred", "planned"])),
            assessment=draw(st.sampled_from(["unassessed", "disputed"])),
            sequence=draw(st.integers(0, 1)),
            dataset=draw(st.sampled_from(["", "one"])),
            extra=draw(st.sampled_from([{}, {"number": 1}, {"number": [2, "none"]}])),
            created_by=maybe([user]),
        )
        event.tags.set(of(tags))
        save_date_members(event)
        for actor in of(actors):
            for role in of(ROLES):
                Participation.objects.create(event=event, actor=actor, role=term("roles", role))
        for source in of(sources):
            bearing = draw(st.sampled_from(["supports", "disputes"]))
            Citation.objects.create(**state(), event=event, source=source, bearing=bearing)


def questions(number: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Questions with the same parameters, up to four at once, each with one value or several."""

    def some(*values: str) -> st.SearchStrategy[list[str]]:
        return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)

    some_number = some("0", "1")
    parameters: dict[str, st.SearchStrategy[list[str]]] = {
        **dict.fromkeys(("actor", "place", "source", "not_actor", "actor_all"), some_number),
        "role": some(*ROLES),
        "actor_kind": some("person", "group"),
        "kind": some(*KINDS),
        "not_kind": some(*KINDS),
        "tag": some(*WORDS),
        "not_tag": some(*WORDS),
        "tag_all": some(*WORDS),
        "country": some("CN", "US"),
        "publisher": some("Reuters", "AP"),
        "status": some("occurred", "planned"),
        "assessment": some("unassessed", "disputed"),
        "dataset": some("one", "two"),
        "created_by": some("ed", "nobody"),
        "not_status": some("occurred", "planned"),
        "not_assessment": some("unassessed", "disputed"),
        "not_dataset": some("one", "two"),
        "publication": some("draft", "published", "in_review"),
        "extra.number": some("1", "2.0", "none"),
        "q": some(*WORDS, "?", "-alpha beta", '"alpha beta"', "al*").map(lambda texts: texts[:1]),
        "has_dispute": some("true", "false").map(lambda texts: texts[:1]),
        "has_citation": some("true", "false").map(lambda texts: texts[:1]),
        "undated": some("true", "false").map(lambda texts: texts[:1]),
        "match": some("possible", "certain").map(lambda texts: texts[:1]),
        **{
            name: DATES.map(lambda text: [text])
            for name in ("overlapping", "within", "before", "after", "containing")
        },
    }
    names = st.lists(st.sampled_from(sorted(parameters)), max_size=4, unique=True)
    one = names.map(
        lambda chosen: st.fixed_dictionaries({name: parameters[name] for name in chosen})
    )
    return one.flatmap(lambda question: st.lists(question, min_size=number, max_size=number))


def filters_of(question: dict[str, Any], viewer: Any) -> EventFilter:
    """The filters of a query, with ids for the numbers in it."""
    query = QueryDict(mutable=True)
    for name, values in question.items():
        models = {"actor": Actor, "place": Place, "source": Source}
        model = models.get(name.removeprefix("not_").removesuffix("_all"))
        rows = list(model.objects.order_by("pk")) if model else []
        query.setlist(name, [str(rows[int(one)].uuid) if model else one for one in values])
    everything = Event.objects.visible_to(viewer)
    filters = EventFilter(query, queryset=everything)
    assert filters.is_valid(), filters.errors
    return filters


def asked_of(question: dict[str, Any], viewer: Any) -> Any:
    """The events that a query finds."""
    return filters_of(question, viewer).filter_queryset(Event.objects.visible_to(viewer))


def by_pages(events: Any, order: Any, size: int) -> list[int]:
    """The keys of all rows, page by page."""
    keys, after = [], None
    while True:
        rows = events.page(order, after, size)
        keys += [row.pk for row in rows]
        if len(rows) < size:
            return keys
        after = [getattr(rows[-1], name) for name, _ in order]


@contextmanager
def world_in_which(most: int, draw: Any) -> Iterator[None]:
    """Nothing is few, some of it, or everything."""
    with pytest.MonkeyPatch.context() as limits, transaction.atomic():
        for name in ("FEW", "SOME", "PAGE"):
            limits.setattr(leads, name, most)
        a_world(draw)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("most", [0, 3, 20_000])
@settings(max_examples=8)
@given(data=st.data())
def test_pages_have_the_rows_of_the_plain_list_in_their_order(
    most: int, data: st.DataObject
) -> None:
    """Whatever leads."""
    with world_in_which(most, data.draw):
        for (question,) in data.draw(st.lists(questions(1), min_size=3, max_size=3)):
            for viewer in (PUBLIC, CONTRIBUTOR):
                clock = data.draw(st.sampled_from(["occurred", "reported"]))
                events = asked_of(question | {"clock": [clock]}, viewer)
                if clock == "reported":
                    events = events.on_clock_of_reports()
                upwards = REPORTED if clock == "reported" else EVENT_ORDER
                keyed = events.values_list("pk", *(name for name, _ in upwards), named=True)
                for order in (upwards, downwards(upwards)):
                    plain = [row.pk for row in page(events, order, None, 100)]
                    rows = data.draw(st.sampled_from([events, keyed]))
                    size = data.draw(st.integers(1, 4))
                    assert by_pages(rows, order, size) == plain
                    assert by_pages(rows, reversed_order(order), size) == plain[::-1]


@pytest.mark.parametrize("most", [0, 3, 20_000])
@settings(max_examples=8)
@given(data=st.data())
def test_a_list_composed_for_one_question_answers_others_of_its_shape(
    most: int, data: st.DataObject
) -> None:
    with world_in_which(most, data.draw):
        # What is kept of one world is not for another.
        world, order = object(), data.draw(st.sampled_from([EVENT_ORDER, downwards(EVENT_ORDER)]))
        for question in data.draw(questions(4)):
            for viewer in (PUBLIC, CONTRIBUTOR):
                everything = Event.objects.visible_to(viewer).values_list(*Key._fields, named=True)
                kept = KeptList(
                    (world, viewer),
                    filters_of(question, viewer),
                    lambda filters, rows=everything: filters.filter_queryset(rows),
                )
                plain = [row.pk for row in page(asked_of(question, viewer), order, None, 100)]
                assert by_pages(kept, order, data.draw(st.integers(1, 4))) == plain


def test_what_is_looked_up_for_one_question_is_not_kept_for_others() -> None:
    public = {"publication": "published", "published_at": "2020-01-01T00:00:00Z"}
    within = Place.objects.create(name="Within", **public)
    around = Place.objects.create(name="Around", **public)
    event = Event.objects.create(title="There", place=within, **public)
    question = {"place": ["1"]}

    def found() -> list[int]:
        events = Event.objects.visible_to(PUBLIC)
        filters = filters_of(question, PUBLIC)
        kept = KeptList("places", filters, lambda asked: asked.filter_queryset(events))
        return [row.pk for row in kept.page(EVENT_ORDER, None, 10)]

    assert found() == []
    Place.objects.filter(pk=within.pk).update(parent=around)
    assert found() == [event.pk]
