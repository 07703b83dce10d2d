"""A request sent twice is carried out once; a batch is carried out whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.clients import Api, api_of
from timeline.models import Change, Event, Scope

KEY = {"Idempotency-Key": "the first of August"}


@pytest.fixture
def api(db: None) -> Api:
    return api_of(Scope.WRITE)


def test_a_post_that_is_sent_again_is_answered_again_and_makes_nothing(api: Api) -> None:
    first = api.post("events", {"title": "Once"}, headers=KEY)
    second = api.post("events", {"title": "Once"}, headers=KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (first["Location"], first["ETag"]) == (second["Location"], second["ETag"])
    assert second["Idempotent-Replayed"] == "true"
    assert Event.objects.count() == 1


def test_a_key_is_refused_for_another_body(api: Api) -> None:
    api.post("events", {"title": "Once"}, headers=KEY)
    other = api.post("events", {"title": "Twice"}, headers=KEY)
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert Event.objects.count() == 1


def test_a_key_belongs_to_the_person_who_used_it(api: Api) -> None:
    api.post("events", {"title": "Once"}, headers=KEY)
    assert api_of(Scope.PUBLISH).post("events", {"title": "Mine"}, headers=KEY).status_code == 201


def test_what_was_refused_is_tried_again_under_the_same_key(api: Api) -> None:
    assert api.post("events", {"titel": "x"}, headers=KEY).status_code == 400
    assert api.post("events", {"title": "x"}, headers=KEY).status_code == 201


def test_a_verb_sent_twice_is_one_step(api: Api) -> None:
    event = api.post("events", {"title": "Once"}).json()
    answers = [api.post(f"events/{event['id']}/submit", headers=KEY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Change.objects.filter(record_uuid=event["id"], action="submitted").count() == 1


@pytest.mark.parametrize(
    "key", ["", "x" * 256, "schön"], ids=["an empty key", "a long key", "not in ASCII"]
)
def test_a_key_that_is_none_is_refused(api: Api, key: str) -> None:
    answer = api.post("events", {"title": "x"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 400


def test_many_at_once_under_one_key_make_one_record(service: Any) -> None:
    token = service.manage("issue_token", "racer", "--scope", "write").stdout.strip()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": "race",
    }

    def send(_: int) -> bytes:
        asked = Request(
            f"{service.url}/api/v1/events", b'{"title": "A race"}', headers, method="POST"
        )
        with urlopen(asked, timeout=60) as answer:
            assert answer.status == 201
            return answer.read()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(16)))
    assert len(answers) == 1


def test_a_batch_creates_changes_and_deletes_in_order(api: Api) -> None:
    old, gone = (api.post("events", {"title": title}).json() for title in ("Old", "Gone"))
    answer = api.post(
        "events/batch",
        {
            "operations": [
                {"op": "create", "data": {"title": "New", "date": {"text": "c. 1912"}}},
                {"op": "update", "id": old["id"], "version": 1, "data": {"title": "Newer"}},
                {"op": "delete", "id": gone["id"]},
            ],
            "reason": "A clean-up.",
        },
    )
    assert answer.status_code == 200, answer.content
    results = answer.json()["results"]
    assert [(one["index"], one["op"], one["version"]) for one in results] == [
        (0, "create", 1),
        (1, "update", 2),
        (2, "delete", None),
    ]
    assert sorted(Event.objects.values_list("title", flat=True)) == ["New", "Newer"]
    assert Change.objects.filter(reason="A clean-up.").count() == 3


@pytest.mark.parametrize(
    ("operation", "status", "pointer"),
    [
        pytest.param(
            {"op": "create", "data": {"titel": "x"}}, 400, "/operations/1/data/titel", id="a flaw"
        ),
        pytest.param(
            {"op": "delete", "id": "3f0c9f52-6d1b-4a53-9d55-0c1d6f6e1a2b"},
            404,
            "/operations/1",
            id="a record that is not there",
        ),
        pytest.param({"op": "update", "data": {}}, 400, "/operations/1/id", id="no id"),
        pytest.param({"op": "explode"}, 400, "/operations/1/op", id="an unknown operation"),
    ],
)
def test_a_batch_with_one_bad_operation_does_nothing(
    api: Api, operation: dict[str, Any], status: int, pointer: str
) -> None:
    good = {"op": "create", "data": {"title": "Good"}}
    answer = api.post("events/batch", {"operations": [good, operation]})
    assert answer.status_code == status, answer.content
    assert pointer in {flaw["pointer"] for flaw in answer.json()["errors"]}
    assert not Event.objects.exists()
    assert not Change.objects.filter(record_type="event").exists()


def test_a_stale_version_in_a_batch_stops_it_all(api: Api) -> None:
    event = api.post("events", {"title": "Old"}).json()
    api.patch(f"events/{event['id']}", {"title": "Newer"})
    operations = [
        {"op": "create", "data": {"title": "x"}},
        {"op": "update", "id": event["id"], "version": 1, "data": {"title": "Stale"}},
    ]
    assert api.post("events/batch", {"operations": operations}).status_code == 412
    assert list(Event.objects.values_list("title", flat=True)) == ["Newer"]


def test_a_batch_has_a_thousand_operations_at_most(api: Api) -> None:
    operations = [{"op": "create", "data": {"title": "x"}}] * 1001
    assert api.post("events/batch", {"operations": operations}).status_code == 400
