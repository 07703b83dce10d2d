"""A curator merges two records that stand for the same, and undoes it, on pages that ask first."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.admin.world import SECRET_NAME, World, form_of, record
from tests.servers import running_service
from tests.services.test_imports import ROW, bring
from timeline.models import Action, Actor, Change, Event, Import, Origin, Place, Redirect


def merge_page(one: Any) -> str:
    return reverse(f"admin:timeline_{one._meta.model_name}_merge", args=[one.pk])


def list_of(model: Any) -> str:
    return reverse(f"admin:timeline_{model._meta.model_name}_changelist")


def undo_page(operation: Any) -> str:
    return reverse("admin:timeline_change_undo", args=[operation])


@pytest.fixture
def other(world: World) -> Actor:
    return record(Actor, name="Intermediate court")


def test_the_action_leads_to_the_page_of_the_one_record_chosen(
    world: World, other: Actor, editor: Client
) -> None:
    chosen = {"action": "merge_into", "_selected_action": [other.pk]}
    assert editor.post(list_of(Actor), chosen).url == merge_page(other)

    both = chosen | {"_selected_action": [other.pk, world.court.pk]}
    answer = editor.post(list_of(Actor), both, follow=True)
    assert "Choose the one record" in answer.content.decode()
    assert (
        merge_page(other)
        in editor.get(reverse("admin:timeline_actor_change", args=[other.pk])).content.decode()
    )


def test_a_merge_is_shown_then_made_then_undone(world: World, other: Actor, editor: Client) -> None:
    page = merge_page(world.court)
    form = form_of(editor, page) | {"into": other.pk, "reason": "They are one court."}

    shown = editor.post(page, form | {"_preview": "1"}).content.decode()

    assert "Nine people sentenced" in shown
    assert "participations" in shown
    assert not Redirect.objects.exists()
    done = editor.post(page, form | {"_merge": "1"}, follow=True)
    assert "was merged into this one" in done.content.decode()
    assert Redirect.objects.survivor(world.court.uuid) == other.uuid
    merged = Change.objects.filter(action=Action.MERGED).get()
    assert (merged.origin, merged.reason) == (Origin.ADMIN, "They are one court.")
    assert undo_page(merged.operation) in done.content.decode()
    entry = editor.get(reverse("admin:timeline_change_change", args=[merged.pk]))
    assert undo_page(merged.operation) in entry.content.decode()

    asked = editor.get(undo_page(merged.operation)).content.decode()
    assert "Xingtai court" in asked
    editor.post(undo_page(merged.operation), {"reason": "Two courts."})
    assert Actor.objects.filter(pk=world.court.pk, uuid=world.court.uuid).exists()
    assert not Redirect.objects.exists()


def test_what_stands_in_the_way_is_told_and_no_button_is_shown(
    world: World, editor: Client
) -> None:
    town = record(Place, name="Town", parent=world.place)
    page = merge_page(world.place)
    form = form_of(editor, page) | {"into": town.pk}

    shown = editor.post(page, form | {"_preview": "1"}).content.decode()

    assert "lies within" in shown
    assert 'name="_merge"' not in shown
    refused = editor.post(page, form | {"_merge": "1"}).content.decode()
    assert "lies within" in refused
    assert not Redirect.objects.exists()


def test_a_record_changed_in_the_meantime_is_not_merged(
    world: World, other: Actor, editor: Client
) -> None:
    page = merge_page(other)
    form = form_of(editor, page) | {"into": world.court.pk, "expected_version": 9}

    answer = editor.post(page, form | {"_merge": "1"})

    assert "now at version" in answer.content.decode()
    assert Actor.objects.filter(pk=other.pk).exists()


def test_contributors_neither_merge_nor_undo(
    world: World, other: Actor, contributor: Client
) -> None:
    operation = Change.objects.latest("id").operation

    assert "Merge into" not in contributor.get(list_of(Actor)).content.decode()
    for path in (merge_page(other), undo_page(operation)):
        assert contributor.get(path).status_code == 403
        assert contributor.post(path, {}).status_code == 403
    secret = merge_page(world.secret)
    answer = contributor.get(secret)
    assert SECRET_NAME not in answer.content.decode()


def test_an_undo_that_is_refused_says_why_on_its_page(world: World, editor: Client) -> None:
    bring(ROW)
    run = Import.objects.get()
    event = Event.objects.get(dataset="acw")
    change = reverse("admin:timeline_event_change", args=[event.pk])
    editor.post(change, form_of(editor, change) | {"title": "Corrected"})
    assert (
        undo_page(run.operation)
        in editor.get(reverse("admin:timeline_import_change", args=[run.pk])).content.decode()
    )

    answer = editor.post(undo_page(run.operation), {}, follow=True)

    assert "Corrected" in answer.content.decode()
    assert "changed since" in answer.content.decode()
    assert Event.objects.filter(pk=event.pk).exists()


def test_an_import_is_undone_from_its_page_once(world: World, editor: Client) -> None:
    bring(ROW)
    run = Import.objects.get()
    page = reverse("admin:timeline_import_change", args=[run.pk])
    assert undo_page(run.operation) in editor.get(page).content.decode()

    editor.post(undo_page(run.operation), {})

    assert not Event.objects.filter(dataset="acw").exists()
    assert undo_page(run.operation) not in editor.get(page).content.decode()


def test_an_editor_merges_in_a_browser(
    database_url: str, page: Page, complaints: list[str]
) -> None:
    with running_service(database_url, static_files=True) as service:
        service.manage(
            *("shell", "-c"),
            "from django.contrib.auth.models import User, Group;"
            "from tests.admin.world import make_world;"
            "u = User.objects.create_user('curator', password='a long enough one', is_staff=True);"
            "u.groups.add(Group.objects.get(name='Editor')); make_world()",
        )
        page.goto(f"{service.url}/admin/login/?next=/admin/timeline/actor/")
        page.fill("#id_username", "curator")
        page.fill("#id_password", "a long enough one")
        page.click("input[type=submit]")
        page.check("tr:has-text('A judge') input.action-select")
        page.select_option("select[name=action]", "merge_into")
        page.click("button[name=index]")
        page.click("#choose .select2-selection")
        page.locator(".select2-search__field").last.press_sequentially("邢台市")
        page.click(".select2-results__option:has-text('Xingtai court')")
        page.click("input[name=_preview]")
        expect(page.locator("#preview")).to_contain_text("affiliation")
        expect(page.locator("#preview")).to_contain_text("dropped")
        picture(page, "merge")
        page.click("input[name=_merge]")
        expect(page.locator(".messagelist")).to_contain_text("was merged into this one")
        picture(page, "merged")
        page.click(".messagelist a:has-text('Undo')")
        picture(page, "undo")
        page.click("input[type=submit]")
        expect(page.locator(".messagelist")).to_contain_text("as they were before")
        page.goto(f"{service.url}/admin/timeline/actor/")
        expect(page.locator("#result_list")).to_contain_text("A judge")
        assert complaints == []


def picture(page: Page, name: str) -> None:
    """A look at the page, for whoever asks for one."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
