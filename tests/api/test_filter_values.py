"""Values as people write them, values that are none, and what a filter must not give away."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.clients import Api, is_problem
from tests.factories.records import (
    make_actor,
    make_citation,
    make_event,
    make_source,
    make_tag,
    make_term,
)

pytestmark = pytest.mark.django_db


def test_words_are_found_as_their_writers_wrote_them(anonymous: Api) -> None:
    """Names with commas, and tags, roles and kinds before they became slugs and codes."""
    lee = make_actor(name="Lee, Robert E.")
    role, kind = make_term("roles", "co_chair"), make_term("kinds", "naval-battle")
    event = make_event(
        tags=["World War II", "C++"],
        kind=kind,
        participations=[{"actor": lee, "role": role}],
        dataset="a, b",
        external_id="1,2",
        extra={"seen in": "Paris, France", "names": ["x, y"]},
    )
    address = "https://news.example/" + "a,b/" * 90
    make_citation(event=event, source=make_source(publisher="The Times, London", url=address))
    other = make_event(title="Other")
    mine = [str(event.uuid)]
    for name, value in (
        ("tag", "World War II"),
        ("tag_all", ["World War II", "c++"]),
        ("role", "Co-Chair"),
        ("kind", "naval-battle"),
        ("publisher", "The Times, London"),
        ("publisher", ["Reuters", "The Times, London"]),
        ("dataset", "a, b"),
        ("external_id", "1,2"),
        ("extra.seen in", "Paris, France"),
        ("extra.names", "x, y"),
    ):
        assert anonymous.ids("events", **{name: value}) == mine, name
        if "extra" not in name and name != "tag_all":
            found = anonymous.ids("events", **{f"not_{name}": value})
            assert found == [str(other.uuid)], name
    assert anonymous.ids("actors", name="Lee, Robert E.") == [str(lee.uuid)]
    assert len(anonymous.ids("sources", url=address)) == 1


def test_a_doubted_date_is_certain_only_when_trusted(anonymous: Api) -> None:
    doubted = str(make_event(date="2019?").uuid)

    certain = {"within": "2018/2020", "match": "certain"}
    assert anonymous.ids("events", **certain) == []
    assert anonymous.ids("events", **certain, trust_uncertain="true") == [doubted]
    assert anonymous.ids("events", within="2018/2020") == [doubted]


BAD = [
    ("id", "x"),
    ("actor", "1"),
    ("publication", "secret"),
    ("updated_since", "yesterday"),
    ("overlapping", "2019-13"),
    ("match", "maybe"),
    ("undated", "1"),
    ("status", "x"),
    ("bbox", "1,2,3"),
    ("bbox", "a,b,c,d"),
    ("bbox", "0,0,nan,1"),
    ("bbox", "0,0,1_0,1.2.3"),
    ("near", "91,0,1"),
    ("near", "0,0,-1"),
    ("clock", "atomic"),
    ("q", "x" * 201),
    ("q", " ".join("abcdefghi")),
    ("has_citation", "x"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_refused_by_the_name_of_its_parameter(
    name: str, value: str, anonymous: Api
) -> None:
    answer = anonymous.get("events", **{name: value})

    assert is_problem(answer)
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, name)


def test_a_saved_filter_of_a_timeline_is_checked_as_the_list_would(publisher: Api) -> None:
    make_tag("courts")

    def status(saved: Any) -> int:
        body = {"slug": f"s{uuid4()}", "title": "T", "filter": saved}
        return publisher.post("timelines", body).status_code

    assert status({"tag": ["courts"], "within": "2019", "undated": False}) == 201
    assert status({"tga": ["courts"]}) == 400
    assert status({"within": "2019-13"}) == 400
    assert status({"timeline": "other"}) == 400
    assert status({"tag": [f"t{n}" for n in range(101)]}) == 400


def test_staff_ask_who_began_an_event_and_the_public_learns_nothing(
    anonymous: Api, writer: Api
) -> None:
    event = make_event()
    begun_by = event.created_by.get_username()

    assert writer.ids("events", created_by=begun_by) == [str(event.uuid)]
    assert writer.ids("events", not_created_by=begun_by) == []
    assert anonymous.get("events", created_by=begun_by).json() == (
        anonymous.get("events", created_by="nobody").json()
    )
