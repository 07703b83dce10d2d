"""A change to what is public, by who may not publish it, waits for somebody's approval."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients import Api, api_of
from tests.factories.people import someone
from tests.factories.records import make_actor, make_event, taking_part
from timeline.models import Change, Event, Tag
from timeline.services.records import update_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return make_event(
        title="The hearing", date="2019-08", participations=[taking_part(make_actor())]
    )


def propose(event: Event, body: dict[str, Any], api: Api | None = None, **query: Any) -> Any:
    return (api or api_of("write")).patch(f"events/{event.uuid}", body, **query)


def proposal(answer: Any) -> dict[str, Any]:
    """What an answer's `Location` leads to."""
    address = answer.headers["Location"].removeprefix("http://testserver")
    return api_of("publish").send("GET", address).json()


def test_a_contributor_s_change_is_accepted_and_not_made(event: Event) -> None:
    before = Api().get(f"events/{event.uuid}")

    answer = propose(event, {"title": "The second hearing", "reason": "The clerk says so."})

    assert answer.status_code == 202
    assert answer.json()["title"] == "The hearing", "the record as it still is"
    told = proposal(answer)
    assert told["changes"] == [
        {"field": "title", "before": "The hearing", "after": "The second hearing"}
    ]
    assert (told["state"], told["reason"]) == ("open", "The clerk says so.")
    assert answer.headers["Location"].endswith(f"/proposals/{told['id']}")
    after = Api().get(f"events/{event.uuid}")
    assert (after.content, after.headers["ETag"]) == (before.content, before.headers["ETag"])


def test_an_editor_approves_and_the_ledger_says_why(event: Event) -> None:
    body = {"date": {"text": "7 November 2019"}, "add_tags": ["verdicts"], "reason": "Misread."}
    key = proposal(propose(event, body))["id"]

    answer = api_of("publish").post(f"proposals/{key}/approve")

    assert answer.json()["state"] == "accepted"
    told = Api().get(f"events/{event.uuid}").json()
    assert (told["date"]["edtf"], told["tags"]) == ("2019-11-07", ["verdicts"])
    assert len(told["participations"]) == 1
    (correction,) = Api().get("corrections").json()["results"]
    assert correction["reason"] == "Misread."


def test_what_is_proposed_is_known_to_staff_alone(event: Event) -> None:
    told = proposal(propose(event, {"title": "Secretly proposed", "add_tags": ["secret"]}))

    assert Api().get("proposals").status_code == 401
    assert api_of("read").get(f"proposals/{told['id']}").status_code == 403
    assert not Tag.objects.filter(slug="secret").exists()
    assert not Change.objects.filter(snapshot__contains="Secretly").exists()
    (listed,) = api_of("publish").get("proposals", state="open").json()["results"]
    assert listed["record"] == str(event.uuid)


def test_an_editor_may_ask_for_somebody_else_s_approval(event: Event) -> None:
    answer = propose(event, {"title": "Better"}, api_of("publish"), propose="true")

    assert answer.status_code == 202
    assert Api().get(f"events/{event.uuid}").json()["title"] == "The hearing"


def test_a_proposal_may_be_dismissed_by_its_author_or_an_editor_and_once(event: Event) -> None:
    first, second = (proposal(propose(event, {"title": t}))["id"] for t in ("One", "Two"))

    assert api_of("write").post(f"proposals/{first}/dismiss").json()["state"] == "dismissed"
    assert api_of("write").post(f"proposals/{second}/approve").status_code == 403
    assert api_of("publish").post(f"proposals/{second}/dismiss").status_code == 200
    again = api_of("publish").post(f"proposals/{second}/approve")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-decided")


def test_what_changed_otherwise_since_is_not_overwritten(event: Event) -> None:
    late = proposal(propose(event, {"title": "Proposed"}))["id"]
    apart = proposal(propose(event, {"summary": "Proposed too."}))["id"]
    update_record(event, values={"title": "Corrected"}, by=someone())

    refused = api_of("publish").post(f"proposals/{late}/approve")

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/overtaken")
    assert "title" in refused.json()["detail"]
    assert api_of("publish").post(f"proposals/{apart}/approve").status_code == 200
    told = Api().get(f"events/{event.uuid}").json()
    assert (told["title"], told["summary"]) == ("Corrected", "Proposed too.")


def test_a_proposal_is_held_to_the_rules_when_it_is_made(event: Event) -> None:
    refused = propose(event, {"participations": [{"actor": "nobody", "role": "court"}]})

    assert refused.status_code == 400
    assert propose(event, {"title": "The hearing"}).status_code == 200, "that changes nothing"
    draft = make_event("draft")
    assert propose(draft, {"title": "x"}, propose="true").json()["type"] == "/problems/not-public"
    assert propose(draft, {"title": "Just changed"}).status_code == 200


def test_with_four_eyes_an_editor_s_change_waits_for_another(event: Event, settings: Any) -> None:
    settings.FOUR_EYES = True

    answer = propose(event, {"title": "Mine"}, api_of("publish"))

    assert answer.status_code == 202
    path = f"proposals/{proposal(answer)['id']}/approve"
    assert api_of("publish").post(path).json()["type"] == "/problems/own-work"
    assert api_of("admin").post(path).status_code == 200
