"""The planner uses the indexes that are there, and each index is there because it is used.

Some thousands of rows, counted by ANALYZE, and the questions as the lists put them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Count, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.databases import count_all_rows, make_room
from timeline.api.viewsets.base import downwards
from timeline.api.viewsets.records import EVENT_ORDER
from timeline.db.dates import read_edtf
from timeline.models import (
    Actor,
    ActorName,
    Citation,
    Delivery,
    Event,
    Participation,
    Place,
    Proposal,
    Source,
    Tag,
    Term,
    Webhook,
)
from timeline.querysets.visibility import EDITOR, PUBLIC

EVENTS, ACTORS = 4000, 400


pytestmark = pytest.mark.django_db


def fill() -> None:
    make_room(Event, Actor, Place, Source, Tag, Proposal, Webhook)
    now = timezone.now()
    shown = {"publication": "published", "published_at": now}
    actors = Actor.objects.bulk_create(Actor(name=f"Actor {n}", **shown) for n in range(ACTORS))
    ActorName.objects.bulk_create(
        ActorName(actor=actor, text=f"Alias {n}") for n, actor in enumerate(actors)
    )
    kinds = list(Term.objects.filter(vocabulary="kinds"))
    places = Place.objects.bulk_create(
        Place(name=f"Place {n}", country="CN", **shown) for n in range(ACTORS)
    )
    sources = Source.objects.bulk_create(
        Source(
            title=f"Source {n}",
            url=f"https://news.example/{n}",
            publisher=f"Publisher {n % 100}",
            **shown,
        )
        for n in range(ACTORS)
    )
    events = Event.objects.bulk_create(
        Event(
            title=f"Event {n}",
            date=read_edtf(f"{1000 + n % 1000:04d}-{n % 12 + 1:02d}") if n % 20 else None,
            kind=kinds[n % len(kinds)],
            place=places[n % ACTORS],
            status="planned" if n % 50 == 1 else "occurred",
            assessment="disputed" if n % 50 == 1 else "unassessed",
            dataset=f"Set {n % 100}",
            external_id=str(n),
            extra={"number": n % 100},
            **(shown if n % 10 else {}),
        )
        for n in range(EVENTS)
    )
    roles = list(Term.objects.filter(vocabulary="roles"))
    Participation.objects.bulk_create(
        Participation(event=event, actor=actors[n % ACTORS], role=roles[n % len(roles)])
        for n, event in enumerate(events)
    )
    Citation.objects.bulk_create(
        Citation(
            event=event,
            source=sources[n % ACTORS],
            bearing="disputes" if n % 100 == 1 else "supports",
            **shown,
        )
        for n, event in enumerate(events)
        if n % 20
    )
    tags = Tag.objects.bulk_create(Tag(slug=f"tag-{n}", label=f"Tag {n}") for n in range(100))
    through = Event.tags.through
    through.objects.bulk_create(
        through(event=event, tag=tags[n % 100]) for n, event in enumerate(events)
    )
    Proposal.objects.bulk_create(
        Proposal(record_type="event", record_uuid=event.uuid, base_version=1, changes={})
        for event in events
    )
    webhooks = Webhook.objects.bulk_create(
        Webhook(name=f"Receiver {n}", url="https://a.example", salt="", cursor="")
        for n in range(50)
    )
    Delivery.objects.bulk_create(
        Delivery(
            webhook=webhooks[n % 50], attempt=1, sent_at=now, duration_ms=1, message="", type=""
        )
        for n in range(EVENTS)
    )
    count_all_rows()


def staff() -> Any:
    return Event.objects.visible_to(EDITOR)


def public(model: Any = Event) -> QuerySet[Any]:
    return model.objects.visible_to(PUBLIC)


def ordered(order: Any) -> QuerySet[Any]:
    return public().order_by(*(f"-{name}" if down else name for name, down in order))


def finding(page: Callable[[], list[Any]]) -> list[str]:
    """The plan of each statement by which a page is found."""
    with CaptureQueriesContext(connection) as captured:
        assert page()
    plans = []
    for one in captured:
        with connection.cursor() as cursor:
            how = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
            cursor.execute(f"{how} {one['sql']}")
            plans.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
    return plans


def first_page(events: Any, order: Any = EVENT_ORDER) -> str:
    return "\n".join(finding(lambda: events.page(order, None, 51)))


def page_after(order: Any) -> str:
    row = ordered(order)[EVENTS // 2]
    values = [getattr(row, name) for name, _ in order]
    return "\n".join(finding(lambda: public().page(order, values, 51)))


def an_actor() -> Any:
    return Actor.objects.get(name="Actor 7")


def events_of_an_actor() -> Any:
    return public().involving([an_actor().uuid])


def a_source() -> Any:
    return Source.objects.get(title="Source 7")


DOWN = downwards(EVENT_ORDER)
# The questions, each with the index that has to answer it.
QUESTIONS: dict[str, tuple[str, Callable[[], QuerySet[Any] | str]]] = {
    "the first page by date": ("event_public_by_date", lambda: first_page(public())),
    "a page in the middle": ("event_public_by_date", lambda: page_after(EVENT_ORDER)),
    "the newest first": ("event_public_by_date", lambda: first_page(public(), DOWN)),
    "a later page of the newest": ("event_public_by_date", lambda: page_after(DOWN)),
    "a page for the staff": ("event_by_date", lambda: first_page(staff())),
    "the newest first, for the staff": ("event_by_date", lambda: first_page(staff(), DOWN)),
    "a page by title": ("event_by_title", lambda: staff().order_by("title", "uuid")[:51]),
    "a page by publication": (
        "event_by_publication",
        lambda: staff().order_by("published_at", "uuid")[:51],
    ),
    "a page by change": ("event_by_change", lambda: staff().order_by("updated_at", "uuid")[:51]),
    "a window": (
        "event_by_span",
        lambda: first_page(public().overlapping(read_edtf("1500/1503"))),
    ),
    "the events of a kind": ("event_by_kind", lambda: first_page(public().of_kinds(["trial"]))),
    "the events at a place": (
        "event_by_place",
        lambda: first_page(public().at([Place.objects.get(name="Place 7").uuid])),
    ),
    "the events in a state": (
        "event_by_status",
        lambda: first_page(public().among("status", ["planned"])),
    ),
    "the events of an assessment": (
        "event_by_assessment",
        lambda: first_page(public().among("assessment", ["disputed"])),
    ),
    "the events of a data set": (
        "event_by_dataset",
        lambda: first_page(public().among("dataset", ["Set 7"])),
    ),
    "an event by its id in a data set": (
        "event_by_external_id",
        lambda: first_page(public().among("external_id", ["7"])),
    ),
    "what a passage disputes": (
        "citation_that_disputes",
        lambda: Citation.objects.filter(bearing="disputes").values("event"),
    ),
    "the events with a tag": ("tagging_by_tag", lambda: first_page(public().tagged(["tag-7"]))),
    "the events with a member": (
        "trait_by_name",
        lambda: first_page(public().with_extra("number", ["7"])),
    ),
    "the events without a citation": ("trait_by_name", lambda: first_page(staff().uncited())),
    "what is hidden": (
        "event_hidden",
        lambda: Event.objects.exclude(publication="published").values("pk"),
    ),
    "counts by what events are": (
        "event_public_by_what_it_is",
        lambda: public().values_list("status", "assessment", "kind").annotate(n=Count("pk")),
    ),
    "counts of when they were": (
        "event_public_in_time",
        lambda: (
            public()
            .filter(undated=False)
            .values_list("start_min", "end_max", "date_uncertain", "date_set")
            .annotate(n=Count("pk"))
        ),
    ),
    "the events of an actor": (
        "participation_by_actor",
        lambda: first_page(events_of_an_actor()),
    ),
    "the events of an actor in a role": (
        "participation_by_actor",
        lambda: first_page(public().involving([an_actor().uuid], ["court"])),
    ),
    "the events of a kind of an actor": (
        "participation_by_actor",
        lambda: first_page(events_of_an_actor().of_kinds([events_of_an_actor()[0].kind.code])),
    ),
    "the events of an actor within a window": (
        "participation_by_actor",
        lambda: first_page(
            public().involving([an_actor().uuid]).overlapping(read_edtf("1000/2003"))
        ),
    ),
    "the events with a role": (
        "participation_by_role",
        lambda: first_page(public().involving(roles=["court"])),
    ),
    "the events that a source reports": (
        "citation_by_source",
        lambda: Citation.objects.filter(source=a_source()).values("event"),
    ),
    "the sources that report some events": (
        "citation_of_event",
        lambda: Citation.objects.filter(event__in=[7, 8], publication="published").values("source"),
    ),
    **{
        f"what is cited for a {name}": (
            f"citation_of_{name}",
            lambda name=name: Citation.objects.filter(**{f"{name}__in": [7, 8]}),
        )
        for name in ("participation", "claim", "relation", "affiliation", "figure")
    },
    "a source by its address": (
        "source_by_url",
        lambda: Source.objects.filter(url="https://news.example/7"),
    ),
    "the sources of a publisher": (
        "source_by_publisher",
        lambda: Source.objects.filter(publisher="Publisher 7").values("id"),
    ),
    "the source that was published first": (
        "source_by_date",
        lambda: Source.objects.order_by("sort_key", "end_max", "uuid")[:1],
    ),
    "an actor by name": ("actor_by_name", lambda: Actor.objects.filter(name="Actor 7")),
    "an actor by another name": (
        "actor_by_further_name",
        lambda: ActorName.objects.filter(text="Alias 7"),
    ),
    "a place by name and country": (
        "place_by_name",
        lambda: Place.objects.filter(name="Place 7", country="CN"),
    ),
    "what was sent to a webhook": (
        "delivery_by_webhook",
        lambda: Delivery.objects.filter(webhook=Webhook.objects.get(name="Receiver 7")).order_by(
            "-sent_at"
        )[:51],
    ),
    "what is proposed for a record": (
        "proposal_by_record",
        lambda: Proposal.objects.filter(record_type="event", record_uuid=an_actor().uuid),
    ),
}


# PostgreSQL reads nothing but an index from pages that VACUUM has seen, and it cannot run within
# a test; until then the key's own index, which is smaller, is as good, or the table itself.
KEYS = {
    "event_public_by_what_it_is": "Seq Scan on timeline_event",
    "event_public_in_time": "Seq Scan on timeline_event",
}


# The same order, in which what is hidden is met in vain: SQLite knows of neither how much that is.
AS_GOOD = {"event_public_by_date": "event_by_date"}


def names_of(index: str) -> set[str]:
    others = KEYS if connection.vendor == "postgresql" else AS_GOOD
    return {index, others.get(index, index)}


def test_questions_are_answered_by_their_indexes() -> None:
    """One test, for filling the tables takes longer than all the questions."""
    fill()
    plans = {}
    for question, (_, ask) in QUESTIONS.items():
        asked = ask()
        plans[question] = asked if isinstance(asked, str) else asked.explain()

    without = {
        question: plan
        for question, plan in plans.items()
        if not any(index in plan for index in names_of(QUESTIONS[question][0]))
    }
    assert without == {}
    for question, plan in plans.items():
        if "page" in question or "newest" in question:
            assert "TEMP B-TREE" not in plan, question
            assert "Sort" not in plan, question
    for question, plan in plans.items():
        # Sorted are those that have the same key, and not all that are found.
        if question.startswith("the events"):
            assert "TEMP B-TREE FOR ORDER BY" not in plan, question
    # From the very row, and not from the first of the many that may have its date.
    whole_row = {
        "postgresql": "ROW(sort_key, end_max, sequence, uuid) >",
        "sqlite": "((sort_key,end_max,sequence,uuid)>(?,?,?,?))",
    }[connection.vendor]
    assert whole_row in plans["a page in the middle"]
    assert whole_row.replace(">", "<") in plans["a later page of the newest"]


def test_words_are_looked_up_once_and_not_for_each_row() -> None:
    """Whatever the planner knows of the tables: they may have been filled a moment ago."""
    plan = public().matching("trial").explain()

    assert ("CTE found" if connection.vendor == "postgresql" else "LIST SUBQUERY") in plan
    assert "CORRELATED" not in plan


def test_every_index_has_its_question() -> None:
    named = {
        index.name
        for model in (*apps.get_app_config("timeline").get_models(), Event.tags.through)
        for index in model._meta.indexes
    }

    assert named == {index for index, _ in QUESTIONS.values()}
