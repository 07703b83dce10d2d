"""A date is typed in words, and the page says what it understood."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.admin.world import World, event
from tests.servers import running_service


def understood(client: Client, text: str) -> dict[str, str]:
    return client.get(reverse("admin:understand_date"), {"text": text}).json()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "in August 2019",
            ("2019-08", "August 2019", "some time from 1 August 2019 to 31 August 2019"),
            id="month",
        ),
        pytest.param(
            "7 Nov 2019", ("2019-11-07", "7 November 2019", "on 7 November 2019"), id="day"
        ),
        pytest.param(
            "since 2017",
            ("2017/..", "since 2017", "begins from 1 January 2017 to 31 December 2017, has no end"),
            id="open",
        ),
        pytest.param(
            "until July 2019",
            (
                "../2019-07",
                "until July 2019",
                "has no beginning, ends from 1 July 2019 to 31 July 2019",
            ),
            id="without beginning",
        ),
        pytest.param(
            "before 1890",
            ("[..1889]", "in or before 1889", "on 31 December 1889 or before"),
            id="before",
        ),
        pytest.param(
            "after 2018",
            ("[2019..]", "in or after 2019", "on 1 January 2019 or later"),
            id="after",
        ),
        pytest.param(
            "2019-11-07T14:30:00+08:00",
            (
                "2019-11-07T14:30:00+08:00",
                "7 November 2019 at 14:30 UTC+8",
                "on 7 November 2019, 06:30 UTC",
            ),
            id="instant",
        ),
        pytest.param(
            "Y123456",
            ("Y123456", "123456 CE", "some time from +123456-01-01 to +123456-12-31"),
            id="far future",
        ),
    ],
)
def test_what_was_understood_is_told(
    world: World, editor: Client, text: str, told: tuple[str, str, str]
) -> None:
    edtf, label, extent = told
    assert understood(editor, text) == {
        "edtf": edtf,
        "label": label,
        "extent": extent,
        "problem": "",
    }


@pytest.mark.parametrize("text", ["07/11/2019", "2019-13", "nonsense", "9" * 501, "Y9E99999999"])
def test_what_was_not_understood_is_told_too(world: World, contributor: Client, text: str) -> None:
    answer = understood(contributor, text)

    assert answer["problem"]
    assert not answer["label"]


def test_nothing_is_understood_of_nothing(world: World, editor: Client) -> None:
    assert not any(understood(editor, "  ").values())


def test_the_page_says_what_is_recorded_without_a_script(world: World, editor: Client) -> None:
    one = event("Since then", "2017/..")

    page = editor.get(reverse("admin:timeline_event_change", args=[one.pk]))

    assert '<strong class="label">since 2017</strong>' in page.content.decode()


def test_a_curator_types_a_date_in_words_and_sees_what_was_understood(
    database_url: str, page: Page, complaints: list[str], tmp_path: Path
) -> None:
    with running_service(database_url, static_files=True) as service:
        service.manage(
            *("shell", "-c"),
            "from django.contrib.auth.models import User, Group;"
            "u = User.objects.create_user('curator', password='a long enough one', is_staff=True);"
            "u.groups.add(Group.objects.get(name='Contributor'))",
        )
        page.goto(f"{service.url}/admin/login/?next=/admin/timeline/event/add/")
        page.fill("#id_username", "curator")
        page.fill("#id_password", "a long enough one")
        page.click("input[type=submit]")
        page.fill("#id_title", "Trump accuses Xi")

        page.locator("#id_date").press_sequentially("in August 2019")
        expect(page.locator(".field-date .understood")).to_have_text(
            "August 2019 2019-08 some time from 1 August 2019 to 31 August 2019"
        )
        page.fill("#id_date", "07/08/2019")
        expect(page.locator(".field-date .problem")).to_contain_text("07/08/2019")

        page.fill("#id_date", "in August 2019")
        page.click("input[name=_continue]")
        expect(page.locator("#id_date")).to_have_value("2019-08")
        expect(page.locator("#id_date_text")).to_have_value("in August 2019")
        expect(page.locator(".field-date .label")).to_have_text("August 2019")

        page.click("text=Add another Participation")
        page.click("#participations-0 .field-actor .select2-selection")
        page.locator(".select2-search__field").last.press_sequentially("nobody of that name")
        expect(page.locator(".select2-results__option").last).to_have_text("No results found")
        assert complaints == []
