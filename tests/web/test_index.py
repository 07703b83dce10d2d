from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.world import World

Read = Callable[[str], str]


def test_the_front_page_lists_each_timeline_with_its_introduction_count_and_span(
    world: World, words: Read
) -> None:
    world.timeline(
        "The joint case",
        world.event("The tip", "2017"),
        world.event("The sentence", "2019-11-07"),
        introduction="Nine people were *sentenced*.",
    )

    text = words("/")

    assert "The joint case" in text
    assert "Nine people were sentenced." in text
    assert "2 events · 2017\N{EN DASH}2019" in text


def test_the_front_page_says_so_while_there_is_no_timeline(world: World, words: Read) -> None:
    assert "No timeline has been published yet." in words("/")


def test_the_front_page_leads_to_the_api_its_documentation_and_the_admin(
    world: World, read: Read
) -> None:
    markup = read("/")

    for address in ("/api/v1", "/api/docs", "/admin/"):
        assert f'href="{address}"' in markup


def test_a_timeline_that_is_not_published_is_not_listed(world: World, words: Read) -> None:
    world.timeline("A draft", published=False)

    assert "A draft" not in words("/")


def test_what_is_not_published_counts_neither_as_an_event_nor_in_the_span(
    world: World, words: Read
) -> None:
    world.timeline(
        "The case", world.event("Seen", "2018"), world.event("Unseen", "1999", published=False)
    )

    text = words("/")

    assert "1 event · 2018" in text
    assert "1999" not in text


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        pytest.param(["2017/.."], "2017, some without a known end", id="no end"),
        pytest.param(["../2019"], "2019, some without a known beginning", id="no beginning"),
        pytest.param(
            ["2017/", "2012"], "2012\N{EN DASH}2017, some without a known end", id="end unknown"
        ),
        pytest.param(["-0043-03-15", "0014"], "44 BCE\N{EN DASH}14 CE", id="ancient"),
        pytest.param(["../.."], "1 event", id="no known edge"),
        pytest.param([None], "1 event", id="undated"),
    ],
)
def test_a_span_is_said_in_years_and_says_what_is_open(
    world: World, words: Read, dates: list[str | None], said: str
) -> None:
    world.timeline("The case", *(world.event(f"Event {d}", d) for d in dates))

    assert said in words("/")


def test_many_timelines_cost_as_many_queries_as_one(
    world: World, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        event = world.event(f"Event {number}", "2019")
        world.timeline(f"Timeline {number}", event, slug=f"case-{number}")

    with django_assert_num_queries(3):
        client.get("/")


def test_a_long_list_of_timelines_has_pages(
    world: World, words: Read, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline.web.views.TIMELINES_PER_PAGE", 2)
    for number in range(3):
        world.timeline(f"Timeline {number}", slug=f"case-{number}")

    assert "Timeline 2" not in words("/")
    assert "Timeline 2" in words("/?page=2")
    assert client.get("/?page=3").status_code == 404
    assert client.get("/?page=%00").status_code == 404


@pytest.mark.parametrize("address", ["/", "/timelines/case", "/timelines/case/"])
def test_pages_may_be_kept_but_are_asked_for_anew_and_hang_on_no_cookie(
    world: World, client: Client, address: str
) -> None:
    world.timeline("The case")

    response = client.get(address)

    assert set(response["Cache-Control"].split(", ")) == {"public", "no-cache"}
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    again = client.get(address, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_pages_are_read_and_not_written(world: World, client: Client) -> None:
    assert client.post("/").status_code == 405
    assert client.head("/").status_code == 200


def test_a_service_may_demand_a_login_of_its_readers(
    world: World, client: Client, settings: object, admin_client: Client
) -> None:
    settings.LOGIN_REQUIRED = True  # type: ignore[attr-defined]

    response = client.get("/timelines/case?page=1")
    assert response.status_code == 302
    assert response["Location"] == "/admin/login/?next=/timelines/case%3Fpage%3D1"

    response = admin_client.get("/")
    assert response.status_code == 200
    assert set(response["Cache-Control"].split(", ")) == {"private", "no-cache"}
