"""What the API tells somebody who knows nothing of it yet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.document import operations

pytestmark = pytest.mark.django_db


def test_the_index_says_what_this_is_and_leads_everywhere(anonymous: Any) -> None:
    answer = anonymous.get("/api/v1")

    told = answer.json()
    assert "OPTIONS" in told.pop("about")
    assert 'rel="service-desc"' in answer.headers["Link"]
    needs = {"search": {"q": "trial"}, "facets": {"by": "kind"}}
    for name, url in told.items():
        address = url.removeprefix("http://testserver")
        assert anonymous.get(address, **needs.get(name, {})).status_code in (200, 401), name


@pytest.mark.parametrize(
    "path", sorted({o.path for o in operations() if "{" not in o.path}), ids=lambda path: path
)
def test_options_tells_what_every_address_knows(path: str, anonymous: Any) -> None:
    answer = anonymous.send("OPTIONS", path)

    assert answer.status_code == 200
    told = answer.json()["methods"]
    assert {o.id for o in operations() if o.path == path} == {m["operation"] for m in told.values()}
    assert told.keys() <= set(answer.headers["Allow"].split(", "))
    assert all(method["summary"] and method["answers"] for method in told.values())


def test_options_tells_of_one_record_what_can_be_done_with_it(anonymous: Any) -> None:
    address = "/api/v1/events/5c1f0f0e-3d0a-4f7e-9a55-1f2f3b0c7d11"

    told = anonymous.send("OPTIONS", address).json()["methods"]
    step = anonymous.send("OPTIONS", f"{address}/publish").json()["methods"]

    assert told.keys() == {"GET", "PATCH", "DELETE"}
    assert told["PATCH"]["example"]["date"] == {"text": "7 November 2019"}
    assert step["POST"]["operation"] == "events_publish"
