"""What many others point to is merged without more work than must be, and has its time."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.people import someone
from tests.factories.records import make_actor, make_event, taking_part
from timeline.models import Actor, Change, Event
from timeline.services import ledger
from timeline.services.merging import merge_records
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

    # The versions are counted of the events, published as their second, and of the survivor; of the
    # lists one row goes and comes.
    both = {
        ("UPDATE", "timeline_event"): 1,
        ("UPDATE", "timeline_actor"): 1,
        ("DELETE", "timeline_participation"): 1,
        ("INSERT", "timeline_participation"): 1,
    }
    assert written(merging) == both | {("DELETE", "timeline_actor"): 1}
    assert written(undoing) == both | {("INSERT", "timeline_actor"): 1}
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
    ("reading", "limit"),
    [
        pytest.param(5_000, "20s", id="longer than readers"),
        pytest.param(60_000, "1min", id="never shorter"),
        pytest.param(0, "0", id="without end, as all"),
    ],
)
def test_a_statement_that_writes_may_last_as_long_as_others_wait_for_it(
    reading: int, limit: str, engine: str, settings: Any
) -> None:
    if engine != "postgresql":
        pytest.skip("SQLite has no limit for a statement.")
    settings.DATABASE_STATEMENT_TIMEOUT = reading
    with ledger.writing(), connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == (limit,)
