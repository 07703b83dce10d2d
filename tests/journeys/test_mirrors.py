"""Whoever follows the feed of changes has what the lists have; and what was answered once is
answered again to whoever asks for that instant.

A random history of everything that may be done to records is followed step by step.
"""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.clients import Api, api_of
from tests.factories import records as make
from tests.factories.people import someone
from tests.factories.records import taking_part, term
from tests.receivers import receiving
from timeline.api.feed import told_plainly
from timeline.errors import TimelineError
from timeline.models import (
    RECORDS,
    Actor,
    Change,
    Citation,
    Event,
    Operation,
    Publication,
    Tag,
)
from timeline.services.history import revert_record
from timeline.services.ledger import GENESIS, first_broken
from timeline.services.merging import MERGED, merge_records
from timeline.services.publication import STEPS, take_step
from timeline.services.records import delete_record, update_record
from timeline.services.undoing import undo_operation
from timeline.services.webhooks import create_webhook, deliver_due, replay

pytestmark = pytest.mark.django_db

LISTS = {
    "event": "events",
    "actor": "actors",
    "affiliation": "affiliations",
    "place": "places",
    "source": "sources",
    "citation": "citations",
    "claim": "claims",
    "figure": "figures",
    "relation": "relations",
    "timeline": "timelines",
    "tag": "tags",
}
READS = (
    *LISTS.values(),
    "events?q=word&ordering=relevance",
    "events/histogram?interval=year",
    "events/facets?by=actor,role,place,tag,source,status",
    "events.ndjson",
    "search?q=word",
)
UNTOLD = ("version", "updated_at", "published_at", "created_at", "created_by")
DATES = ["2019-08", "2017/2019-11", "[2019-11-07,2019-11-09]", "1912?", "-0043", "2017/.."]
WORDS = ["word", "Wörter", "another word", "中国法院", "silence"]


def answered(path: str) -> Any:
    answer = Api().get(path)
    assert answer.status_code == 200, answer.content
    if answer.streaming:
        return b"".join(answer.streaming_content).decode()
    page = answer.json()
    # The addresses of the neighbours say for which instant they were asked.
    return {name: value for name, value in page.items() if name not in ("next", "previous")}


def rows_of(resource: str, api: Api | None = None) -> list[dict[str, Any]]:
    api = api or Api()
    rows, answer = [], api.get(resource, page_size=200)
    while True:
        page = answer.json()
        rows += page["results"]
        if page["next"] is None:
            return rows
        answer = api.send("GET", page["next"].removeprefix("http://testserver"))


def without_stamps(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: without_stamps(one) for name, one in told.items() if name not in UNTOLD}
    return [without_stamps(one) for one in told] if isinstance(told, list) else told


def own(row: Any, like: Any) -> Any:
    """What a row of a list says of itself: the members of ``like``, others by their ids."""
    if isinstance(like, dict) and isinstance(row, dict):
        return {name: own(row[name], inner) for name, inner in like.items()}
    if isinstance(like, list) and isinstance(row, list) and len(like) == len(row):
        return [own(one, inner) for one, inner in zip(row, like, strict=True)]
    return row


class Mirror:
    """Follows the feed, and knows nothing else."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.cursor: str | None = None

    def follow(self) -> None:
        more = True
        while more:
            since = {"since": self.cursor} if self.cursor else {}
            page = Api().get("changes", page_size=50, **since).json()
            for change in page["results"]:
                self.carry_out(change)
            self.cursor, more = page["cursor"], page["next"] is not None

    def carry_out(self, change: dict[str, Any]) -> None:
        key = (change["type"], change["id"])
        if change["record"] is None:
            # By this change or by a later one it is not public any more.
            self.records.pop(key, None)
        else:
            assert (key in self.records) == (change["action"] == "updated")
            self.records[key] = change["record"]

    def all_of(self, kind: str) -> list[dict[str, Any]]:
        return [record for (of, _), record in self.records.items() if of == kind]


def sent_by_a_webhook() -> Mirror:
    """One that was sent everything from the beginning, and asked for nothing."""
    mirror = Mirror()
    with override_settings(WEBHOOK_ALLOW_PRIVATE=True), receiving() as receiver:
        values = {"name": "A mirror", "url": receiver.url}
        replay(create_webhook(values=values, by=someone()), cursor=GENESIS, by=someone())
        assert all(delivery.is_delivered for delivery in deliver_due(told_plainly))
    for change in receiver.told():
        mirror.carry_out(change)
    return mirror


class History(RuleBasedStateMachine):
    """Whatever may be done, in any order; what is refused is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.by = someone()
        self.staff = api_of("publish")
        self.mirror = Mirror()
        self.answers: list[tuple[datetime, str, Any]] = []
        self.chance = random.Random(0)
        actor = make.make_actor("draft", name="Known by a word")
        make.make_event(
            title="The word", participations=[taking_part(actor)], date="2019-08", tags=["one"]
        )

    def teardown(self) -> None:
        try:
            assert first_broken() is None
            connection.check_constraints()
            for instant, path, before in self.answers:
                joint = "&" if "?" in path else "?"
                again = answered(f"{path}{joint}as_of={quote(instant.isoformat())}")
                assert again == before, path
            fresh = Mirror()
            fresh.follow()
            assert fresh.records == self.mirror.records
            assert sent_by_a_webhook().records == self.mirror.records
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def some(self, model: Any, number: int) -> Any:
        rows = list(model._default_manager.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def an_actor(self, number: int) -> Actor:
        # The last one may have been undone.
        return self.some(Actor, number) or make.make_actor("draft")

    def attempt(self, verb: Any, *args: Any, **kwargs: Any) -> None:
        with suppress(TimelineError):
            verb(*args, by=self.by, **kwargs)

    @rule(
        words=st.sampled_from(WORDS),
        date=st.sampled_from(DATES),
        n=st.integers(0, 9),
        p=st.booleans(),
    )
    def record_an_event(self, words: str, date: str, n: int, p: bool) -> None:
        make.make_event(
            "published" if p else "draft",
            title=words,
            date=date,
            tags=["one", "two"][: n % 3],
            participations=[taking_part(self.an_actor(n))],
            place=make.make_place("draft") if n % 2 else None,
        )

    @rule(words=st.sampled_from(WORDS), n=st.integers(0, 9), p=st.booleans())
    def record_what_hangs_on_others(self, words: str, n: int, p: bool) -> None:
        state = "published" if p else "draft"
        event, actor = self.some(Event, n), self.an_actor(n)
        match n % 6:
            case 0:
                make.make_claim(state, text=words, speaker=actor, about=event)
            case 1:
                make.make_relation(
                    state,
                    subject=event,
                    object=make.make_event(),
                    type=term("relation-types", "part_of"),
                )
            case 2:
                make.make_affiliation(state, actor=actor)
            case 3:
                make.make_figure(state, speaker=actor)
            case 4:
                text = f"Here stands {words}."
                make.make_citation(
                    state, event=event, quote=words, source=make.make_source(text=text)
                )
            case _:
                make.make_timeline(state, entries=[{"event": event}])

    @rule(words=st.sampled_from(WORDS), date=st.sampled_from(DATES), n=st.integers(0, 9))
    def tell_an_event_otherwise(self, words: str, date: str, n: int) -> None:
        values = {
            "title": words,
            "date": make.read_edtf(date),
            "tags": ["one", "two", "three"][: n % 4],
            "participations": [taking_part(self.an_actor(n), "court")] if n % 2 else [],
        }
        if (event := self.some(Event, n)) is not None:
            self.attempt(update_record, event, values=values, reason="It was told wrongly.")

    @rule(words=st.sampled_from(WORDS), n=st.integers(0, 9))
    def call_an_actor_otherwise(self, words: str, n: int) -> None:
        values: dict[str, Any] = {"name": words, "names": [{"text": words[::-1], "kind": "alias"}]}
        self.attempt(update_record, self.an_actor(n), values=values)

    @rule(model=st.sampled_from([*RECORDS]), n=st.integers(0, 9), verb=st.sampled_from([*STEPS]))
    def take_a_step(self, model: Any, n: int, verb: str) -> None:
        if (record := self.some(model, n)) is not None:
            self.attempt(take_step, record, verb)

    @rule(model=st.sampled_from([*RECORDS, Tag]), n=st.integers(0, 9))
    def delete(self, model: Any, n: int) -> None:
        if (record := self.some(model, n)) is not None and model is not Actor:
            self.attempt(delete_record, record)

    @rule(n=st.integers(0, 99))
    def put_something_back(self, n: int) -> None:
        changes = Change.objects.versions().exclude(record_type__in=("tag", "term"))
        change = changes.order_by("id")[n % changes.count()]
        model = next(m for m in RECORDS if m._meta.model_name == change.record_type)
        self.attempt(revert_record, model, change.record_uuid, to=change.version)

    @rule(model=st.sampled_from(MERGED), n=st.integers(0, 9), m=st.integers(0, 9))
    def merge(self, model: Any, n: int, m: int) -> None:
        if (record := self.some(model, n)) is not None:
            self.attempt(merge_records, record, self.some(model, m))

    @rule(model=st.sampled_from(MERGED), n=st.integers(0, 9), m=st.integers(0, 9))
    def merge_and_think_better_of_it(self, model: Any, n: int, m: int) -> None:
        record, survivor = self.some(model, n), self.some(model, m)
        if record is None or record == survivor:
            return
        before = self.world()
        with suppress(TimelineError):
            report = merge_records(record, survivor, by=self.by)
            assert self.world() != before
            undo_operation(report.operation, by=self.by)
        assert self.world() == before

    def world(self) -> Any:
        """All that is told to the public and to staff, but for versions and stamps."""
        return [
            sorted((without_stamps(row) for row in rows_of(resource, api)), key=str)
            for resource in LISTS.values()
            for api in (Api(), self.staff)
        ]

    @rule(n=st.integers(0, 9))
    def undo_something_recent(self, n: int) -> None:
        recent = Operation.objects.order_by("-at")[:10]
        self.attempt(undo_operation, recent[n % len(recent)].uuid)

    @rule(words=st.sampled_from(WORDS), n=st.integers(0, 9))
    def change_the_text_of_a_source(self, words: str, n: int) -> None:
        if (citation := self.some(Citation, n)) is not None:
            self.attempt(update_record, citation.source, values={"text": words})

    @invariant()
    def the_mirror_has_what_the_lists_have(self) -> None:
        self.mirror.follow()
        for kind, resource in LISTS.items():
            mirrored = {_key(kind, record): record for record in self.mirror.all_of(kind)}
            listed = {_key(kind, row): row for row in rows_of(resource)}
            assert mirrored.keys() == listed.keys(), kind
            for key, record in mirrored.items():
                assert own(listed[key], record) == record
        public = Event.objects.filter(publication=Publication.PUBLISHED).count()
        assert len(self.mirror.all_of("event")) == public

    @invariant()
    def remember_an_answer(self) -> None:
        path = self.chance.choice(READS)
        self.answers.append((timezone.now(), path, answered(path)))


def _key(kind: str, row: dict[str, Any]) -> str:
    return row["slug"] if kind in ("tag", "timeline") else row["id"]


def test_a_mirror_fed_by_the_feed_alone_and_the_past_are_as_the_lists_are_and_were() -> None:
    run_state_machine_as_test(
        History, settings=settings(max_examples=5, stateful_step_count=10, deadline=None)
    )
