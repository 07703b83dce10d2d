"""What the triggers of the database do about many rows grows with the rows, and no faster.

Nothing is timed: the work is counted, as SQLite's steps and as the rows that PostgreSQL's plans handle.
The tables were empty when these plans were first made, which is when a planner goes wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.utils import timezone

from tests.databases import count_all_rows
from timeline.db.dates import read_edtf
from timeline.db.tallies import settle
from timeline.models import Actor, Citation, Event, Participation, Source, Tag, Term

pytestmark = pytest.mark.django_db

numbers = count()


class Work:
    def __init__(self) -> None:
        self.done = 0


@contextmanager
def counted(engine: str) -> Iterator[Work]:
    """What the database does meanwhile: thousands of SQLite's steps, or rows that plans handle."""
    work, raw = Work(), connection.connection
    if engine == "sqlite":

        def another() -> int:
            work.done += 1
            return 0

        raw.set_progress_handler(another, 1000)
        yield work
        raw.set_progress_handler(None, 0)
        return

    def heard(notice: Any) -> None:
        work.done += handled(json.loads(notice.message_primary.partition("plan:\n")[2])["Plan"])

    raw.add_notice_handler(heard)
    with connection.cursor() as cursor:
        cursor.execute(EXPLAIN.format(least=0))
        yield work
        cursor.execute(EXPLAIN.format(least=-1))
    raw.remove_notice_handler(heard)


EXPLAIN = """
    LOAD 'auto_explain';
    SET auto_explain.log_min_duration = {least};
    SET auto_explain.log_nested_statements = on;
    SET auto_explain.log_analyze = on;
    SET auto_explain.log_timing = off;
    SET auto_explain.log_format = json;
    SET client_min_messages = log;
"""


def handled(node: dict[str, Any]) -> float:
    """The rows that a plan read, kept or threw away."""
    rows = [
        value
        for name, value in node.items()
        if name == "Actual Rows" or name.startswith("Rows Removed")
    ]
    below = sum(handled(child) for child in node.get("Plans", ()))
    return float(sum(rows) * node["Actual Loops"] + below)


class World:
    """So many events, with an actor, a source and a tag each, of the few that there are."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.shown = {"publication": "published", "published_at": timezone.now()}
        self.actors = Actor.objects.bulk_create(Actor(name="A", **self.shown) for _ in range(9))
        self.sources = Source.objects.bulk_create(
            Source(title="S", url=f"https://a.example/{next(numbers)}", publisher="P", **self.shown)
            for _ in range(9)
        )
        self.tags = Tag.objects.bulk_create(
            Tag(slug=f"t-{next(numbers)}", label="T") for _ in range(9)
        )
        self.kind = Term.objects.filter(vocabulary="kinds")[0]
        self.roles = list(Term.objects.filter(vocabulary="roles")[:2])
        self.events: list[Event] = []

    def write(self) -> dict[str, Callable[[], object]]:
        """Each verb for each table, in one statement."""
        tagged = Event.tags.through
        return {
            "events come": self.make_events,
            "actors come": lambda: self.make(
                Participation, lambda n: {"actor": self.actors[n % 9], "role": self.roles[0]}
            ),
            "citations come": lambda: self.make(
                Citation, lambda n: {"source": self.sources[n % 9], **self.shown}
            ),
            "tags come": lambda: self.make(tagged, lambda n: {"tag": self.tags[n % 9]}),
            "more actors come": lambda: self.make(
                Participation, lambda n: {"actor": self.actors[n % 7], "role": self.roles[1]}
            ),
            "actors are merged": lambda: Participation.objects.update(actor=self.actors[0]),
            "citations are hidden": lambda: Citation.objects.update(
                publication="draft", published_at=None
            ),
            "sources are hidden": lambda: Source.objects.update(
                publication="draft", published_at=None
            ),
            "actors are protected": lambda: Actor.objects.update(protected=True),
            "events are of a kind": lambda: Event.objects.update(kind=self.kind),
            "events change": lambda: Event.objects.update(status="planned", extra={"a": [1, 2]}),
            **{
                f"{model.__name__} go": lambda model=model: model.objects.all()._raw_delete(
                    "default"
                )
                for model in (tagged, Participation, Citation, Event)
            },
        }

    def make_events(self) -> None:
        self.events = Event.objects.bulk_create(
            Event(title="E", date=read_edtf("1999~"), extra={"n": n}, **self.shown)
            for n in range(self.size)
        )

    def make(self, model: type[models.Model], values: Callable[[int], dict[str, Any]]) -> None:
        model._default_manager.bulk_create(
            model(event=event, **values(n)) for n, event in enumerate(self.events)
        )


def work_of(size: int, engine: str) -> dict[str, int]:
    done = {}
    for name, write in World(size).write().items():
        with counted(engine) as work:
            write()
        done[name] = work.done
        settle(0)
    return done


def test_eight_times_the_rows_are_no_more_than_twelve_times_the_work(engine: str) -> None:
    with transaction.atomic():  # What is gone leaves room, by which planners may be misled.
        work_of(600, engine)
        transaction.set_rollback(True)
    count_all_rows()
    for _ in range(6):  # as often as PostgreSQL makes a plan before it keeps one
        work_of(1, engine)

    few, many = work_of(150, engine), work_of(1200, engine)

    assert all(few.values())
    assert {name: many[name] for name in few if many[name] > 12 * few[name]} == {}
