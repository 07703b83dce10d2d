"""`/webhooks`: who is told of changes as they come, by whom that is set up, and how it goes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from tests.clients import Api, is_problem
from tests.factories.records import make_actor
from tests.receivers import is_signed, receiving
from timeline.models import StoredAnswer, Webhook
from timeline.services.ledger import GENESIS
from timeline.services.webhooks import changing

pytestmark = pytest.mark.django_db

BODY: dict[str, Any] = {"name": "A mirror", "url": "https://mirror.example/in"}


@pytest.fixture
def _to_this_machine(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


def deliver() -> None:
    call_command("deliver_webhooks")


def test_the_secret_is_told_when_a_webhook_is_made_and_never_again(publisher: Api) -> None:
    made = publisher.post("webhooks", BODY)
    told = made.json()
    assert made.status_code == 201
    assert told["secret"].startswith("whsec_")
    secret = told["secret"].encode()

    for path in ("webhooks", f"webhooks/{told['id']}", f"webhooks/{told['id']}/deliveries"):
        assert secret not in publisher.get(path).content
    changed = publisher.patch(f"webhooks/{told['id']}", {"name": "Another"})
    assert secret not in changed.content

    rotated = publisher.post(f"webhooks/{told['id']}/rotate").json()
    assert rotated["secret"] != told["secret"]
    assert rotated["version"] == changed.json()["version"] + 1
    assert rotated["secret_rotates_at"] is not None


def test_one_that_is_made_twice_under_a_key_is_one_and_its_secret_is_not_kept(
    publisher: Api,
) -> None:
    key = {"Idempotency-Key": "once"}
    first, second = (publisher.post("webhooks", BODY, headers=key) for _ in range(2))

    assert first.json() == second.json()
    assert Webhook.objects.count() == 1
    assert first.json()["secret"] not in StoredAnswer.objects.get().body


def test_it_begins_with_what_changes_from_now_on(publisher: Api) -> None:
    make_actor()
    told = publisher.post("webhooks", BODY | {"types": ["actor", "place", "actor"]}).json()

    assert told["cursor"] == Api().get("changes").json()["cursor"]
    assert told["types"] == ["actor", "place"]
    assert (told["enabled"], told["disabled_reason"], told["waiting"]) == (True, "", 0)
    make_actor()
    assert publisher.get(f"webhooks/{told['id']}").json()["waiting"] == 1


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        pytest.param({"url": "http://mirror.example/"}, "/url", id="without encryption"),
        pytest.param({"url": "https://10.0.0.1/"}, "/url", id="a private address"),
        pytest.param({"url": None}, "/url", id="no address"),
        pytest.param({"name": ""}, "/name", id="no name"),
        pytest.param({"types": ["rumour"]}, "/types", id="no such type"),
        pytest.param({"types": "event"}, "/types", id="no list"),
        pytest.param({"secret": "whsec_mine"}, "/secret", id="a secret of one's own"),
        pytest.param({"cursor": GENESIS}, "/cursor", id="what the service sets"),
        pytest.param({"enabled": "true"}, "/enabled", id="a word for a flag"),
    ],
)
def test_what_is_wrong_is_refused_at_its_member(
    publisher: Api, wrong: dict[str, Any], pointer: str
) -> None:
    made = publisher.post("webhooks", BODY).json()
    for answer in (
        publisher.post("webhooks", BODY | wrong),
        publisher.patch(f"webhooks/{made['id']}", wrong),
    ):
        assert answer.status_code == 400, answer.content
        assert is_problem(answer)
        assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert publisher.get("webhooks").json()["results"][0]["url"] == BODY["url"]


def test_a_change_is_made_to_what_was_read(publisher: Api) -> None:
    made = publisher.post("webhooks", BODY)
    path = f"webhooks/{made.json()['id']}"
    tag = {"If-Match": publisher.get(path).headers["ETag"]}

    changed = publisher.patch(path, {"types": ["event"], "enabled": False}, headers=tag)
    assert changed.status_code == 200
    assert changed.json()["disabled_reason"] == "publishr disabled it."
    for stale in (publisher.patch(path, {}, headers=tag), publisher.delete(path, headers=tag)):
        assert stale.status_code == 412
    emptied = publisher.patch(path, {"types": None, "enabled": None}).json()
    assert (emptied["types"], emptied["enabled"]) == ([], True)
    assert publisher.delete(path).status_code == 204
    assert publisher.get(path).status_code == 404


def test_a_list_is_filtered_like_others(publisher: Api) -> None:
    first = publisher.post("webhooks", BODY).json()["id"]
    second = publisher.post("webhooks", BODY | {"enabled": False}).json()["id"]

    assert publisher.ids("webhooks", page_size=1) == [first, second]
    assert publisher.ids("webhooks", ordering="-created_at") == [second, first]
    assert publisher.ids("webhooks", enabled="true") == [first]
    assert publisher.ids("webhooks", id=second) == [second]
    assert publisher.get("webhooks", fields="name").json()["results"][0] == {"name": "A mirror"}


def test_there_are_not_more_than_the_service_can_bear(
    publisher: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "MAX_WEBHOOKS", 1)
    assert publisher.post("webhooks", BODY).status_code == 201

    refused = publisher.post("webhooks", BODY)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/too-many-webhooks"


@pytest.mark.usefixtures("_to_this_machine")
def test_a_test_is_answered_with_what_came_of_it(publisher: Api) -> None:
    with receiving(200, 500) as receiver:
        made = publisher.post("webhooks", BODY | {"url": receiver.url}).json()
        path = f"webhooks/{made['id']}"
        taken, refused = (publisher.post(f"{path}/test") for _ in range(2))

    assert taken.status_code == refused.status_code == 200
    assert (taken.json()["delivered"], taken.json()["status"]) == (True, 200)
    assert (refused.json()["delivered"], refused.json()["error"]) == (
        False,
        "The receiver answered 500.",
    )
    assert is_signed(receiver.messages[0], made["secret"])
    assert receiver.messages[0].data["data"] == {"webhook": made["id"]}
    log = publisher.get(f"{path}/deliveries").json()["results"]
    assert log == [refused.json(), taken.json()]


@pytest.mark.usefixtures("_to_this_machine")
def test_the_log_tells_each_attempt_and_a_replay_sends_again(publisher: Api) -> None:
    with receiving(200) as receiver:
        path = f"webhooks/{publisher.post('webhooks', BODY | {'url': receiver.url}).json()['id']}"
        make_actor()
        deliver()
        (entry,) = publisher.get(f"{path}/deliveries", delivered="true").json()["results"]
        assert entry["webhook_id"] == Api().get("changes").json()["cursor"]
        assert (entry["type"], entry["attempt"], entry["status"]) == ("actor.published", 1, 200)
        assert publisher.get(f"{path}/deliveries", delivered="false").json()["results"] == []

        again = publisher.post(f"{path}/replay", {"cursor": GENESIS})
        assert (again.status_code, again.json()["waiting"]) == (200, 1)
        assert again.json()["cursor"] == GENESIS
        deliver()
        since = publisher.post(f"{path}/replay", {"since": "2019-11-07T00:00:00Z"})
        assert since.json()["waiting"] == 1
        deliver()

    assert len({message.id for message in receiver.messages}) == 1
    assert len(receiver.messages) == 3
    assert publisher.get(path).json()["waiting"] == 0


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="from nowhere"),
        pytest.param({"cursor": "f" * 64}, id="a cursor of no entry"),
        pytest.param({"cursor": "1"}, id="no cursor"),
        pytest.param({"since": "yesterday"}, id="no instant"),
        pytest.param({"cursor": GENESIS, "since": "2019-11-07T00:00:00Z"}, id="both"),
    ],
)
def test_a_replay_from_nowhere_is_refused(publisher: Api, body: dict[str, str]) -> None:
    path = f"webhooks/{publisher.post('webhooks', BODY).json()['id']}"

    refused = publisher.post(f"{path}/replay", body)

    assert refused.status_code == 400
    assert is_problem(refused)
