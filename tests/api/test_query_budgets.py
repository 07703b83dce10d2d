"""What a list costs: a number of queries that is committed here, and does not grow with the rows."""

from __future__ import annotations

import gc
import tracemalloc
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.clients import Api, api_of, forget_answers
from tests.contract.document import operations
from tests.factories.records import (
    MAKERS,
    make_actor,
    make_claim,
    make_event,
    make_place,
    make_relation,
    make_source,
    make_timeline,
    taking_part,
)

pytestmark = pytest.mark.django_db

# For the public, and for a token (which is looked up, and whose last use is noted).
BUDGETS = {
    "events": 2,
    "actors": 2,
    "affiliations": 1,
    "places": 1,
    "sources": 1,
    "citations": 1,
    "claims": 3,
    "figures": 1,
    "relations": 1,
    "timelines": 2,
    "tags": 1,
    "vocabularies/roles": 1,
    "timelines/a-timeline/events": 3,
}
OF_A_TOKEN = 1
# Whether anything has changed since the public was told the same.
OF_A_MEMORY = {"events": 1, "timelines/a-timeline/events": 1}


def fill() -> None:
    """Another row of everything, pointing to others of its own."""
    event = make_event(
        date="2019-08",
        place=make_place(parent=make_place()),
        tags=["courts"],
        participations=[taking_part(make_actor()), taking_part(make_actor(), "court")],
    )
    claim = make_claim(about=event)
    make_claim(about=event, said_in=event, links=[{"type": "contradicts", "other": claim}])
    make_relation(subject=event)
    make_source(derived_from=make_source())
    for resource, make in MAKERS.items():
        if resource != "timelines":
            make()
    make_timeline(entries=[{"event": event}])


@pytest.fixture(scope="module")
def two_of_everything(lasting: None) -> None:
    fill()
    fill()


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What another test has had told costs nothing."""
    forget_answers()


def queries(api: Api, path: str, **asked: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        answer = api.get(path, **(asked or {"page_size": 200}))
    assert answer.status_code == 200, answer.content
    return [query["sql"] for query in captured]


def test_a_list_costs_what_is_committed_however_many_rows_it_has() -> None:
    make_timeline(slug="a-timeline", entries=[{"event": make_claim(about=make_event()).about}])
    fill()
    public, staff = Api(), api_of("publish")
    staff.get("me")

    def cost(api: Api, path: str) -> int:
        # Events that another list has told are not read again.
        forget_answers()
        return len(queries(api, path))

    def costs(api: Api) -> dict[str, int]:
        return {path: cost(api, path) for path in BUDGETS}

    few = costs(public), costs(staff)
    for _ in range(3):
        fill()

    assert few[0] == {path: budget + OF_A_MEMORY.get(path, 0) for path, budget in BUDGETS.items()}
    assert few[1] == {path: budget + OF_A_TOKEN for path, budget in BUDGETS.items()}
    assert (costs(public), costs(staff)) == few


def test_a_count_costs_one_query_more(two_of_everything: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        Api().get("events", count="true")

    assert len(captured) == BUDGETS["events"] + OF_A_MEMORY["events"] + 1


def test_what_the_public_was_told_costs_one_query_until_something_changes() -> None:
    event: Any = make_event(title="As it was")
    publisher, reader = api_of("publish"), Api()
    publisher.patch(f"events/{event.uuid}", {"summary": "First"})

    asked = [len(queries(reader, "events")) for _ in range(2)]
    publisher.patch(f"events/{event.uuid}", {"title": "As it is"})

    assert asked == [BUDGETS["events"] + OF_A_MEMORY["events"], 1]
    told = {row["title"] for row in reader.get("events", page_size=200).json()["results"]}
    assert "As it is" in told
    assert "As it was" not in told


def test_an_event_costs_one_query_and_two_once_it_is_not_what_was_told() -> None:
    event: Any = make_event(title="As it was")
    publisher, reader, path = api_of("publish"), Api(), f"events/{event.uuid}"
    publisher.patch(path, {"summary": "First"})

    asked = [len(queries(reader, path, omit="id")) for _ in range(2)]
    publisher.patch(path, {"title": "As it is"})
    asked.append(len(queries(reader, path, omit="id")))

    assert asked == [1, 1, 2]
    assert reader.get(path).json()["title"] == "As it is"
    publisher.send("DELETE", path, headers={"If-Match": "*"})
    assert reader.get(path).status_code == 404


def test_every_list_of_records_has_a_budget() -> None:
    lists = {
        operation.path.removeprefix("/api/v1/")
        .replace("{vocabulary}", "roles")
        .replace("{slug}", "a-timeline")
        for operation in operations("GET")
        if operation.id.endswith("_list")
    }
    elsewhere = {"vocabularies", "imports", "proposals", "search", "corrections"}
    # There are few, and each is asked how far behind it is.
    elsewhere |= {"webhooks", "webhooks/{id}/deliveries"}

    assert lists - elsewhere == BUDGETS.keys()


def test_a_write_of_a_long_list_looks_its_records_up_together() -> None:
    api: Any = api_of("publish")
    actors = [make_actor() for _ in range(20)]

    def cost(number: int) -> int:
        body = {
            "title": "T",
            "participations": [{"actor": str(a.uuid), "role": "court"} for a in actors[:number]],
        }
        with CaptureQueriesContext(connection) as captured:
            assert api.post("events", body).status_code == 201
        return sum("timeline_actor" in q["sql"] and "uuid" in q["sql"] for q in captured)

    assert cost(20) == cost(2)


# The shapes of a list of events, with how many queries each takes: the keys, and what is told of them.
SHAPES = [
    pytest.param({"fields": "id,title"}, 2, id="a title"),
    pytest.param({"fields": "participations.actor.name"}, 2, id="names"),
    pytest.param({"omit": "citations"}, 2, id="omitted"),
    pytest.param({"expand": "place"}, 12, id="a place in full"),
    pytest.param({"expand": "participations.actor"}, 12, id="actors in full"),
    pytest.param({"fields": "id", "count": "true"}, 3, id="a count beside a few"),
]


@pytest.mark.parametrize(("shape", "number"), SHAPES)
def test_the_shape_of_a_list_of_events_costs_no_queries(
    shape: dict[str, str], number: int, two_of_everything: None
) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert Api().get("events", **shape).status_code == 200
    asked = [query["sql"] for query in captured]

    assert len(asked) == number + OF_A_MEMORY["events"], "\n".join(asked)


# What is asked of which list, how many queries it takes, and what none of them reads.
TRIMMED = [
    pytest.param("actors", {"fields": "id,name"}, 1, {"summary", "timeline_actorname"}, id="names"),
    pytest.param(
        "claims", {"fields": "said_on.edtf"}, 1, {"status_note", "timeline_claimlink"}, id="a date"
    ),
    pytest.param(
        "claims", {"omit": "links,linked_by,status_note"}, 1, {"status_note"}, id="omitted"
    ),
]


@pytest.mark.parametrize(("path", "shape", "number", "unread"), TRIMMED)
def test_the_shape_of_other_rows_trims_what_is_read(
    path: str, shape: dict[str, str], number: int, unread: set[str], two_of_everything: None
) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert Api().get(path, **shape).status_code == 200
    asked = [query["sql"] for query in captured]

    assert len(asked) == number, "\n".join(asked)
    # What the rows are chosen by is asked in a condition; what is told of them is selected.
    told = " ".join(sql.partition(" WHERE ")[0] for sql in asked)
    assert {word for word in unread if f'"{word}"' in told} == set()


def test_what_is_remembered_takes_as_much_memory_as_is_counted() -> None:
    from timeline.api import memory

    event: Any = make_event(date="1000/2019")
    api_of("publish").patch(f"events/{event.uuid}", {"summary": "Something is recorded"})
    forget_answers()
    api = Api()
    api.get("events/histogram", interval="year")
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(50):
            api.get(f"events/histogram?interval=year{'&' * number}")
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert len(memory.MEMORY._kept) == 50
    assert taken < 1.3 * memory.MEMORY.bytes
