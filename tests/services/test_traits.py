"""What events are found by beside their columns is right after whatever was written."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.factories.people import someone
from tests.factories.records import make_citation, make_event, make_source
from timeline.db.dates import read_edtf
from timeline.db.extra import HasMember
from timeline.errors import Missing, TimelineError
from timeline.models import Citation, Event, Operation, Origin, Source, Trait
from timeline.querysets.visibility import CONTRIBUTOR, EDITOR, PUBLIC
from timeline.services.access import the_command_line
from timeline.services.events import update_event
from timeline.services.imports import run_import
from timeline.services.merging import merge_records
from timeline.services.publication import STEPS, take_step
from timeline.services.records import delete_record, update_record
from timeline.services.undoing import undo_operation

pytestmark = pytest.mark.django_db

EXTRAS: list[dict[str, Any]] = [
    {},
    {"docket": "114"},
    {"docket": ["114", 115, ["no"], {"no": 1}, None], "counts": 9.5},
    {"counts": -1, "sealed": True, "": "no name", "long": "x" * 200, "object": {"a": 1}},
]
DATES = [None, "2019-08", "1863"]


def names_of(event: Event) -> Iterator[str]:
    """The traits of an event, as its own columns and its citations say."""
    for key, value in event.extra.items():
        for one in value if isinstance(value, list) else [value]:
            match one:
                case list() | dict():
                    continue
                case bool() | None:
                    text = json.dumps(one)
                case str():
                    text = one
                case _:
                    text = str(int(one))
            yield f"extra.{key}={text}"[:80]
    of_event = Citation.objects.filter(event=event)
    if not of_event.exists():
        yield "uncited"
    if event.is_published and not of_event.visible_to(PUBLIC).exists():
        yield "uncited in public"


def assert_traits_are_right() -> None:
    hull = ("start_min", "end_max", "sort_key")
    expected = {
        (event.pk, name, *(getattr(event, column) for column in hull))
        for event in Event.objects.all()
        for name in names_of(event)
    }
    assert set(Trait.objects.values_list("event", "name", *hull)) == expected
    for viewer in (PUBLIC, CONTRIBUTOR, EDITOR):
        seen = Event.objects.visible_to(viewer)
        without = seen.exclude(pk__in=seen.cited().values("pk"))
        assert {*seen.uncited()} == {*without}


# --- Everything that writes ---


def create(draw: Any) -> None:
    state = draw(st.sampled_from(["draft", "published", "withdrawn"]))
    event = make_event(
        state, extra=draw(st.sampled_from(EXTRAS)), date=draw(st.sampled_from(DATES))
    )
    if draw(st.booleans()):
        make_citation("draft", event=event)


def change(draw: Any) -> None:
    date = draw(st.sampled_from(DATES))
    values = {
        "extra": draw(st.sampled_from(EXTRAS)),
        "date": date and read_edtf(date),
    }
    update_event(one_of(draw, Event), values=values, by=someone())


def cite_another(draw: Any) -> None:
    values = {"source": one_of(draw, Source), "event": one_of(draw, Event)}
    some = draw(st.sampled_from([["source"], ["event"], ["source", "event"]]))
    citation = one_of(draw, Citation)
    update_record(citation, values={name: values[name] for name in some}, by=someone())


def step(draw: Any) -> None:
    record = one_of(draw, draw(st.sampled_from([Event, Source, Citation])))
    take_step(record, draw(st.sampled_from(sorted(STEPS))), by=someone())


def delete(draw: Any) -> None:
    record = one_of(draw, draw(st.sampled_from([Event, Source, Citation])))
    delete_record(record, by=someone())


def merge(draw: Any) -> None:
    model = draw(st.sampled_from([Event, Source]))
    merge_records(one_of(draw, model), one_of(draw, model), by=someone())


def undo(draw: Any) -> None:
    operations = Operation.objects.order_by("-at").values_list("uuid", flat=True)[:4]
    undo_operation(draw(st.sampled_from(list(operations))), by=someone())


def bring(draw: Any) -> None:
    row = {
        "dataset": "d",
        "external_id": draw(st.sampled_from("12")),
        "title": "Brought",
        "extra": draw(st.sampled_from(EXTRAS)),
        "edtf": draw(st.sampled_from(DATES)),
        "sources": draw(st.sampled_from([[], [{"title": "A"}], [{"title": "B"}]])),
    }
    by = the_command_line(origin=Origin.IMPORT)
    file = io.BytesIO(json.dumps(row).encode())
    run_import(file, by=by, publish=draw(st.booleans()), on_error="skip")


WRITING: list[Callable[[Any], None]] = [
    *(create, change, cite_another, step, step, delete, merge, undo, bring),
]


def one_of(draw: Any, model: Any) -> Any:
    rows = list(model.objects.order_by("pk"))
    if not rows:
        raise Missing("There is none.")
    return draw(st.sampled_from(rows))


@settings(
    max_examples=15, suppress_health_check=list(HealthCheck), phases=set(Phase) - {Phase.shrink}
)
@given(data=st.data())
def test_what_events_are_found_by_is_right_whatever_was_written(data: st.DataObject) -> None:
    with transaction.atomic():
        for state in ("draft", "published"):
            make_citation(event=make_event(state, extra=EXTRAS[2]), source=make_source())
        for _ in range(10):
            verb = data.draw(st.sampled_from(WRITING))
            try:
                with transaction.atomic():
                    verb(data.draw)
            except TimelineError:
                continue
            assert_traits_are_right()
        transaction.set_rollback(True)


def test_a_fixture_brings_along_what_events_are_found_by(tmp_path: Path) -> None:
    for extra in EXTRAS:
        make_citation(event=make_event(extra=extra, date="2019-08"))
    make_event("draft")
    file, models = tmp_path / "events.json", ("source", "event", "citation", "trait")
    names = [f"timeline.{model}" for model in models]
    call_command("dumpdata", *names, output=str(file), verbosity=0)
    before = list(Trait.objects.order_by("event", "name").values())
    for model in (Citation, Event, Source):
        model._base_manager.all()._raw_delete(connection.alias)
    assert not Trait.objects.exists()

    call_command("loaddata", str(file), verbosity=0)

    assert list(Trait.objects.order_by("event", "name").values()) == before
    assert_traits_are_right()


# --- Members are found by them, whatever they are ---

NUMBERS = (
    st.sampled_from([0, -0.0, 1, 1.0, 1.5, -0.5, 1e16, 2**53 + 1, 2**63 - 1, -(2**63), 1e300, 1e-7])
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)
TEXTS = st.sampled_from(["", "1", "1.0", "true", "null", "a", "=", "x" * 100]) | st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), max_size=5
)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = SCALARS | st.lists(SCALARS | st.lists(SCALARS, max_size=1), max_size=3)
KEYS = st.sampled_from(["", "a", "a=", "=", "k" * 90, "%s", "ä"])


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    extras=st.lists(st.dictionaries(KEYS, VALUES, max_size=3), min_size=1, max_size=4),
    spelled=st.sampled_from([json.dumps, str, repr]),
    data=st.data(),
)
def test_a_member_is_found_by_its_trait_wherever_it_is_there(
    extras: list[dict[str, Any]], spelled: Callable[[Any], str], data: st.DataObject
) -> None:
    with transaction.atomic():
        Event.objects.bulk_create(Event(title="An event", extra=extra) for extra in extras)
        known = [
            (key, one)
            for extra in extras
            for key, value in extra.items()
            for one in (value if isinstance(value, list) else [value])
        ]
        asked = st.tuples(KEYS, SCALARS) | (st.sampled_from(known) if known else st.nothing())
        for key, value in data.draw(st.lists(asked, min_size=1, max_size=5)):
            values = [value if isinstance(value, str) else spelled(value), data.draw(TEXTS)]
            plain = Event.objects.filter(HasMember("extra", key, values))
            assert {*Event.objects.with_extra(key, values)} == {*plain}
        transaction.set_rollback(True)
