"""A change that breaks clients is seen, and needs a version that says so."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.breaking import breaking, may_break
from tests.contract.document import ROOT, document

RELEASED = json.loads((ROOT / "openapi" / "released.json").read_text())


def test_what_clients_of_the_last_release_rely_on_still_holds() -> None:
    broken = breaking(RELEASED, document())
    assert broken == [] or may_break(RELEASED, document()), (
        "These break clients made from openapi/released.json: undo them, or give pyproject.toml "
        "and config/openapi.py the next minor version (the next major one, from 1.0 on)."
    )


def test_the_document_has_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert document()["info"]["version"] == project["version"]


def test_every_released_operation_keeps_its_id() -> None:
    ids = {o["operationId"] for by in document()["paths"].values() for o in by.values()}
    released = {o["operationId"] for by in RELEASED["paths"].values() for o in by.values()}
    assert released - ids == set() or may_break(RELEASED, document())


SMALL: dict[str, Any] = {
    "info": {"version": "0.1.0"},
    "paths": {
        "/things": {
            "get": {
                "operationId": "things_list",
                "security": [{"token": []}, {}],
                "parameters": [
                    {
                        "name": "kind",
                        "in": "query",
                        "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Kind"}},
                    }
                ],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                        }
                    }
                },
            },
            "post": {
                "operationId": "things_create",
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/ThingRequest"}
                        }
                    }
                },
                "responses": {"201": {}},
            },
        }
    },
    "components": {
        "schemas": {
            "Kind": {"type": "string", "enum": ["a", "b"]},
            "Thing": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "size": {"type": ["integer", "null"]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                },
            },
            "ThingRequest": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 10},
                    "size": {"type": ["integer", "null"]},
                },
            },
        }
    },
}
Change = Callable[[dict[str, Any]], Any]


def get(new: dict[str, Any]) -> Any:
    return new["paths"]["/things"]["get"]


def post(new: dict[str, Any]) -> Any:
    return new["paths"]["/things"]["post"]


def schema(new: dict[str, Any], name: str) -> Any:
    return new["components"]["schemas"][name]


BREAKING: dict[str, tuple[Change, str]] = {
    "a path goes": (lambda new: new["paths"].clear(), "GET /things is gone"),
    "a method goes": (lambda new: new["paths"]["/things"].pop("post"), "POST /things is gone"),
    "an operation is renamed": (
        lambda new: get(new).update(operationId="list_things"),
        "GET /things was called things_list, and now list_things",
    ),
    "a login is demanded": (
        lambda new: get(new).update(security=[{"token": []}]),
        "GET /things needs a login",
    ),
    "a parameter goes": (lambda new: get(new)["parameters"].clear(), "kind (query) is gone"),
    "a parameter is demanded": (
        lambda new: get(new)["parameters"].append({"name": "q", "in": "query", "required": True}),
        "q (query) is new and required",
    ),
    "a known parameter is demanded": (
        lambda new: get(new)["parameters"][0].update(required=True),
        "kind (query) is required",
    ),
    "a value of an enum is no longer taken": (
        lambda new: schema(new, "Kind").update(enum=["a"]),
        "“b” is no longer taken",
    ),
    "an answer goes": (lambda new: post(new).update(responses={}), "no longer answers 201"),
    "a media type goes": (
        lambda new: get(new)["responses"]["200"]["content"].clear(),
        "no longer answers in application/json",
    ),
    "a member of an answer goes": (
        lambda new: schema(new, "Thing")["properties"].pop("size"),
        "Thing (told).size is gone",
    ),
    "a member of an answer may be left out": (
        lambda new: schema(new, "Thing").update(required=[]),
        "Thing (told).name may be left out",
    ),
    "a member of an answer may be null": (
        lambda new: schema(new, "Thing")["properties"].update(name={"type": ["string", "null"]}),
        "Thing (told).name was string, and now null or string",
    ),
    "a member of an answer becomes another type": (
        lambda new: schema(new, "Thing")["properties"].update(name={"type": "integer"}),
        "Thing (told).name was string, and now integer",
    ),
    "a member to send goes": (
        lambda new: schema(new, "ThingRequest")["properties"].pop("size"),
        "ThingRequest (sent).size is gone",
    ),
    "a member to send is demanded": (
        lambda new: schema(new, "ThingRequest").update(required=["name", "size"]),
        "ThingRequest (sent).size is required",
    ),
    "null is no longer taken": (
        lambda new: schema(new, "ThingRequest")["properties"].update(size={"type": "integer"}),
        "ThingRequest (sent).size was integer or null, and now integer",
    ),
    "a limit is tightened": (
        lambda new: schema(new, "ThingRequest")["properties"]["name"].update(maxLength=5),
        "has maxLength 5, and had 10",
    ),
    "a limit is new": (
        lambda new: schema(new, "ThingRequest")["properties"]["name"].update(minLength=1),
        "has minLength 1, and had None",
    ),
    "a pattern is new": (
        lambda new: schema(new, "ThingRequest")["properties"]["name"].update(pattern="^x"),
        "has the pattern ^x, and had None",
    ),
    "other members are refused": (
        lambda new: schema(new, "ThingRequest").update(additionalProperties=False),
        "takes no other members",
    ),
    "a body is demanded": (
        lambda new: post(new)["requestBody"].update(required=True),
        "POST /things needs a body",
    ),
}


@pytest.mark.parametrize("name", list(BREAKING))
def test_a_change_that_breaks_clients_is_named(name: str) -> None:
    change, told = BREAKING[name]
    new = copy.deepcopy(SMALL)
    change(new)

    broken = breaking(SMALL, new)

    assert any(told in one for one in broken), broken


HARMLESS: dict[str, Change] = {
    "nothing changes": lambda new: new.copy(),
    "a path comes": lambda new: new["paths"].update({"/others": {}}),
    "a parameter comes": lambda new: get(new)["parameters"].append({"name": "q", "in": "query"}),
    "a member to read comes": lambda new: schema(new, "Thing")["properties"].update(new={}),
    "a member to send comes": lambda new: schema(new, "ThingRequest")["properties"].update(new={}),
    "a member to send need not be sent": lambda new: schema(new, "ThingRequest").update(
        required=[]
    ),
    "a member to send may be null": lambda new: schema(new, "ThingRequest")["properties"].update(
        name={"type": ["string", "null"], "maxLength": 10}
    ),
    "a member to read is always there": lambda new: schema(new, "Thing").update(
        required=["name", "size"]
    ),
    "a value to choose comes": lambda new: schema(new, "Kind").update(enum=["a", "b", "c"]),
    "a limit is loosened": lambda new: schema(new, "ThingRequest")["properties"]["name"].update(
        maxLength=20
    ),
    "no login is needed": lambda new: post(new).update(security=[{}]),
    "words change": lambda new: schema(new, "Thing").update(description="Told anew."),
}


@pytest.mark.parametrize("name", list(HARMLESS))
def test_a_change_that_only_adds_is_allowed(name: str) -> None:
    new = copy.deepcopy(SMALL)
    HARMLESS[name](new)

    assert breaking(SMALL, new) == []


def test_an_answer_with_values_that_clients_do_not_know_breaks_them() -> None:
    old = copy.deepcopy(SMALL)
    old["components"]["schemas"]["Thing"]["properties"]["name"]["enum"] = ["x"]
    new = copy.deepcopy(old)
    new["components"]["schemas"]["Thing"]["properties"]["name"]["enum"] = ["x", "y"]

    assert breaking(old, new) == ["Thing (told).name “y” is a new answer"]
    assert breaking(new, old) == []


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        pytest.param("0.1.0", "0.1.1", False, id="a patch before the first major"),
        pytest.param("0.1.0", "0.2.0", True, id="a minor before the first major"),
        pytest.param("0.9.0", "1.0.0", True, id="the first major"),
        pytest.param("1.2.0", "1.3.0", False, id="a minor afterwards"),
        pytest.param("1.2.0", "2.0.0", True, id="a major afterwards"),
        pytest.param("0.2.0", "0.1.0", False, id="back"),
    ],
)
def test_the_version_says_whether_clients_may_break(before: str, after: str, allowed: bool) -> None:
    documents = [{"info": {"version": version}} for version in (before, after)]
    assert may_break(*documents) is allowed
