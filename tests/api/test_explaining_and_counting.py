"""What is counted is what the list would count; what is explained is what the list does."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from tests.clients import Api
from tests.factories.people import someone
from tests.factories.records import (
    make_actor,
    make_citation,
    make_event,
    make_place,
    make_source,
    make_timeline,
    taking_part,
    term,
)
from timeline.db.dates import read_edtf
from timeline.models import Event
from timeline.temporal import Interval, format_instant
from timeline.temporal.buckets import bucket_of, bucket_start

pytestmark = pytest.mark.django_db

DATES = [
    *("2017", "2019-08", "2019-11-07", "2017/2019-11", "2017/..", "2017/", "../2019-07", "1912~"),
    *("1912?", "[2017,2019]", "{2017,2019}", "[..2019-07]", "[1912?,1914]", "{2017-01..2017-03}"),
    *("-0043-03-15", "0000", "201X", "19XX", "2019-11-07T13:29:21Z", "2018-12-31/2019-01-01"),
    *("2020-21", "[1999-12-31,2000-01-01]", "../..", "[2018..]", "2019-11?"),
]
CODES = ("court", "speaker", "victim")


class Crowd:
    """Events at random that share actors, places, sources and tags."""

    def __init__(self, number: int, seed: int) -> None:
        chance = random.Random(seed)
        kinds = ("person", "organisation", "government")
        self.actors = [make_actor(kind=kinds[n], name=f"Actor {n}") for n in range(3)]
        world = make_place(name="World", country="CN")
        land = make_place(name="Land", country="CN", parent=world, latitude=37.0, longitude=114.0)
        town = make_place(name="Town", country="US", parent=land, latitude=30.0, longitude=-90.0)
        self.places = [world, land, town]
        self.sources = [
            make_source(title=f"Source {n}", publisher=publisher, date=date)
            for n, (publisher, date) in enumerate(
                [("Reuters", "2019-11"), ("AP", "[2018,2020]"), ("", None), ("AP", "2018?")]
            )
        ]
        self.events = [self._event(chance, n) for n in range(number)]

    def _event(self, chance: random.Random, number: int) -> Event:
        pairs = {(chance.choice(self.actors), chance.choice(CODES)) for _ in range(4)}
        event = make_event(
            title=f"Event {number}",
            summary=chance.choice(["the tip", "a trial", ""]),
            date=chance.choice([None, *DATES, *DATES]),
            place=chance.choice([None, *self.places]),
            kind=chance.choice([None, term("kinds", "trial"), term("kinds", "sentencing")]),
            status=chance.choice(["occurred", "planned"]),
            assessment=chance.choice(["alleged", "disputed"]),
            tags=chance.sample(["red", "green", "blue"], chance.randint(0, 3)),
            extra={"n": number % 3},
            participations=[
                taking_part(actor, code) for actor, code in sorted(pairs, key=str)[: number % 4]
            ],
        )
        for source in chance.sample(self.sources, chance.randint(0, 2)):
            make_citation(event=event, source=source, by=someone(), quote=f"quote {number % 2}")
        return event

    def filters(self) -> Iterator[dict[str, Any]]:
        ids = [str(actor.uuid) for actor in self.actors]
        yield from (
            {},
            {"actor": ids[0]},
            {"actor": ids[0], "role": "court"},
            {"actor": ids[:2], "role": "court,victim", "actor_kind": "person"},
            {"actor_all": ids[:2]},
            {"actor_all": ids[:2], "role": "court"},
            {"role": "speaker", "actor_kind": "government"},
            {"not_role": "court", "not_tag": "red"},
            {"tag_all": "red,blue"},
            {"place": self.places[1].uuid},
            {"not_place": self.places[2].uuid},
            {"country": "cn"},
            {"bbox": "100,20,120,40"},
            {"near": "30,-90,10"},
            {"q": "tip"},
            {"q": "quote -trial"},
            {"publisher": "AP"},
            {"source": [source.uuid for source in self.sources[:2]]},
            {"not_source": self.sources[0].uuid},
            {"has_dispute": "true"},
            {"has_dispute": "false"},
            {"has_citation": "true"},
            {"undated": "true"},
            {"undated": "false"},
            {"overlapping": "2018"},
            {"within": "2017/2019", "match": "certain"},
            {"within": "1912", "match": "certain", "trust_uncertain": "true"},
            {"before": "2018"},
            {"after": "2017", "match": "certain"},
            {"containing": "2018", "match": "certain"},
            {"overlapping": "2019", "clock": "reported"},
            {"before": "2019", "clock": "reported", "match": "certain"},
            {"after": "2000", "clock": "recorded"},
            {"extra.n": "1"},
            {"extra.n": "0,2", "kind": "trial"},
            {"kind": "trial", "status": "occurred", "assessment": "disputed"},
            {"id": [event.uuid for event in self.events[:5]]},
        )


def counted(api: Api, **query: Any) -> int:
    answer = api.get("events", count="true", page_size=1, fields="id", **query)
    assert answer.status_code == 200, answer.content
    return int(answer.json()["count"])


@pytest.mark.parametrize(("interval", "seed"), [("century", 1), ("decade", 2), ("year", 3)])
def test_a_histogram_counts_what_the_list_counts(anonymous: Api, interval: str, seed: int) -> None:
    queries = list(Crowd(16, seed).filters())[seed::9]
    for clock, query in product(("occurred", "reported", "recorded"), queries):
        asked = {name: value for name, value in query.items() if name != "clock"} | {"clock": clock}
        histogram = anonymous.get("events/histogram", interval=interval, **asked)
        assert histogram.status_code == 200, histogram.content
        told = histogram.json()
        every = counted(anonymous, **asked)
        expected = sum(bucket["expected"] for bucket in told["buckets"])
        assert expected == pytest.approx(every - told["undated"] - told["unplaced"], abs=1e-6)
        windows = {"overlapping", "within", "before", "after", "containing"} & asked.keys()
        if clock == "occurred" and "undated" not in asked:
            assert told["undated"] == counted(anonymous, **asked, undated="true")
        if windows:
            continue
        buckets = [b for b in told["buckets"] if b["possible"] or b["certain"]]
        assert not buckets or all(b["possible"] >= b["certain"] for b in buckets)
        for bucket in random.Random(seed).sample(buckets, min(4, len(buckets))):
            window = f"{bucket['start'][:-1]}Z/{bucket['end'][:-1]}Z"
            asked |= {"trust_uncertain": asked.get("trust_uncertain", "false")}
            if "match" in asked:
                continue
            assert bucket["possible"] == counted(anonymous, **asked, overlapping=window)
            certain = counted(anonymous, **asked, within=window, match="certain")
            assert bucket["certain"] == certain


FACETS = ("actor", "role", "place", "country", "tag", "source", "publisher", "kind", "status")


@pytest.mark.parametrize(("seed", "some"), [(4, slice(1, 7)), (5, slice(7, None, 7))])
def test_a_facet_counts_what_the_list_would_with_its_value(
    anonymous: Api, seed: int, some: slice
) -> None:
    crowd = Crowd(12, seed)
    for query in list(crowd.filters())[some]:
        answer = anonymous.get("events/facets", by=",".join((*FACETS, "assessment")), **query)
        assert answer.status_code == 200, answer.content
        for what, facets in answer.json().items():
            # A filter by the same takes the place of the one that was asked: it is left as it is.
            if what in query:
                continue
            told = {facet["value"]: facet["count"] for facet in facets}
            assert told == {
                value: n
                for value in values(crowd, what)
                if (n := counted(anonymous, **query, **{what: value}))
            }, (what, query)
            assert [f["count"] for f in facets] == sorted(told.values(), reverse=True)


def values(crowd: Crowd, what: str) -> list[str]:
    return {
        "actor": [str(actor.uuid) for actor in crowd.actors],
        "role": list(CODES),
        "place": [str(place.uuid) for place in crowd.places],
        "country": ["CN", "US"],
        "tag": ["red", "green", "blue"],
        "publisher": ["Reuters", "AP"],
        "kind": ["trial", "sentencing"],
        "status": ["occurred", "planned"],
        "assessment": ["alleged", "disputed"],
        "source": sorted({str(c.source.uuid) for e in crowd.events for c in e.citations.all()}),
    }[what]


def test_an_explanation_says_of_every_event_what_the_list_does(anonymous: Api) -> None:
    crowd = Crowd(7, 6)
    for query in crowd.filters():
        listed = set(anonymous.ids("events", **query))
        for event in crowd.events:
            told = anonymous.get(f"events/{event.uuid}/explain", **query)
            assert told.status_code == 200, told.content
            body = told.json()
            assert body["matches"] is (str(event.uuid) in listed), (query, event.date)
            assert body["matches"] is all(reason["matches"] for reason in body["reasons"]), body
            for reason in body["reasons"]:
                if reason["possible"] is not None:
                    assert reason["possible"] or not reason["certain"]
                    sure = query.get("match") == "certain"
                    assert reason["matches"] is reason["certain" if sure else "possible"]


def test_an_explanation_tells_possible_from_certain(anonymous: Api) -> None:
    events = [make_event(date=date) for date in DATES[:12]]
    for relation in ("overlapping", "within", "before", "after", "containing"):
        check_explanations(anonymous, events, relation)


def check_explanations(anonymous: Api, events: list[Event], relation: str) -> None:
    listed = {
        match: set(anonymous.ids("events", **{relation: "2018/2019", "match": match}))
        for match in ("possible", "certain")
    }
    for event in events:
        told = anonymous.get(f"events/{event.uuid}/explain", **{relation: "2018/2019"}).json()
        [reason] = told["reasons"]
        assert reason["possible"] is (str(event.uuid) in listed["possible"])
        assert reason["certain"] is (str(event.uuid) in listed["certain"])
        assert (event.date.label in reason["detail"]) is True


def test_a_histogram_of_what_spans_too_much_is_refused(anonymous: Api) -> None:
    make_event(date="Y-170000000")
    make_event(date="2019")
    answer = anonymous.get("events/histogram", interval="day")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "interval"


def test_the_buckets_of_a_histogram_follow_without_a_gap(anonymous: Api) -> None:
    make_event(date="-0001-12")
    make_event(date="0002-02")
    for interval in Interval:
        buckets = anonymous.get("events/histogram", interval=interval.value).json()["buckets"]
        first = bucket_of(read_edtf("-0001-12").start_min, interval)
        starts = [bucket_start(first + n, interval) for n in range(len(buckets) + 1)]
        assert [b["start"] for b in buckets] == [format_instant(s) for s in starts[:-1]]
        assert [b["end"] for b in buckets] == [format_instant(s - 1) for s in starts[1:]]


def test_an_explanation_says_the_words_as_they_were_written(anonymous: Api) -> None:
    event = make_event(title="毛泽东 speaks")
    told = anonymous.get(f"events/{event.uuid}/explain", q='毛泽东 -"La Paz" sp*').json()
    [reason] = told["reasons"]
    assert reason["detail"] == (
        "“毛泽东” is found; “La Paz” is not found, and is excluded; “sp*” is found."
    )


def test_a_timeline_is_counted_as_its_list_is(anonymous: Api) -> None:
    shown = [
        make_event(date="2019-08", tags=["red"]),
        make_event(date="1912", tags=["red", "blue"]),
    ]
    make_event(date="2019-08", tags=["red"])
    make_timeline(slug="few", entries=[{"event": event} for event in shown])
    histogram = anonymous.get(
        "timelines/few/events/histogram", interval="century", tag="red"
    ).json()
    assert [bucket["certain"] for bucket in histogram["buckets"]] == [1, 1]
    facets = anonymous.get("timelines/few/events/facets", by="tag", within="2019").json()
    assert facets == {"tag": [{"value": "red", "label": "red", "count": 1}]}
    for counted in ("histogram", "facets?by=tag"):
        assert anonymous.get(f"timelines/nothing/events/{counted}").status_code == 404
        assert anonymous.get(f"timelines/few/events/{counted}", befor="1").status_code == 400


ASKED = (
    "events/facets?by=actor,role,place,tag,source,publisher,kind",
    "events/histogram?interval=century",
    "events?page_size=200",
    "events?page_size=200&kind=trial&ordering=-date",
)


def test_what_is_remembered_is_what_would_be_told_anew(anonymous: Api, publisher: Api) -> None:
    """After each of many writes; a question that was never put that way is answered anew."""
    crowd, chance = Crowd(12, 8), random.Random(8)

    def check(turn: int) -> None:
        detail = f"events/{chance.choice(crowd.events).uuid}"
        for question in (*ASKED, detail):
            known, again = anonymous.get(question), anonymous.get(question)
            mark = "&" if "?" in question else "?"
            # The same question, spelled as it never was before.
            anew = anonymous.get(f"{question}{mark}as_of=2999-01-01T00:00:{turn:02d}Z")
            assert known.content == again.content
            assert known.json() == anew.json(), question

    def write(turn: int) -> None:
        event, actor = chance.choice(crowd.events), chance.choice(crowd.actors)
        place, source = chance.choice(crowd.places), chance.choice(crowd.sources)
        done = chance.choice(
            [
                lambda: publisher.patch(
                    f"events/{event.uuid}", {"date": {"edtf": chance.choice(DATES)}}
                ),
                lambda: publisher.patch(f"events/{event.uuid}", {"add_tags": [f"tag {turn}"]}),
                lambda: publisher.patch(f"events/{event.uuid}", {"kind": "trial"}),
                lambda: publisher.post(f"events/{event.uuid}/withdraw", {}),
                lambda: publisher.post(f"events/{event.uuid}/publish", {}),
                lambda: publisher.patch(f"actors/{actor.uuid}", {"name": f"Name {turn}"}),
                lambda: publisher.patch(f"actors/{actor.uuid}", {"protected": turn % 2 == 0}),
                lambda: publisher.patch(f"places/{place.uuid}", {"country": "DE"}),
                lambda: publisher.patch(f"sources/{source.uuid}", {"publisher": f"P {turn}"}),
                lambda: publisher.patch("tags/red", {"label": f"Red {turn}"}),
            ]
        )()
        assert done.status_code < 500, done.content

    check(0)
    for turn in range(1, 25):
        write(turn)
        check(turn)


def test_who_sees_more_is_not_told_what_is_remembered(anonymous: Api, publisher: Api) -> None:
    Crowd(6, 9)
    make_event(state="draft", kind=term("kinds", "trial"))
    question = "events/facets?by=status"
    told = {
        who: sum(f["count"] for f in who.get(question).json()["status"])
        for who in (anonymous, publisher, anonymous)
    }

    assert told[publisher] == told[anonymous] + 1
    assert anonymous.get(question).headers["Cache-Control"] == "public, no-cache"
