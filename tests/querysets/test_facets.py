"""What is counted from indexes is what one counts by reading event after event, for every reader."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from timeline.db.dates import read_edtf
from timeline.models import (
    Actor,
    Citation,
    Event,
    EventDateMember,
    Participation,
    Place,
    Source,
    Tag,
    Term,
)
from timeline.querysets.visibility import CONTRIBUTOR, EDITOR, PUBLIC, Viewer
from timeline.temporal import Bounds, Dated, Interval, histogram

pytestmark = pytest.mark.django_db

READERS = {"the public": PUBLIC, "a contributor": CONTRIBUTOR, "an editor": EDITOR}
FACETS = (
    *("kind", "actor", "role", "place", "country", "tag"),
    *("source", "publisher", "status", "assessment"),
)
DATES = [
    *("2017", "2019-08", "2019-11-07", "2017/..", "../2019-07", "1912~", "1912?", "2017/2019-11"),
    *("[2017,2019]", "{2017,2019}", "-0043-03-15", "19XX", "../..", "2017/", "[..2019-07]"),
    *("1912/1955?", "1899-12-31/1900-01-01", "-0043-03-15/0014", "{1899,1901}", "[1789..1815]"),
]

# What is read of each event, with one query for all of them.
READ = ("tags", "kind", "place", "participations__actor", "participations__role")
READ += ("citations__source",)


class World:
    """A few of everything at random, hidden and shown, in all combinations."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.actors = [
            Actor.objects.create(
                name=f"A{n % 4}", kind="group", protected=n % 3 == 0, **self.state()
            )
            for n in range(6)
        ]
        self.places = [
            Place.objects.create(name=f"P{n}", country=("CN", "US", "")[n % 3], **self.state())
            for n in range(5)
        ]
        for place, parent in zip(self.places[1:], self.places, strict=False):
            Place.objects.filter(pk=place.pk).update(parent=parent)
        self.sources = [
            Source.objects.create(
                title=f"S{n % 3}", publisher=("AP", "Reuters", "")[n % 3], **self.state()
            )
            for n in range(6)
        ]
        self.tags = [Tag.objects.create(slug=f"t{n}", label=f"T{n // 2}") for n in range(4)]
        terms = Term.objects.order_by("pk")
        self.kinds = [None, *terms.filter(vocabulary="kinds")[:3]]
        self.roles = list(terms.filter(vocabulary="roles")[:3])
        self.events = [self.event(number) for number in range(40)]

    def state(self) -> dict[str, Any]:
        state = self.chance.choice(["published"] * 3 + ["draft", "in_review", "withdrawn"])
        return {
            "publication": state,
            "published_at": timezone.now() if state == "published" else None,
        }

    def event(self, number: int) -> Event:
        chance = self.chance
        date = chance.choice([None, *DATES])
        event = Event.objects.create(
            title=f"E{number}",
            date=date and read_edtf(date),
            kind=chance.choice(self.kinds),
            place=chance.choice([None, *self.places]),
            status=chance.choice(["occurred", "planned"]),
            assessment=chance.choice(["alleged", "disputed"]),
            **self.state(),
        )
        if event.date:
            EventDateMember.objects.bulk_create(
                EventDateMember(event=event, **member._asdict()) for member in event.date.members
            )
        event.tags.set(chance.sample(self.tags, chance.randint(0, 3)))
        pairs = {
            (chance.choice(self.actors), chance.choice(self.roles))
            for _ in range(chance.randint(0, 5))
        }
        Participation.objects.bulk_create(
            Participation(
                event=event, actor=a, role=r, start_min=event.start_min, end_max=event.end_max
            )
            for a, r in sorted(pairs, key=str)
        )
        for source in chance.choices(self.sources, k=chance.randint(0, 3)):
            Citation.objects.create(event=event, source=source, **self.state())
        return event


def values(event: Event, what: str, viewer: Viewer) -> set[tuple[str, str]]:
    """The values of one event, with their labels, read row by row."""
    parts = [p for p in event.participations.all() if viewer.sees(p.actor)]
    cited = [c.source for c in event.citations.all() if viewer.sees(c) and viewer.sees(c.source)]
    place = event.place if event.place and viewer.sees(event.place) else None
    match what:
        case "kind":
            return {(event.kind.code, event.kind.label)} if event.kind else set()
        case "status" | "assessment":
            return {(getattr(event, what), getattr(event, f"get_{what}_display")())}
        case "tag":
            return {(tag.slug, tag.label) for tag in event.tags.all()}
        case "actor":
            return {(str(part.actor.uuid), part.actor.name) for part in parts}
        case "role":
            return {(part.role.code, part.role.label) for part in parts}
        case "source":
            return {(str(source.uuid), source.title) for source in cited}
        case "publisher":
            return {(source.publisher, source.publisher) for source in cited if source.publisher}
        case "country":
            return {(place.country, place.country)} if place and place.country else set()
    found = set()
    while place and viewer.sees(place):
        found.add((str(place.uuid), place.name))
        place = place.parent
    return found


def by_reading(events: list[Event], what: str, viewer: Viewer) -> list[tuple[str, str, int]]:
    counts = Counter(value for event in events for value in values(event, what, viewer))
    rows = [(value, label, number) for (value, label), number in counts.items()]
    return sorted(rows, key=lambda row: (-row[2], row[1], row[0]))


@pytest.mark.parametrize("seed", range(4))
def test_facets_are_what_reading_every_event_counts(seed: int) -> None:
    World(seed)
    for reader, viewer in READERS.items():
        for events in (
            Event.objects.visible_to(viewer),
            Event.objects.visible_to(viewer).filter(status="planned"),
            Event.objects.visible_to(viewer).tagged(["t1"]).filter(kind__isnull=False),
            Event.objects.visible_to(viewer).with_ids([]),
        ):
            read = list(events.prefetch_related(*READ))
            for what in FACETS:
                asked = reader, what
                expected = by_reading(read, what, viewer)
                assert [tuple(facet) for facet in events.counted_by(what)] == expected, asked
                assert [tuple(f) for f in events.counted_by(what, most=2)] == expected[:2], asked


INTERVALS = (Interval.CENTURY, Interval.YEAR, Interval.WEEK)


def test_a_histogram_is_what_reading_every_date_counts() -> None:
    World(7)
    for viewer, interval in product(READERS.values(), INTERVALS):
        check_histograms(viewer, interval)


def check_histograms(viewer: Viewer, interval: Interval) -> None:
    for events in (
        Event.objects.visible_to(viewer).exclude(start_max__lt=read_edtf("1900").start_min),
        Event.objects.visible_to(viewer).filter(
            status="planned", start_max__gt=read_edtf("1900").start_min
        ),
    ):
        for trust in (False, True):
            dates = [
                Dated(
                    Bounds(*event.date.bounds)._replace(**hull(event)),
                    1,
                    event.date.uncertain and not trust,
                    event.date.members,
                )
                for event in events
                if event.date
            ]
            plain = histogram(dates, interval)
            counts, undated = events.counted_over_time(interval, trust_uncertain=trust)
            assert undated == sum(event.date is None for event in events)
            assert counts.unplaced == plain.unplaced
            assert [bucket[:4] for bucket in counts.buckets] == [b[:4] for b in plain.buckets]
            assert [bucket.expected for bucket in counts.buckets] == pytest.approx(
                [bucket.expected for bucket in plain.buckets], abs=1e-9
            )


def hull(event: Event) -> dict[str, int]:
    members = event.date.members
    if not members:
        return {}
    return {
        "start_min": min(member.start_min for member in members),
        "end_max": max(member.end_max for member in members),
    }
