"""The pages in a real browser, under the headers of the real service."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.servers import Service

WIDTHS = [pytest.param(1280, id="desk"), pytest.param(360, id="telephone")]


@pytest.mark.parametrize("width", WIDTHS)
def test_readers_go_from_the_list_to_a_timeline_an_event_its_actors_and_sources(
    seeded_service: Service, page: Page, complaints: list[str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(seeded_service.url)
    for link in (
        "main h2 a",
        ".entries h3 a",
        ".participants a, .passages a",
        "main a[href^='/events/']",
        ".passages a[href^='/sources/']",
    ):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        with page.expect_navigation():
            page.locator(link).first.click()
        assert page.locator("h1").count() == 1
        assert "There is nothing here" not in page.content()

    assert complaints == []


def test_a_timeline_draws_every_date_beside_its_words(
    seeded_service: Service, page: Page, complaints: list[str]
) -> None:
    page.goto(seeded_service.url)
    with page.expect_navigation():
        page.locator("main h2 a").first.click()

    rows = page.locator(".overview li.row")
    assert rows.count() > 5
    for row in rows.all():
        assert row.locator(".date").inner_text()
        assert row.locator("rect").first.bounding_box()["width"] >= 1  # type: ignore[index]
    assert complaints == []


def test_a_timeline_can_be_read_in_the_dark_and_on_paper(
    seeded_service: Service, page: Page
) -> None:
    page.goto(seeded_service.url)
    colour = "getComputedStyle(document.documentElement).backgroundColor"

    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(colour)
    page.emulate_media(color_scheme="light")
    light = page.evaluate(colour)
    page.emulate_media(media="print")

    assert dark != light
    assert not page.locator(".masthead nav").is_visible()
