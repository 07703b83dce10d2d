from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.world import World
from timeline.models import Redirect

Read = Callable[[str], str]


def test_an_event_is_told_in_full_with_links_to_what_it_belongs_to(
    world: World, words: Read, read: Read
) -> None:
    court = world.actor("The court", kind="organisation")
    tip = world.event("The tip", "2017")
    event = world.event(
        "The sentence",
        "2019-11-07",
        takers=((court, "court"),),
        source=world.source("Nine jailed", url="https://example.org/nine"),
        tags=["Drugs"],
        image="https://example.org/court.jpg",
    )
    relation = world.relate(tip, "led_to", event, note="The attaché said so.")
    world.cite(world.source("Another report"), relation=relation, quote="acted on a tip")

    world.timeline("The case", event)
    world.timeline("A draft", event, slug="draft", published=False)

    text = words(f"/events/{event.uuid}")
    markup = read(f"/events/{event.uuid}")

    assert "The tip (2017) led to this The attaché said so. acted on a tip Another report" in text
    assert f'href="/events/{tip.uuid}"' in markup
    assert f'href="/actors/{court.uuid}"' in markup
    assert f'href="/api/v1/events/{event.uuid}"' in markup
    assert "Picture at example.org" in text
    assert "<img" not in markup
    assert "Tagged Drugs" in text
    assert "On the timeline The case" in text
    assert "A draft" not in text
    assert "This led to The sentence (7 November 2019)" in words(f"/events/{tip.uuid}")


def test_what_was_said_at_an_event_names_what_it_is_about(world: World, words: Read) -> None:
    promise = world.event("The promise")
    accusation = world.event("The accusation", "2019-08")
    speaker = world.actor("The president")
    world.claim(
        speaker,
        "He has not kept it.",
        stance="accuses",
        about=promise,
        said_in=accusation,
        date="2019-08",
    )

    at = words(f"/events/{accusation.uuid}")
    about = words(f"/events/{promise.uuid}")

    assert "The president accuses, August 2019 He has not kept it. About: The promise" in at
    assert "Said at: The accusation" in about
    assert "Date not known" in about


def test_a_reader_of_a_merged_event_is_sent_on_to_its_survivor(
    world: World, client: Client
) -> None:
    event = world.event("The survivor", "2019")
    old, older = uuid.uuid4(), uuid.uuid4()
    Redirect.objects.create(record_type="event", old_uuid=older, new_uuid=old)
    Redirect.objects.create(record_type="event", old_uuid=old, new_uuid=event.uuid)

    for merged in (old, older):
        response = client.get(f"/events/{merged}")
        assert response.status_code == 308
        assert response["Location"] == f"/events/{event.uuid}"


def test_nobody_is_sent_on_to_what_is_not_public_or_of_another_kind(
    world: World, client: Client
) -> None:
    draft = world.event("A draft", "2019", published=False)
    event = world.event("An event", "2019")
    hidden, circle, back, other = (uuid.uuid4() for _ in range(4))
    Redirect.objects.create(record_type="event", old_uuid=hidden, new_uuid=draft.uuid)
    Redirect.objects.create(record_type="event", old_uuid=circle, new_uuid=back)
    Redirect.objects.create(record_type="event", old_uuid=back, new_uuid=circle)
    Redirect.objects.create(record_type="actor", old_uuid=other, new_uuid=event.uuid)

    for merged in (hidden, circle, back, other):
        assert client.get(f"/events/{merged}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/events/00000000-0000-4000-8000-000000000000",
        "/events/1",
        "/timelines/nothing",
        "/timelines/%00",
        "/nothing",
    ],
)
def test_what_is_not_there_is_said_kindly_and_without_detail(
    world: World, client: Client, address: str
) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
    assert "DoesNotExist" not in response.content.decode()


def test_an_event_costs_a_fixed_number_of_queries(
    world: World, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    event = world.event("The event", "2019", source=world.source())
    for number in range(3):
        speaker = world.actor(f"Speaker {number}")
        world.claim(speaker, f"Claim {number}", about=event)
        world.relate(event, "precedes", world.event(f"Later {number}", "2020"))

    with django_assert_num_queries(11):
        client.get(f"/events/{event.uuid}")
