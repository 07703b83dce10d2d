"""Everything that can be read is as the OpenAPI document describes it, to strangers and to editors."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.clients import api_of
from tests.contract.document import Operation, assert_as_described, operations
from tests.factories.records import (
    MAKERS,
    key_of,
    make_actor,
    make_citation,
    make_claim,
    make_event,
    make_place,
    make_source,
    make_timeline,
    taking_part,
)
from timeline.api.examples import REQUESTS

# The exports are tested as what they are, and a run of an import where one is made.
IN_JSON = [
    o for o in operations("GET") if not o.id.endswith("_export") and o.id != "imports_retrieve"
]
QUERIES: dict[str, dict[str, str]] = {
    "events_histogram": {"interval": "year"},
    "search_list": {"q": "event"},
    "events_facets": {"by": "kind,actor,tag,place"},
    "timelines_events_facets": {"by": "kind"},
}


@pytest.fixture(scope="module")
def keys(lasting: None) -> dict[str, list[str]]:
    """Records of every kind, rich ones and bare ones; their keys, by resource."""
    place = make_place(parent=make_place(), latitude=1.0, longitude=2.0)
    event = make_event(
        date="2019-08",
        place=place,
        tags=["courts"],
        participations=[taking_part(make_actor(), "court")],
        extra={"a": [1, None]},
    )
    bare = make_event()
    claim = make_claim(about=event)
    make_claim(links=[{"type": "contradicts", "other": claim}], about=event)
    make_citation(event=event, source=make_source(derived_from=make_source(), date="2019"))
    records: dict[str, list[Any]] = {
        resource: [make()] for resource, make in MAKERS.items() if resource != "events"
    }
    records["events"] = [event, bare]
    records["timelines"] = [make_timeline(entries=[{"event": event}, {"event": bare}])]
    records["claims"].append(claim)
    keys = {resource: [key_of(record) for record in some] for resource, some in records.items()}
    made = api_of("publish").post("webhooks", REQUESTS["webhook"])
    keys["webhooks"] = [made.json()["id"]]
    proposed = api_of("write").patch(f"events/{event.uuid}", {"title": "Better"})
    return keys | {"proposals": [proposed.headers["Location"].rpartition("/")[2]]}


@pytest.mark.django_db
@pytest.mark.parametrize("scope", [None, "publish"])
@pytest.mark.parametrize("operation", IN_JSON, ids=lambda o: o.id)
def test_what_is_read_is_as_described(
    operation: Operation, scope: str | None, keys: dict[str, list[str]]
) -> None:
    resource = operation.path.removeprefix("/api/v1").strip("/").partition("/")[0]
    address = operation.path.replace("{vocabulary}", "roles").replace("{code}", "court")
    asked = QUERIES.get(operation.id, {})
    for key in keys.get(resource, ["courts"]) if "{" in address else [""]:
        url = address.replace("{id}", key).replace("{slug}", key)
        answer = api_of(scope).get(f"{url}?{urlencode(asked)}" if asked else url)
        assert_as_described(operation, answer)
        assert answer.status_code in (200, 401)
        refused = api_of(scope).get(url, nonsense="1")
        assert_as_described(operation, refused)
