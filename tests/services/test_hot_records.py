"""What many others point to is merged and hidden without more work than must be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.people import someone
from tests.factories.records import make_actor, make_event, taking_part
from timeline.db import tally_triggers
from timeline.models import Actor, Change, Event
from timeline.services import ledger
from timeline.services.merging import merge_records
from timeline.services.publication import take_step
from timeline.services.records import update_record
from timeline.services.undoing import undo_operation

pytestmark = pytest.mark.django_db

EVENTS = 3
TABLES = {"timeline_event", "timeline_event_tags", "timeline_participation", "timeline_actor"}


def written(statements: CaptureQueriesContext) -> Counter[tuple[str, str]]:
    """How often each verb was told to each of these tables."""
    told = (query["sql"].replace('"', "").split() for query in statements.captured_queries)
    return Counter(
        (verb, table)
        for verb, *words in told
        if verb in ("DELETE", "INSERT", "UPDATE")
        for table in [next(word for word in words if word not in ("FROM", "INTO"))]
        if table in TABLES
    )


def changed(actor: Actor, **values: Any) -> Actor:
    return update_record(actor, values=values, by=someone())


@pytest.fixture
def diana() -> Actor:
    diana, other = make_actor(name="Diana"), make_actor(name="Other")
    for _ in range(EVENTS):
        make_event(participations=[taking_part(diana), taking_part(other)], tags=["art"])
    return diana


def test_what_a_merge_does_not_change_stays_where_it_is(diana: Actor) -> None:
    zhang = make_actor(name="Zhang")
    with CaptureQueriesContext(connection) as merging:
        report = merge_records(diana, zhang, by=someone())
    with CaptureQueriesContext(connection) as undoing:
        undo_operation(report.operation, by=someone())

    # The versions are counted of the events and of the survivor; of the lists one row goes and comes.
    both = {
        ("UPDATE", "timeline_event"): 1,
        ("UPDATE", "timeline_actor"): 1,
        ("DELETE", "timeline_participation"): 1,
        ("INSERT", "timeline_participation"): 1,
    }
    assert written(merging) == both | {("DELETE", "timeline_actor"): 1}
    assert written(undoing) == both | {("INSERT", "timeline_actor"): 1}
    # Created, published, pointed elsewhere and back.
    assert {event.version for event in Event.objects.all()} == {4}


def test_the_ledger_takes_more_entries_than_are_written_at_once(
    diana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "BATCH", 2)
    report = merge_records(diana, make_actor(name="Zhang"), by=someone(), reason="The verdict.")

    entries = Change.objects.filter(operation=report.operation)
    assert entries.count() == EVENTS + 2 > ledger.BATCH
    assert {(entry.reason, entry.origin) for entry in entries} == {("The verdict.", "api")}
    assert ledger.first_broken() is None


@pytest.mark.parametrize(
    ("write", "reads"),
    [
        pytest.param(lambda actor: changed(actor, protected=True), True, id="protected"),
        pytest.param(
            lambda actor: take_step(actor, "withdraw", by=someone()), True, id="withdrawn"
        ),
        pytest.param(lambda actor: changed(actor, name="X", protected=False), False, id="renamed"),
    ],
)
def test_what_triggers_count_anew_is_read_before_a_few_events_at_a_time(
    diana: Actor,
    write: Callable[[Actor], Actor],
    reads: bool,
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tally_triggers, "A_FEW", 1)
    with CaptureQueriesContext(connection) as statements:
        write(diana)

    read = [query for query in statements.captured_queries if "'role' AS what" in query["sql"]]
    # SQLite has no limit for a statement.
    assert len(read) == (EVENTS if reads and engine == "postgresql" else 0)
