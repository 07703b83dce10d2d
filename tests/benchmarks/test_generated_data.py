"""What the benchmarks run on is always the same, and what an import would have written."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from typing import Any

import pytest

from benchmarks.generate import DATASET, World
from benchmarks.load import load
from benchmarks.rows import Rows
from timeline.models import (
    Citation,
    Event,
    EventDateMember,
    Origin,
    Participation,
    Publication,
    Scope,
)
from timeline.services.access import By
from timeline.services.derived import rebuild_dates, rebuild_search
from timeline.services.imports import run_import

WORLD = World(250)
SAME = "60402e9699c9dbf994663778de229de7e1fedaf9286ecec1fff4135cf19ed48a"
# Chosen or counted anew by every writer.
OWN = {
    *("id", "uuid", "created_at", "updated_at", "published_at", "created_by_id", "version"),
    *("dataset", "sequence", "event_id"),
}
# Rows of an import cite sources whole.
PASSAGE = {"quote", "locator", "search_text"}


def test_the_same_world_is_made_in_every_process() -> None:
    made = [*WORLD.places(), *WORLD.actors(), *WORLD.sources(), *WORLD.tags(), *WORLD.events()]

    assert hashlib.sha256(repr(made).encode()).hexdigest() == SAME


def test_a_world_has_what_makes_chronologies_hard() -> None:
    events = list(World(2000).events())
    dates = {event.date for event in events if event.date}

    assert any(event.date is None for event in events)
    assert any(event.place is None for event in events)
    assert any(not event.is_published for event in events)
    for sign in ("-", "~", "?", "X", "..", "[", "{", "T"):
        assert any(sign in date for date in dates), sign


@pytest.mark.parametrize("share", [0.3, 0.01])
def test_a_word_is_as_frequent_as_it_was_asked_to_be(share: float) -> None:
    world = World(4000)
    word = world.word_in(share)
    holding = sum(word in f"{event.title} {event.summary}".lower() for event in world.events())

    assert share / 2 < holding / world.size < share * 2


def told(model: Any, event: str, dataset: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of each public event, by its id in the data set, without what is a writer's own."""
    found: dict[str, list[dict[str, Any]]] = {}
    without = OWN | PASSAGE if model is Citation else OWN
    columns = [f.attname for f in model._meta.concrete_fields if f.attname not in without]
    rows = model.objects.filter(
        **{f"{event}dataset": dataset, f"{event}publication": Publication.PUBLISHED}
    )
    for row in rows.order_by("pk").values(f"{event}external_id", *columns):
        found.setdefault(row.pop(f"{event}external_id"), []).append(row)
    return found


@pytest.mark.django_db
def test_what_is_loaded_is_what_an_import_would_have_written(admin_user: Any) -> None:
    load(WORLD)
    assert rebuild_dates() == 0
    assert rebuild_search() == 0

    lines = (json.dumps(row) for row in Rows(WORLD).published("imported"))
    by = By(user=admin_user, scope=Scope.ADMIN, origin=Origin.COMMAND)
    run_import(BytesIO("\n".join(lines).encode()), by=by, publish=True)

    assert told(Event, "", DATASET) == told(Event, "", "imported")
    for model in (Participation, Citation, EventDateMember, Event.tags.through):
        loaded = told(model, "event__", DATASET)
        assert loaded
        assert loaded == told(model, "event__", "imported")
