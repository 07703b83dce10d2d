"""The page for those who build their own: one file, and honest about dates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

FILE = Path(__file__).parent.parent / "examples" / "timeline.html"


def test_one_short_file_draws_a_timeline_from_the_api(
    seeded_service: Any, page: Page, complaints: list[str]
) -> None:
    assert len(FILE.read_text().splitlines()) < 80
    page.goto(f"{FILE.as_uri()}?api={seeded_service.url}&page_size=5")
    rows = page.locator("#events li")
    expect(rows).not_to_have_count(0)
    expect(page.locator("#problem")).to_have_text("")
    assert rows.count() > 5  # it followed the pages

    # A year is drawn as the whole year that it may have been in, and not as a day.
    tip = rows.filter(has_text="Diana").locator("i.possible")
    day = rows.filter(has_text="sentences nine people").locator("i.possible")
    assert tip.bounding_box()["width"] > 20 * day.bounding_box()["width"]
    # What nobody knows the beginning of fades.
    expect(rows.filter(has_text="trade war").locator("i.possible.from.to")).to_have_count(1)
    # What is known to have lasted is dark where it certainly did.
    expect(rows.filter(has_text="work on a fentanyl case").locator("i.certain")).to_have_count(1)
    expect(rows.filter(has_text="Diana").locator("i.certain")).to_have_count(0)
    assert complaints == []


def test_it_says_what_the_service_says_when_it_is_refused(seeded_service: Any, page: Page) -> None:
    page.goto(f"{FILE.as_uri()}?api={seeded_service.url}&before=yesterday")
    expect(page.locator("#problem")).to_contain_text("yesterday")
