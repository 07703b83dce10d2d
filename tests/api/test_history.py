"""What a record was, what was corrected in public, and how a change is undone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients import Api, api_of
from timeline.models import Actor, Event, Scope, Source
from timeline.querysets.visibility import PUBLIC
from timeline.services.access import the_command_line
from timeline.services.events import update_event
from timeline.services.history import revert_record
from timeline.services.ledger import first_broken, snapshot
from timeline.services.publication import take_step
from timeline.services.records import create_record, delete_record
from timeline.temporal import parse

pytestmark = pytest.mark.django_db


def record(model: Any, *, published: bool = True, **values: Any) -> Any:
    made = create_record(model, values=values, by=the_command_line())
    return take_step(made, "publish", by=the_command_line()) if published else made


@pytest.fixture
def event() -> Event:
    """Published at its third version: drafted as One, changed to Two, then made public."""
    from timeline.models import Citation

    by = the_command_line()
    made = record(Event, published=False, title="One", date=parse("2019"))
    source = record(Source, title="A report")
    create_record(Citation, values={"event": made, "source": source, "quote": "so"}, by=by)
    made = update_event(made, values={"title": "Two"}, by=by)
    return take_step(made, "publish", by=by)


def history(event: Event, api: Api) -> list[dict[str, Any]]:
    return api.get(f"events/{event.uuid}/history").json()["results"]


def changed(version: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {one["field"]: (one["before"], one["after"]) for one in version["changes"]}


def test_the_public_sees_the_versions_that_were_public_and_no_draft(event: Event) -> None:
    update_event(event, values={"title": "Three"}, by=the_command_line(), reason="A slip.")
    newest, first = history(event, Api())
    assert changed(newest) == {"title": ("Two", "Three")}
    assert newest["reason"] == "A slip."
    assert newest["by"] is newest["origin"] is None
    assert first["action"] == "published"
    assert first["changes"] == []
    assert "One" not in str(history(event, Api()))


def test_staff_see_every_version_with_who_and_through_what(event: Event) -> None:
    versions = history(event, api_of(Scope.WRITE))
    assert [one["version"] for one in versions] == [3, 2, 1]
    assert changed(versions[1]) == {"title": ("One", "Two")}
    assert versions[1]["origin"] == "command"


def test_the_history_says_dates_in_words(event: Event) -> None:
    update_event(event, values={"date": parse("2019-08")}, by=the_command_line())
    before, after = changed(history(event, Api())[0])["date"]
    assert (before["label"], after["label"]) == ("2019", "August 2019")


def test_a_change_to_what_is_hidden_is_not_told(event: Event) -> None:
    from timeline.models import Term

    secret = record(Actor, name="A protected informant", protected=True)
    role = Term.objects.get(vocabulary="roles", code="informant")
    update_event(
        event,
        values={"add_participations": [{"actor": secret, "role": role}]},
        by=the_command_line(),
        reason="Adds the informant.",
    )
    public = Api()
    for answer in (public.get(f"events/{event.uuid}/history"), public.get("corrections")):
        assert b"informant" not in answer.content
        assert str(secret.uuid).encode() not in answer.content


def test_corrections_are_changes_to_what_was_public(event: Event) -> None:
    assert Api().get("corrections").json()["results"] == []
    update_event(event, values={"title": "Three"}, by=the_command_line(), reason="A slip.")
    (correction,) = Api().get("corrections").json()["results"]
    assert (correction["id"], correction["type"]) == (str(event.uuid), "event")
    assert correction["reason"] == "A slip."
    take_step(event, "withdraw", by=the_command_line())
    assert Api().get("corrections").json()["results"] == []


def test_corrections_can_be_paged_and_asked_by_type(event: Event) -> None:
    for title in ("Three", "Four", "Five"):
        event = update_event(event, values={"title": title}, by=the_command_line())
    api, seen = Api(), []
    page = api.get("corrections", page_size=2, type="event").json()
    seen += page["results"]
    seen += api.client.get(page["next"]).json()["results"]
    assert [changed(one)["title"][1] for one in seen] == ["Five", "Four", "Three"]
    assert api.get("corrections", type="actor").json()["results"] == []


def test_putting_back_makes_a_new_version_that_says_the_old_one(event: Event) -> None:
    was = snapshot(event)
    changes = {"title": "Wrong", "date": parse("1900"), "add_tags": ["wrong"]}
    event = update_event(event, values=changes, by=the_command_line())
    event = revert_record(Event, event.uuid, to=3, by=the_command_line())
    assert snapshot(event) == was
    assert event.version == 5
    assert event.start_min == parse("2019").start_min
    assert first_broken() is None


def test_a_deleted_record_comes_back_as_a_draft_with_its_id(event: Event) -> None:
    uuid = event.uuid
    delete_record(event, by=the_command_line())
    assert api_of(Scope.WRITE).post(f"events/{uuid}/history/3/revert").status_code == 404
    answer = api_of(Scope.PUBLISH).post(f"events/{uuid}/history/3/revert")
    assert answer.status_code == 200, answer.content
    assert (answer.json()["title"], answer.json()["publication"]) == ("Two", "draft")
    assert not Event.objects.visible_to(PUBLIC).filter(uuid=uuid).exists()
    assert first_broken() is None


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        pytest.param(Scope.READ, 403, id="read may not"),
        pytest.param(Scope.WRITE, 403, id="write may not, what is public"),
        pytest.param(Scope.PUBLISH, 200, id="publish may"),
    ],
)
def test_putting_back_what_is_public_needs_the_power_to_publish(
    event: Event, scope: Scope, status: int
) -> None:
    assert api_of(scope).post(f"events/{event.uuid}/history/1/revert").status_code == status


def test_a_version_that_never_was_cannot_be_put_back(event: Event) -> None:
    answer = api_of(Scope.PUBLISH).post(f"events/{event.uuid}/history/99/revert")
    assert answer.status_code == 404
