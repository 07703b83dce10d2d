"""Whatever is written and by whatever verb, the public counts what reading every event counts."""

from __future__ import annotations

import io
import json
from itertools import product
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.people import someone
from tests.factories.records import (
    make_actor,
    make_citation,
    make_event,
    make_place,
    make_source,
    taking_part,
    term,
)
from tests.querysets.test_facets import DATES, FACETS, READ, by_reading
from timeline.db.dates import read_edtf
from timeline.db.tallies import settle
from timeline.db.tally_triggers import WATCHED, triggers
from timeline.errors import TimelineError
from timeline.models import (
    Actor,
    Change,
    Citation,
    Event,
    Import,
    Participation,
    Place,
    Record,
    Source,
    Tag,
)
from timeline.querysets.visibility import PUBLIC
from timeline.services.events import update_event
from timeline.services.imports import run_import
from timeline.services.merging import MERGED, merge_records
from timeline.services.publication import STEPS, take_step
from timeline.services.records import delete_record, update_record
from timeline.services.undoing import undo_import, undo_operation
from timeline.temporal import Interval

pytestmark = pytest.mark.django_db

ROLES = ("speaker", "host", "witness")
STATES = ("published", "published", "published", "draft", "in_review", "withdrawn")
PUBLISHERS = ("AP", "Reuters", "")


class Scribe:
    """Writes something at random, by the verbs that everybody writes by."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.by = chance, someone()
        self.runs = 0

    def one_of(self, model: Any) -> Any:
        return self.chance.choice(model.objects.order_by("pk"))

    def state(self) -> str:
        return self.chance.choice(STATES)

    def values(self) -> dict[str, Any]:
        """What an event may say."""
        chance = self.chance
        date = chance.choice([None, *DATES])
        people = [
            taking_part(self.one_of(Actor), chance.choice(ROLES))
            for _ in range(chance.randint(0, 3))
        ]
        return {
            "date": date and read_edtf(date),
            "kind": chance.choice([None, term("kinds", "meeting"), term("kinds", "trial")]),
            "place": chance.choice([None, self.one_of(Place)]),
            "status": chance.choice(["occurred", "planned"]),
            "assessment": chance.choice(["alleged", "disputed"]),
            "participations": list({(o["actor"].pk, o["role"].pk): o for o in people}.values()),
            "tags": chance.sample(["t0", "t1", "t2"], chance.randint(0, 3)),
        }

    def some_values(self) -> dict[str, Any]:
        values = self.values()
        return {name: values[name] for name in self.chance.sample(sorted(values), 2)}

    # --- Verbs ---

    def name(self) -> None:
        make = self.chance.choice((make_actor, make_place))
        make(self.state())

    def name_a_source(self) -> None:
        make_source(self.state(), publisher=self.chance.choice(PUBLISHERS))

    def tell(self) -> None:
        make_event(self.state(), **self.values())

    def cite(self) -> None:
        make_citation(self.state(), event=self.one_of(Event), source=self.one_of(Source))

    def take_a_step(self) -> None:
        model = self.chance.choice((Event, Event, Actor, Source, Citation, Place))
        take_step(self.one_of(model), self.chance.choice(list(STEPS)), by=self.by)

    def change(self) -> None:
        update_event(self.one_of(Event), values=self.some_values(), by=self.by)

    def protect(self) -> None:
        values = {"protected": self.chance.random() < 0.5}
        update_record(self.one_of(Actor), values=values, by=self.by)

    def name_the_publisher(self) -> None:
        values = {"publisher": self.chance.choice(PUBLISHERS)}
        update_record(self.one_of(Source), values=values, by=self.by)

    def cite_another(self) -> None:
        values = {"source": self.one_of(Source)}
        update_record(self.one_of(Citation), values=values, by=self.by)

    def merge(self) -> None:
        model = self.chance.choice(MERGED)
        merge_records(self.one_of(model), self.one_of(model), by=self.by)

    def delete(self) -> None:
        model = self.chance.choice((Event, Citation, Source, Actor, Place, Tag))
        delete_record(self.one_of(model), by=self.by)

    def undo(self) -> None:
        last = Change.objects.order_by("-pk")[: self.chance.randint(1, 20)]
        undo_operation(last[len(last) - 1].operation, by=self.by)

    def bring(self) -> None:
        """By the file: new, known and changed rows."""
        rows = [
            {
                "dataset": "d",
                "external_id": f"E{self.chance.randint(1, 6)}",
                "title": "Brought",
                "edtf": self.chance.choice(DATES),
                "kind": self.chance.choice(["meeting", "trial"]),
                "actors": [
                    {"name": f"A{n}", "kind": "group", "role": self.chance.choice(ROLES)}
                    for n in range(self.chance.randint(0, 2))
                ],
                "sources": [
                    {"title": "Brought", "url": "https://brought.example/", "publisher": "AP"}
                ],
                "tags": ["t1"],
            }
            for _ in range(3)
        ]
        file = io.BytesIO(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
        run_import(file, by=self.by, publish=self.chance.random() < 0.7, on_error="skip")

    def take_back_what_was_brought(self) -> None:
        undo_import(self.one_of(Import), by=self.by)

    def settle(self) -> None:
        settle(0)

    def write(self) -> str:
        """Something; what is refused is not written."""
        verbs = (
            *(self.name, self.name_a_source, self.tell, self.tell, self.cite, self.take_a_step),
            *(self.take_a_step, self.change, self.change, self.protect, self.name_the_publisher),
            *(self.cite_another, self.merge, self.delete, self.undo, self.bring),
            *(self.take_back_what_was_brought, self.settle, self.settle),
        )
        verb = self.chance.choice(verbs)
        try:
            with transaction.atomic():
                verb()
        except (TimelineError, IndexError) as refused:
            return f"{verb.__name__} refused: {refused!r}"
        return verb.__name__


def assert_counted(written: Any = ()) -> None:
    events = Event.objects.visible_to(PUBLIC)
    assert events._is_tallied()
    # What is asked of them besides has them counted one by one.
    plain = events.filter(title__gt="").exclude(title="-")
    for interval, trust in product(
        (Interval.CENTURY, Interval.DECADE, Interval.YEAR), (False, True)
    ):
        (counts, undated), (expected, without) = (
            rows.counted_over_time(interval, trust_uncertain=trust) for rows in (events, plain)
        )
        assert (undated, counts.unplaced) == (without, expected.unplaced), written
        assert [b[:4] for b in counts.buckets] == [b[:4] for b in expected.buckets], written
        assert [b.expected for b in counts.buckets] == pytest.approx(
            [b.expected for b in expected.buckets], abs=1e-9
        ), written
    read = list(events.prefetch_related(*READ))
    for what in FACETS:
        expected = by_reading(read, what, PUBLIC)
        assert [tuple(facet) for facet in events.counted_by(what)] == expected, (what, written)
        assert [tuple(f) for f in events.counted_by(what, most=1)] == expected[:1], (what, written)


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_the_public_counts_what_is_there_whatever_is_written(seed: int) -> None:
    with transaction.atomic():
        scribe, written = Scribe(Random(seed)), []
        scribe.name_a_source(), scribe.name()
        for number in range(30):
            written.append(scribe.write())
            if number % 5 == 4:
                assert_counted(written)
        assert_counted(written)
        transaction.set_rollback(True)
