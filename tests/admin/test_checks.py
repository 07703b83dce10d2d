"""Editors find on one page what is wrong with the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.records import make_actor, make_citation, make_event, make_source
from timeline.services.checks import RULES

if TYPE_CHECKING:
    from tests.admin.world import World

PAGE = "/admin/checks/"


def test_each_finding_leads_to_its_record(editor: Client) -> None:
    citation = make_citation(source=make_source(text="He said nothing."), quote="<b>no</b>")

    page = editor.get(PAGE).content.decode()

    address = reverse("admin:timeline_citation_change", args=[citation.pk])
    assert f'<a href="{address}"><bdi>&lt;b&gt;no&lt;/b&gt;</bdi></a>' in page
    assert "The quote does not stand in the text of" in page
    assert "Correct the quote" in page
    assert editor.get(address).status_code == 200


def test_every_rule_has_its_place_and_the_costly_ones_wait_to_be_asked(editor: Client) -> None:
    for _ in range(2):
        make_event(title="A fire", date="2019")

    page = editor.get(PAGE).content.decode()

    for rule in RULES:
        assert f'id="{rule.code}"' in page
        assert (f'href="?rule={rule.code}"' in page) == rule.costly
    assert "It may be the same as" not in page
    asked = editor.get(PAGE, {"rule": "duplicate-event"}).content.decode()
    assert "It may be the same as “A fire”" in asked
    assert 'id="quote-missing"' not in asked


def test_of_very_many_findings_the_first_are_shown(editor: Client) -> None:
    for number in range(25):
        make_event("draft", title=f"Draft number {number}")

    page = editor.get(PAGE).content.decode()

    assert page.count("Draft number") == 20
    assert 'href="?rule=draft-uncited"' in page
    everything = editor.get(PAGE, {"rule": "draft-uncited"}).content.decode()
    assert everything.count("Draft number") == 25


def test_the_index_leads_editors_there(editor: Client, contributor: Client) -> None:
    assert f'href="{PAGE}"' in editor.get("/admin/").content.decode()
    assert PAGE not in contributor.get("/admin/").content.decode()


def test_only_editors_are_told_since_findings_tell_of_protected_identities(
    world: World, contributor: Client, editor: Client, client: Client
) -> None:
    make_actor(name="Nobody")

    assert contributor.get(PAGE).status_code == 403
    assert client.get(PAGE).status_code == 302
    assert "Nobody" in editor.get(PAGE).content.decode()


@pytest.mark.parametrize("rule", ["nothing", "", "quote-missing'"])
def test_a_rule_that_does_not_exist_is_not_found(editor: Client, rule: str) -> None:
    assert editor.get(PAGE, {"rule": rule}).status_code == 404
