from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.world import World, term
from timeline.models import Redirect

Read = Callable[[str], str]


def test_an_actor_is_told_with_names_ties_events_words_and_figures(
    world: World, words: Read, read: Read
) -> None:
    office = world.actor("The commission", kind="organisation")
    actor = world.actor(
        "Yu Haibin",
        kind="person",
        description="A *senior* official.",
        identifiers={"wikidata": "Q42", "other": "<b>x</b>"},
        names=[{"text": "于海斌", "language": "zh-Hans", "kind": "transliteration"}],
    )
    world.affiliate(actor, "official_of", office, title="senior official", date="2019")
    event = world.event(
        "The announcement",
        "2019-11-07",
        participations=[
            {"actor": actor, "role": term("roles", "spokesperson"), "note": "for China"}
        ],
    )
    world.claim(actor, "It is no matter of trade.", said_in=event, stance="denies")
    world.figure("Cases", low=2, high=2, speaker=actor)

    text = words(f"/actors/{actor.uuid}")
    markup = read(f"/actors/{actor.uuid}")

    for said in (
        "Yu Haibin",
        "A senior official.",
        "于海斌 Transliteration or other script",
        "Holds an office in The commission, as senior official, 2019",
        "7 November 2019 The announcement Spokesperson, for China",
        "Yu Haibin denies It is no matter of trade.",
        "2 Cases",
    ):
        assert said in text
    assert '<bdi lang="zh-Hans">于海斌</bdi>' in markup
    assert 'href="https://www.wikidata.org/wiki/Q42"' in markup
    assert "&lt;b&gt;x&lt;/b&gt;" in markup
    assert "Yu Haibin holds an office in this, as senior official" in words(
        f"/actors/{office.uuid}"
    )


def test_a_pseudonym_and_a_group_are_told_as_what_they_are(world: World, words: Read) -> None:
    diana = world.actor("Diana", identity="pseudonym")
    nine = world.actor("The convicted", identity="unnamed", kind="group", count=9)

    assert "Diana pseudonym" in words(f"/actors/{diana.uuid}")
    assert "The convicted not named, 9 in number" in words(f"/actors/{nine.uuid}")


def test_a_source_is_told_with_its_descent_and_everything_it_is_cited_for(
    world: World, words: Read, read: Read
) -> None:
    wire = world.source(
        "Nine jailed",
        kind="article",
        publisher="Reuters",
        authors=["Huizhong Wu"],
        url="https://example.org/nine",
        archived_url="https://archive.example.org/nine",
        date="2019-11-07T13:29:21Z",
        language="en",
        reliability="B",
    )
    reprint = world.source("Nine jailed, reprinted", derived_from=wire)
    actor, other = world.actor("The court"), world.actor("The province")
    event = world.event("The sentence", "2019-11-07", takers=((actor, "court"),), source=wire)
    second = world.event("The appeal", "2020")
    world.cite(wire, participation=event.participations.get(), quote="the court", locator="p. 1")
    world.cite(wire, claim=world.claim(actor, "It is so.", about=event), bearing="disputes")
    world.cite(wire, relation=world.relate(event, "precedes", second))
    world.cite(wire, affiliation=world.affiliate(actor, "part_of", other))
    world.cite(wire, figure=world.figure("Convicts", low=9, high=9))

    text = words(f"/sources/{wire.uuid}")

    for said in (
        "News article",
        "By Huizhong Wu",
        "Published 7 November 2019 at 13:29:21 UTC",
        "Reliability Usually reliable",
        "Nine jailed, reprinted",
        "the court p. 1: the part of The court in The sentence, 7 November 2019",
        "what The court says: It is so. The sentence, 7 November 2019 disputes this",
        "The sentence, 7 November 2019 precedes “The appeal”",
        "the ties of The court",
        "a figure: Convicts",
    ):
        assert said in text
    markup = read(f"/sources/{wire.uuid}")
    for address in ("https://example.org/nine", "https://archive.example.org/nine"):
        assert f'href="{address}" rel="noopener noreferrer nofollow"' in markup
    assert "Rests on Nine jailed, Reuters" in words(f"/sources/{reprint.uuid}")


def test_the_passages_of_a_source_stand_in_its_order(world: World, words: Read) -> None:
    source, event = world.source(), world.event("It happened")
    for place in ("paragraph 10", "paragraph 2", "page 3", "paragraph 2b"):
        world.cite(source, event=event, locator=place)
    world.cite(source, event=event, quote="first", position_start=9, position_end=14)

    text = words(f"/sources/{source.uuid}")

    places = ["first", "page 3", "paragraph 2:", "paragraph 2b", "paragraph 10"]
    assert sorted(places, key=text.index) == places


def test_the_text_of_a_source_is_shown_only_where_its_licence_allows(
    world: World, words: Read
) -> None:
    free = world.source("A free text", text="The whole of it.", text_is_public=True)
    kept = world.source("A kept text", text="Not for everybody.")

    assert "The whole of it." in words(f"/sources/{free.uuid}")
    assert "Not for everybody." not in words(f"/sources/{kept.uuid}")
    assert "SHA-256" not in words(f"/sources/{kept.uuid}")


@pytest.mark.parametrize("kind", ["actor", "source"])
def test_a_reader_of_a_merged_record_is_sent_on(world: World, client: Client, kind: str) -> None:
    survivor = world.actor("A") if kind == "actor" else world.source("A")
    old = uuid.uuid4()
    Redirect.objects.create(record_type=kind, old_uuid=old, new_uuid=survivor.uuid)

    response = client.get(f"/{kind}s/{old}")

    assert response.status_code == 308
    assert response["Location"] == f"/{kind}s/{survivor.uuid}"


def test_an_actor_in_many_events_costs_as_many_queries_as_one_in_few(
    world: World, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actor = world.actor("Somebody")
    for number in range(4):
        event = world.event(f"Event {number}", "2019", takers=((actor, "court"),))
        claim = world.claim(actor, "Yes.", about=event)
        world.cite(world.source(), claim=claim)
        world.affiliate(actor, "member_of", world.actor(f"Club {number}"))

    with django_assert_num_queries(9):
        client.get(f"/actors/{actor.uuid}")


def test_a_source_cited_often_costs_as_many_queries_as_one_cited_once(
    world: World, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    source = world.source()
    for number in range(4):
        event = world.event(f"Event {number}", "2019", source=source)
        world.cite(source, claim=world.claim(world.actor(f"Actor {number}"), "X.", about=event))

    with django_assert_num_queries(3):
        client.get(f"/sources/{source.uuid}")
