"""Members of free-form objects are asked for alike on both databases, whatever is asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.clients import Api
from tests.factories.records import make_event

pytestmark = pytest.mark.django_db

EXTRA: dict[str, Any] = {
    "text": "1",
    "number": 1,
    "float": 1.5,
    "true": True,
    "null": None,
    "list": ["a", 2, "NaN"],
    "object": {"a": 1},
    "not a number": "NaN",
    "endless": "1e999",
    "quo\"te'%s": "x",
    "a.b": "dotted",
    "": "empty key",
    "deep": "[[[[",
}


@pytest.mark.parametrize(
    ("key", "value", "hit"),
    [
        pytest.param("text", "1", True, id="digits as a text"),
        pytest.param("number", "1", True, id="number"),
        pytest.param("number", "1.0", True, id="number, written otherwise"),
        pytest.param("number", "true", False, id="one is not true"),
        pytest.param("true", "true", True, id="true"),
        pytest.param("true", "1", False, id="true is not one"),
        pytest.param("null", "null", True, id="null"),
        pytest.param("absent", "null", False, id="absent is not null"),
        pytest.param("list", "a", True, id="text in a list"),
        pytest.param("list", "2", True, id="number in a list"),
        pytest.param("list", "b,a", True, id="any of several"),
        pytest.param("list", '["a"]', False, id="a list is not compared as a whole"),
        pytest.param("object", "a", False, id="an object holds no value"),
        pytest.param("not a number", "NaN", True, id="NaN is a text"),
        pytest.param("list", "NaN", True, id="NaN in a list"),
        pytest.param("number", "Infinity", False, id="infinity"),
        pytest.param("endless", "1e999", True, id="a number too large is a text"),
        pytest.param("number", "9" * 400, False, id="an integer of 400 digits"),
        pytest.param("number", "9" * 5000, False, id="an integer of 5,000 digits"),
        pytest.param("quo\"te'%s", "x", True, id="quotes in the key"),
        pytest.param("a.b", "dotted", True, id="a point in the key"),
        pytest.param("", "empty key", True, id="empty key"),
        pytest.param("deep", "[[[[", True, id="brackets are a text"),
        pytest.param("deep", "[" * 2500, False, id="thousands of brackets"),
    ],
)
def test_a_member_of_extra_is_compared_by_what_it_is(
    anonymous: Api, key: str, value: str, hit: bool
) -> None:
    event = make_event(extra=EXTRA)
    make_event(extra={"other": json.dumps(EXTRA)})
    assert anonymous.ids("events", **{f"extra.{key}": value}) == [str(event.uuid)] * hit


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"extra.a": ",".join("x" * 101)}, id="more values than are allowed"),
        pytest.param({"extra.a": ",".join("1" * 1500)}, id="thousands of values"),
        pytest.param({"extra.a\0": "x"}, id="NUL in the key"),
        pytest.param({"extra.a": "x\0"}, id="NUL in the value"),
    ],
)
def test_what_nobody_can_mean_is_refused_as_a_parameter(
    anonymous: Api, query: dict[str, str]
) -> None:
    for path in ("events", "events/histogram", "events.csv"):
        answer = anonymous.get(path, **query)
        assert answer.status_code == 400, answer.content
        assert answer.json()["errors"][0]["parameter"] == next(iter(query))
