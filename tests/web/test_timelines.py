from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.world import World, term

Read = Callable[[str], str]


def test_events_stand_in_the_order_of_time_and_the_undated_apart_at_the_end(
    world: World, read: Read
) -> None:
    world.timeline(
        "The case",
        world.event("The sentence", "2019-11-07"),
        world.event("Nobody knows when"),
        world.event("The tip", "2017"),
    )

    titles = re.findall(r"<h[23] id=[^>]*>(?:<a [^>]*>)?([^<]+)", read("/timelines/case"))

    assert titles == [
        "At a glance",
        "Events",
        "The tip",
        "The sentence",
        "Without a date",
        "Nobody knows when",
    ]


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        pytest.param("2017", '<time datetime="2017">2017</time>', id="year"),
        pytest.param("2019-08", '<time datetime="2019-08">August 2019</time>', id="month"),
        pytest.param("2019-11-07", '<time datetime="2019-11-07">7 November 2019</time>', id="day"),
        pytest.param(
            "2019-11-07T13:29:21Z",
            '<time datetime="2019-11-07T13:29:21Z">7 November 2019 at 13:29:21 UTC</time>',
            id="moment",
        ),
        pytest.param("2019-08~", '<span class="date">about August 2019</span>', id="about"),
        pytest.param("2017?", '<span class="date">possibly 2017</span>', id="doubted"),
        pytest.param("2017/..", '<span class="date">since 2017</span>', id="open"),
        pytest.param("201X", '<span class="date">the 2010s</span>', id="decade"),
        pytest.param("2020-21", '<span class="date">spring 2020</span>', id="season"),
        pytest.param("-0043", '<span class="date">44 BCE</span>', id="before our era"),
        pytest.param("0000", '<span class="date">1 BCE</span>', id="year HTML has not"),
        pytest.param(
            "[2019-11-07,2019-11-09]",
            '<span class="date">7 November 2019 or 9 November 2019</span>',
            id="one of two days",
        ),
    ],
)
def test_a_date_is_said_as_precisely_as_it_is_known_and_no_more(
    world: World, read: Read, edtf: str, said: str
) -> None:
    world.timeline("The case", world.event("Something happens", edtf))

    assert said in read("/timelines/case")


def test_a_date_that_no_source_states_is_marked_with_the_reasoning_and_the_sources_words(
    world: World, words: Read
) -> None:
    event = world.event(
        "The accusation",
        "2019-08",
        date_text="In August",
        date_basis="inferred",
        date_basis_note="the report is of 7 November 2019.",
    )
    world.timeline("The case", event)

    text = words("/timelines/case")

    assert "August 2019 inferred" in text
    assert "In the source: In August. Inferred: the report is of 7 November 2019." in text


def test_an_event_is_shown_with_its_people_place_state_and_evidence(
    world: World, words: Read, read: Read
) -> None:
    country = world.place("China")
    court = world.actor("The court", kind="organisation")
    nine = world.actor("The convicted", kind="group", count=9, identity="unnamed")
    diana = world.actor("Diana", identity="pseudonym")
    event = world.event(
        "The sentence",
        "2019-11-07",
        summary="Nine people are *sentenced*.",
        place=world.place("Xingtai", parent=country),
        status="planned",
        assessment="alleged",
        participations=[
            {"actor": court, "role": term("roles", "court")},
            {"actor": nine, "role": term("roles", "convict"), "outcome": "imprisonment"},
            {"actor": diana, "role": term("roles", "seller"), "note": "in 2017"},
        ],
        source=world.source(
            "Nine jailed", publisher="Reuters", date="2019-11-07", url="https://example.org/nine"
        ),
    )
    world.timeline("The case", entries=[{"event": event, "note": "The end of it."}])

    text = words("/timelines/case")

    for said in (
        "Planned or expected",
        "Alleged",
        "Nine people are sentenced.",
        "Xingtai, China",
        "Court The court",
        "The convicted not named, 9 in number: imprisonment",
        "Diana pseudonym, in 2017",
        "Nine jailed, Reuters, 7 November 2019 (example.org)",
        "The end of it.",
    ):
        assert said in text
    outside = 'href="https://example.org/nine" rel="noopener noreferrer nofollow"'
    assert outside in read("/timelines/case")


def test_claims_that_contradict_each_other_stand_side_by_side(world: World, read: Read) -> None:
    event = world.event("The flow of the drug", "2017/..")
    ours = world.claim(world.actor("The officials"), "It comes from there.", about=event)
    world.claim(
        world.actor("The ministry"),
        "It does not.",
        stance="denies",
        status="disputed",
        status_note="Nobody else was asked.",
        date="2019-11-07",
        links=[{"type": "contradicts", "other": ours}],
    )
    world.claim(world.actor("A bystander"), "It is sad.", about=event)
    world.timeline("The case", event)

    markup = read("/timelines/case")
    rivals, others = markup.split(">Accounts differ<")[1].split(">What is said<")

    for said in ("The officials", "It comes from there.", "The ministry", "denies", "Disputed"):
        assert said in rivals
    assert "A bystander" not in rivals
    assert "A bystander" in others


def test_a_page_tells_each_statement_once(world: World, read: Read) -> None:
    promise = world.event("The promise", "2018")
    accusation = world.event("The accusation", "2019-08")
    claim = world.claim(
        world.actor("The president"), "It was not kept.", about=promise, said_in=accusation
    )
    world.timeline("The case", promise, accusation)

    first, second = read("/timelines/case").split(f'id="event-{accusation.uuid}"')

    assert f'id="claim-{claim.uuid}"' in first
    assert f'href="#claim-{claim.uuid}"' in second


def test_claims_that_give_one_field_different_values_are_rivals(world: World, read: Read) -> None:
    event = world.event("The tip", "2017")
    for name, value in (("One", "2017"), ("Another", "2018-03")):
        world.claim(
            world.actor(name), "It was then.", about=event, about_field="date", about_value=value
        )
    world.timeline("The case", event)

    markup = read("/timelines/case")

    assert "Accounts of its date differ" in markup
    assert "On its date: March 2018" in markup


def test_of_rivals_the_accepted_one_stands_first_and_each_says_whom_it_contradicts(
    world: World, read: Read
) -> None:
    event = world.event("The tip", "2017")
    for name, value, said, status in (
        ("Early", "2016", "2018", "open"),
        ("Right", "2017", "2019", "accepted"),
        ("Echo", "2016", "2020", "open"),
    ):
        world.claim(
            world.actor(name),
            f"It was in {value}.",
            date=said,
            about=event,
            about_field="date",
            about_value=value,
            status=status,
        )

    told = read(f"/events/{event.uuid}").split('<article class="statement"')[1:]
    contradicts = [re.findall(r">Contradicts (.*)</p>", one) for one in told]

    assert "Right" in told[0]
    assert [re.findall(r"<bdi>(\w+)</bdi>", rivals) for (rivals,) in contradicts] == [
        ["Early", "Echo"],
        ["Right"],
        ["Right"],
    ]


def test_figures_of_the_same_sources_are_shown_in_the_words_they_were_stated_in(
    world: World, words: Read
) -> None:
    report = world.source("The report")
    deaths = world.figure(
        "Deaths by overdose",
        low=28000,
        text="more than 28,000",
        population="United States",
        date="2017",
        speaker=world.actor("The health authority"),
    )
    weight = world.figure("Weight", low="11.900000", high="11.900000", unit="kg")
    elsewhere = world.figure("Something else", high=3)
    world.cite(report, figure=deaths)
    world.cite(report, figure=weight)
    world.cite(world.source("Another report"), figure=elsewhere)
    world.timeline("The case", world.event("The sentence", "2019", source=report))

    text = words("/timelines/case")

    assert "more than 28,000 Deaths by overdose · United States · 2017" in text
    assert "According to The health authority" in text
    assert "11.9 kg Weight" in text
    assert "Something else" not in text


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        pytest.param({"low": 3, "high": 5}, "3 to 5 kg", id="between"),
        pytest.param({"low": 28000}, "at least 28,000 kg", id="no upper bound"),
        pytest.param({"high": "0.5"}, "at most 0.5 kg", id="no lower bound"),
    ],
)
def test_a_figure_without_words_of_its_own_is_said_with_its_bounds(
    world: World, words: Read, bounds: dict[str, object], said: str
) -> None:
    report = world.source()
    world.cite(report, figure=world.figure("Weight", unit="kg", **bounds))
    world.timeline("The case", world.event("The find", "2019", source=report))

    assert said in words("/timelines/case")


def test_a_timeline_may_be_chosen_by_a_filter(world: World, words: Read) -> None:
    world.event("Early", "2001", tags=["drugs"])
    world.event("Late", "2019", tags=["drugs"])
    world.event("Untagged", "2019")
    world.timeline("The case", filter={"tag": ["drugs"], "after": "2010", "match": "certain"})

    text = words("/timelines/case")

    assert "1 event · 2019" in text
    assert "Late" in text
    assert "Early" not in text
    assert "Untagged" not in text


def test_a_saved_filter_finds_whoever_took_part_and_where(world: World, words: Read) -> None:
    court, other = world.actor("The court"), world.actor("Another")
    town = world.place("The town", country="CN")
    world.event("Meant", "2019", takers=((court, "court"),), place=town)
    world.event("Another's", "2019", takers=((other, "court"),), place=town)
    world.event("Elsewhere", "2019", takers=((court, "court"),))
    world.timeline(
        "The case",
        filter={"actor": str(court.uuid), "role": ["court", "judge"], "country": "CN"},
    )

    text = words("/timelines/case")

    assert "Meant" in text
    assert "Another's" not in text
    assert "Elsewhere" not in text


@pytest.mark.parametrize(
    "saved",
    [
        pytest.param({"tga": "drugs"}, id="unknown parameter"),
        pytest.param({"after": "yesterday"}, id="no date"),
        pytest.param({"actor": ["nobody"]}, id="no id"),
        pytest.param({"after": "2010", "match": "maybe"}, id="no way of matching"),
        pytest.param({"undated": "perhaps"}, id="neither true nor false"),
    ],
)
def test_a_filter_that_is_not_understood_finds_nothing(
    world: World, words: Read, saved: dict[str, object]
) -> None:
    world.event("Something", "2019")
    world.timeline("The case", filter=saved)

    assert "No event of this timeline has been published yet." in words("/timelines/case")


def test_a_long_timeline_has_pages(
    world: World, words: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline.web.views.EVENTS_PER_PAGE", 2)
    world.timeline("The case", *(world.event(f"Day {n}", f"2019-01-0{n}") for n in (1, 2, 3)))

    first, second = words("/timelines/case"), words("/timelines/case?page=2")

    assert "Day 2" in first
    assert "Day 3" not in first
    assert "Day 3" in second
    assert "3 events" in first
    assert "3 events" in second


@pytest.mark.parametrize("events", [1, 6])
def test_the_cost_of_a_timeline_does_not_grow_with_its_events(
    world: World,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    events: int,
) -> None:
    told, apart = [], world.event("Another", "2018")
    for number in range(events):
        someone = world.actor(f"Actor {number}")
        event = world.event(
            f"Event {number}", "2019", takers=((someone, "court"),), tags=["a", "b"]
        )
        one = world.claim(someone, "Yes.", about=event)
        other = world.claim(someone, "No.", links=[{"type": "contradicts", "other": one}])
        world.cite(world.source(), claim=other)
        world.cite(world.source(), participation=event.participations.get())
        relation = world.relate(event, "same_case_as", apart)
        world.cite(world.source(), relation=relation)
        told.append(event)
    world.timeline("The case", *told)

    with django_assert_num_queries(18):
        client.get("/timelines/case")
