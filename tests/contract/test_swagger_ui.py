"""The page on which the API can be tried: our own files only, and nothing that a browser minds."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.servers import Service


def test_the_documentation_shows_the_operations_and_asks_nobody_else(
    seeded_service: Service, page: Page, complaints: list[str]
) -> None:
    failed: list[str] = []
    page.on("response", lambda r: failed.append(r.url) if r.status >= 400 else None)
    page.goto(f"{seeded_service.url}/api/docs")
    expect(page.locator(".info .title")).to_contain_text("Timeline")

    # The operations are tried as a newcomer would.
    listing = page.locator("#operations-actors-actors_list")
    listing.locator(".opblock-summary-control").click()
    listing.get_by_role("button", name="Try it out").click()
    listing.get_by_role("button", name="Execute").click()
    live = listing.locator(".live-responses-table .response-col_status").last
    expect(live).to_contain_text("200", timeout=20_000)
    listing.locator(".opblock-summary-control").click()

    # What is out of sight is drawn when it comes into it.
    page.mouse.wheel(0, 100_000)
    expect(page.locator("#operations-webhooks-webhooks_test")).to_contain_text("Send a test")
    expect(page.locator("#operations-webhooks-change_sent")).to_contain_text("A change")
    assert failed == []
    assert complaints == []
