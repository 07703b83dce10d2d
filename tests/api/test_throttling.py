"""How much one client may ask for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients import Api, api_of, is_problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_an_hour(settings: Any) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": {"anon": "3/hour", "token": "2/hour"}
    }


def test_who_asks_too_much_is_told_when_to_come_back(three_an_hour: None) -> None:
    api = Api()
    answers = [api.get("events") for _ in range(3)]
    refused = api.get("events")

    assert [a.status_code for a in answers] == [200, 200, 200]
    assert [a.headers["RateLimit-Remaining"] for a in answers] == ["2", "1", "0"]
    assert (refused.status_code, is_problem(refused)) == (429, True)
    assert 0 < int(refused.headers["Retry-After"]) <= 3601
    assert refused.headers["RateLimit-Limit"] == "3"
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert int(refused.headers["RateLimit-Reset"]) > 0


def test_each_client_has_an_allowance_of_its_own(three_an_hour: None) -> None:
    stranger, one, other = Api(), api_of("read"), api_of("write")
    for _ in range(4):
        stranger.get("events")

    assert [one.get("events").status_code for _ in range(3)] == [200, 200, 429]
    assert other.get("events").status_code == 200


def test_a_forged_address_buys_nothing(three_an_hour: None) -> None:
    api = Api()

    codes = [
        api.send("GET", "events", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
        for n in range(4)
    ]

    assert codes == [200, 200, 200, 429]


def test_refusals_count_as_well(three_an_hour: None) -> None:
    api = Api()
    for _ in range(3):
        api.get("events", nonsense="1")

    assert api.get("events").status_code == 429


def test_without_limits_nothing_is_counted() -> None:
    api = Api()
    answers = [api.get("events") for _ in range(5)]

    assert {a.status_code for a in answers} == {200}
    assert not any(name.startswith("RateLimit") for a in answers for name in a.headers)
