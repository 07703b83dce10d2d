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
from django.utils import timezone

from timeline.api.pagination import beyond
from timeline.api.viewsets.base import downwards
from timeline.api.viewsets.records import EVENT_ORDER
from timeline.db.dates import read_edtf
from timeline.models import (
    Actor,
    ActorName,
    Citation,
    Event,
    Participation,
    Place,
    Proposal,
    Source,
    Term,
)
from timeline.querysets.dates import hull_condition
from timeline.querysets.visibility import PUBLIC
from timeline.temporal import Relation

EVENTS, ACTORS = 4000, 400


pytestmark = pytest.mark.django_db


def fill() -> None:
    now = timezone.now()
    shown = {"publication": "published", "published_at": now}
    actors = Actor.objects.bulk_create(Actor(name=f"Actor {n}", **shown) for n in range(ACTORS))
    ActorName.objects.bulk_create(
        ActorName(actor=actor, text=f"Alias {n}") for n, actor in enumerate(actors)
    )
    Place.objects.bulk_create(
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
        Citation(event=event, source=sources[n % ACTORS], **shown) for n, event in enumerate(events)
    )
    Proposal.objects.bulk_create(
        Proposal(record_type="event", record_uuid=event.uuid, base_version=1, changes={})
        for event in events
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def public(model: Any = Event) -> QuerySet[Any]:
    return model.objects.visible_to(PUBLIC)


def ordered(order: Any) -> QuerySet[Any]:
    return public().order_by(*(f"-{name}" if down else name for name, down in order))


def page_after(order: Any) -> QuerySet[Any]:
    row = ordered(order)[EVENTS // 2]
    values = [getattr(row, name) for name, _ in order]
    return ordered(order).filter(beyond(order, values))[:51]


def an_actor() -> Any:
    return Actor.objects.get(name="Actor 7")


def a_source() -> Any:
    return Source.objects.get(title="Source 7")


DOWN = downwards(EVENT_ORDER)
# The questions, each with the index that has to answer it.
QUESTIONS: dict[str, tuple[str, Callable[[], QuerySet[Any]]]] = {
    "the first page by date": ("event_public_by_date", lambda: ordered(EVENT_ORDER)[:51]),
    "a page in the middle": ("event_public_by_date", lambda: page_after(EVENT_ORDER)),
    "the newest first": ("event_public_newest_first", lambda: ordered(DOWN)[:51]),
    "a later page of the newest": ("event_public_newest_first", lambda: page_after(DOWN)),
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
            .filter(undated=False, date_set="")
            .values_list("start_min", "end_max", "date_uncertain")
            .annotate(n=Count("pk"))
        ),
    ),
    "those with a set of dates": ("event_with_set", lambda: public().exclude(date_set="")),
    "the events of an actor": (
        "participation_by_actor",
        lambda: Participation.objects.filter(actor=an_actor()).values("event"),
    ),
    "the events of an actor in a role": (
        "participation_by_actor",
        lambda: Participation.objects.filter(
            actor=an_actor(), role=Term.objects.filter(vocabulary="roles").first()
        ).values("event"),
    ),
    "the events of an actor within a window": (
        "participation_in_window",
        lambda: Participation.objects.filter(
            hull_condition(Relation.OVERLAPPING, read_edtf("1500/1503")), actor=an_actor()
        ).values("event"),
    ),
    "the events with a role": (
        "participation_by_role",
        lambda: Participation.objects.filter(
            role=Term.objects.filter(vocabulary="roles").first()
        ).values("event"),
    ),
    "the events that a source reports": (
        "citation_by_source",
        lambda: Citation.objects.filter(source=a_source()).values("event"),
    ),
    "a source by its address": (
        "source_by_url",
        lambda: Source.objects.filter(url="https://news.example/7"),
    ),
    "the sources of a publisher": (
        "source_by_publisher",
        lambda: Source.objects.filter(publisher="Publisher 7").values("id"),
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
    "participation_by_actor": "timeline_participation_actor_id",
    "participation_by_role": "timeline_participation_role_id",
    "citation_by_source": "timeline_citation_source_id",
}
# Both begin with the actor and hold the event; that of roles and that of windows have questions
# of their own.
AS_GOOD = {"participation_by_actor": {"participation_in_window"}}


def names_of(index: str) -> set[str]:
    alone = connection.vendor == "postgresql" and index in KEYS
    return {index, *AS_GOOD.get(index, ()), *([KEYS[index]] if alone else [])}


def test_questions_are_answered_by_their_indexes() -> None:
    """One test, for filling the tables takes longer than all the questions."""
    fill()
    plans = {question: ask().explain() for question, (_, ask) in QUESTIONS.items()}

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


def test_words_are_looked_up_once_and_not_for_each_row() -> None:
    """Whatever the planner knows of the tables: they may have been filled a moment ago."""
    plan = public().matching("trial").explain()

    assert ("CTE found" if connection.vendor == "postgresql" else "LIST SUBQUERY") in plan
    assert "CORRELATED" not in plan


def test_every_index_has_its_question() -> None:
    named = {
        index.name
        for model in apps.get_app_config("timeline").get_models()
        for index in model._meta.indexes
    }

    assert named == {index for index, _ in QUESTIONS.values()}
