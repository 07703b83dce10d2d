"""A curator brings in a table on a page that says first what it would do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.servers import running_service
from tests.services.test_imported_tables import csv_of, xlsx_of
from timeline.models import Change, Event, Import, Origin, Publication

PAGE = "admin:timeline_import_add"
HEADER = ["external_id", "Headline", "date"]
ROWS = [HEADER, ["1", "A raid", "April 1863"], ["2", "A siege", "1863"]]
MAPPED = {"dataset": "acw", "mapping": '{"title": "Headline"}'}


def sent(client: Client, file: bytes, name: str = "raids.csv", **asked: Any) -> Any:
    data = {"file": SimpleUploadedFile(name, file), **MAPPED, **asked}
    return client.post(reverse(PAGE), data, follow=True)


def test_what_a_file_would_do_is_shown_and_then_done_and_undone(editor: Client) -> None:
    before = Event.objects.count()
    shown = sent(editor, csv_of(*ROWS)).content.decode()
    assert "Created 2, updated 0" in shown
    assert Event.objects.count() == before

    done = sent(editor, csv_of(*ROWS), _import="1", publish="on").content.decode()
    assert "Imported: created 2" in done
    raid = Event.objects.get(title="A raid")
    assert (raid.publication, raid.date.text) == (Publication.PUBLISHED, "1863-04")
    run = Import.objects.get()
    entry = Change.objects.get(record_uuid=raid.uuid, action="created")
    assert (run.origin, entry.origin, entry.by) == (Origin.ADMIN, Origin.ADMIN, run.by)

    undo = reverse("admin:timeline_change_undo", args=[run.operation])
    assert undo in done
    editor.post(undo, {"reason": "The wrong file."})
    assert Event.objects.count() == before


def test_bad_rows_are_named_before_all_others_and_nothing_is_imported(editor: Client) -> None:
    before = Event.objects.count()
    file = csv_of(*ROWS, ["3", "A battle", "somewhen"])
    answer = sent(editor, file, _import="1")
    shown = answer.content.decode()
    assert "Nothing was imported" in shown
    assert shown.index("line 4, 3: rejected; date_text:") < shown.index("line 2, 1: created")
    assert (Event.objects.count(), Import.objects.count()) == (before, 0)
    sent(editor, file, _import="1", skip="on")
    assert Event.objects.count() == before + 2


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param({"dataset": ""}, "No column is named “dataset”", id="no data set"),
        pytest.param({"mapping": "Headline"}, "The mapping is no JSON", id="no mapping"),
        pytest.param({"name": "raids.jsonl"}, "Only a table has columns", id="no table"),
        pytest.param({"name": "raids.xlsx"}, "no workbook", id="no workbook"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_words(
    editor: Client, asked: dict[str, str], said: str
) -> None:
    answer = sent(editor, csv_of(*ROWS), **asked)
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_a_contributor_brings_in_drafts_and_readers_nothing(contributor: Client) -> None:
    page = contributor.get(reverse(PAGE)).content.decode()
    assert 'name="publish"' not in page
    sent(contributor, xlsx_of(*ROWS), "raids.xlsx", _import="1", publish="on")
    assert Event.objects.get(title="A raid").publication == Publication.DRAFT
    assert Client().get(reverse(PAGE)).status_code == 302


def test_in_a_browser_a_table_is_chosen_looked_at_and_imported(
    database_url: str, page: Page, complaints: list[str], tmp_path: Path
) -> None:
    table = tmp_path / "raids.xlsx"
    table.write_bytes(xlsx_of(*ROWS))
    with running_service(database_url, static_files=True) as service:
        service.manage(
            *("shell", "-c"),
            "from django.contrib.auth.models import User, Group;"
            "u = User.objects.create_user('curator', password='a long enough one', is_staff=True);"
            "u.groups.add(Group.objects.get(name='Editor'))",
        )
        page.goto(f"{service.url}/admin/login/?next=/admin/timeline/import/")
        page.fill("#id_username", "curator")
        page.fill("#id_password", "a long enough one")
        page.click("input[type=submit]")
        page.click("a.addlink[href$='/import/add/']")
        for pressed in ("_preview", "_import"):
            page.set_input_files("#id_file", table)
            page.fill("#id_dataset", "acw")
            page.fill("#id_mapping", MAPPED["mapping"])
            page.click(f"input[name={pressed}]")
            if pressed == "_preview":
                expect(page.locator("#preview")).to_contain_text("Created 2, updated 0")
        expect(page.locator(".messagelist")).to_contain_text("Imported: created 2")
        assert not complaints
