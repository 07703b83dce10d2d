"""The OpenAPI document is true: what it says may be sent is taken, what comes back is as described."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from tests.clients import Api, api_of
from tests.contract.document import (
    ROOT,
    Operation,
    assert_as_described,
    by_id,
    document,
    operations,
)
from tests.factories.records import (
    make_actor,
    make_event,
    make_source,
)
from timeline.api.examples import PATCHES, POINTING, REQUESTS, TOLD
from timeline.models import RECORDS


@pytest.mark.django_db
def test_the_example_of_a_date_is_what_the_service_would_tell(publisher: Api) -> None:
    told = TOLD["Date"]
    written = {name: told[name] for name in ("edtf", "text", "basis", "basis_note")}

    assert publisher.post("events", {"title": "x", "date": written}).json()["date"] == told
    assert publisher.post("events", {"title": "x", "date": TOLD["DateRequest"]}).status_code == 201
    assert document()["components"]["schemas"]["Date"]["example"] == told


# --- The document ---------------------------------------------------------------------------------


def test_the_documents_are_valid_openapi() -> None:
    assert document()["openapi"].startswith("3.1")
    validate(document())
    text = (ROOT / "openapi" / "openapi-3.0.yaml").read_text()
    # The safe parser in C, of which the wheels of all platforms have one.
    older = yaml.load(text, yaml.CSafeLoader)
    assert older["openapi"] == "3.0.3"
    assert "webhooks" not in older
    validate(older)


def test_the_document_is_served_as_it_is_committed(client: Any) -> None:
    for name in ("openapi.json", "openapi.yaml"):
        served = client.get(f"/api/v1/{name}")
        assert served.content == (ROOT / "openapi" / name).read_bytes()


def _properties() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, schema in document()["components"]["schemas"].items():
        for member, described in schema.get("properties", {}).items():
            yield name, member, described


def _is_described(described: dict[str, Any]) -> bool:
    return bool(described.get("description"))


def test_everything_is_described_in_words() -> None:
    silent = [f"{name}.{member}" for name, member, d in _properties() if not _is_described(d)]
    schemas = document()["components"]["schemas"]
    silent += [name for name, schema in schemas.items() if not _is_described(schema)]
    for operation in operations():
        described = operation.described
        silent += [operation.id for word in ("summary", "description") if not described.get(word)]
        silent += [
            f"{operation.id} {parameter['name']}"
            for parameter in described.get("parameters", ())
            if not _is_described(parameter)
        ]
        silent += [
            f"{operation.id} {code}"
            for code, response in described["responses"].items()
            if not response.get("description")
        ]
    assert silent == []


def test_what_a_query_is_refused_for_is_described() -> None:
    parameters = {p["name"]: p["schema"] for p in by_id("events_facets").described["parameters"]}

    assert (parameters["limit"]["minimum"], parameters["limit"]["maximum"]) == (1, 1000)
    assert re.fullmatch(parameters["bbox"]["pattern"], "73,18,135,54")
    assert re.fullmatch(parameters["bbox"]["pattern"], "-1e-7, 18.25, 135, 54.0")
    assert not re.fullmatch(parameters["bbox"]["pattern"], "73,18,135")
    assert re.fullmatch(parameters["near"]["pattern"], "37.07,114.5,100")


def test_no_enum_has_a_name_that_a_new_field_could_change() -> None:
    from django.conf import settings

    named = settings.SPECTACULAR_SETTINGS["ENUM_NAME_OVERRIDES"].keys()
    enums = {n for n, schema in document()["components"]["schemas"].items() if "enum" in schema}

    assert enums <= named


def test_operations_have_ids_of_their_own_and_tags() -> None:
    ids = [operation.id for operation in operations()]
    assert len(ids) == len(set(ids))
    assert all(operation.described["tags"] for operation in operations())


def test_it_is_said_who_may(client: Any) -> None:
    schemes = document()["components"]["securitySchemes"]
    assert [(s["type"], s["scheme"]) for s in schemes.values()] == [("http", "bearer")]
    name = next(iter(schemes))
    for operation in operations():
        security = operation.described["security"]
        assert {name: []} in security
        if operation.method != "GET":
            assert {} not in security, operation.id
        codes = operation.described["responses"].keys()
        assert {"401", "429"} <= codes
        if operation.method != "GET":
            assert {"400", "403"} <= codes


@pytest.mark.parametrize("model", RECORDS, ids=lambda m: m._meta.model_name)
def test_what_may_be_null_in_the_database_may_be_null_in_the_answer(model: Any) -> None:
    schema = document()["components"]["schemas"][model._meta.object_name]
    for field in model._meta.concrete_fields:
        name = {"date": "date"}.get(field.name, field.name)
        if field.null and name in schema["properties"]:
            assert _admits_null(schema["properties"][name]), (model, name)
    dates = {"date", "published", "said_on", "period"} & schema["properties"].keys()
    assert all(_admits_null(schema["properties"][name]) for name in dates)


def _admits_null(described: dict[str, Any]) -> bool:
    kind = described.get("type")
    choices = described.get("oneOf", []) + described.get("anyOf", [])
    return (
        kind == "null" or (isinstance(kind, list) and "null" in kind) or {"type": "null"} in choices
    )


# --- What is sent, and what comes back ------------------------------------------------------------


def pointed_at() -> dict[str, str]:
    """Real records, by the members that point to them."""
    return {
        "actor": str(make_actor().uuid),
        "organisation": str(make_actor().uuid),
        "speaker": str(make_actor().uuid),
        "source": str(make_source().uuid),
        "event": str(make_event().uuid),
        "about": str(make_event().uuid),
        "subject": str(make_event(date="2017").uuid),
        "object": str(make_event(date="2019").uuid),
    }


def example_of(operation: Operation) -> dict[str, Any]:
    content = operation.described["requestBody"]["content"]
    return content["application/json"]["example"]


PATHS = {model._meta.model_name: str(model._meta.verbose_name_plural) for model in RECORDS}
PATHS |= {"tag": "tags", "term": "vocabularies_terms", "webhook": "webhooks"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*REQUESTS, *POINTING])
def test_the_example_of_a_request_is_taken_as_it_stands(name: str) -> None:
    operation = by_id(f"{PATHS[name]}_create")
    body = dict(example_of(operation))
    assert body == (REQUESTS.get(name) or POINTING[name])
    if name in POINTING:
        ids = pointed_at()
        body |= {member: ids[member] for member in body if member in ids}
    if name == "event":
        api_of("publish").post("tags", {"slug": "courts", "label": "Courts"})
    api = api_of("publish")

    answer = api.post(operation.path.replace("{vocabulary}", "kinds"), body)

    assert answer.status_code == 201, answer.content
    assert_as_described(operation, answer)
    made = api.send("GET", answer.headers["Location"].removeprefix("http://testserver"))
    told = answer.json()
    is_told_in_part_once = bool(told.pop("secret", ""))
    assert made.json() == told
    assert (made.headers["ETag"] == answer.headers["ETag"]) is not is_told_in_part_once

    patch = by_id(f"{PATHS[name]}_update")
    assert example_of(patch) == PATCHES[name]
    for media in ("application/json", "application/merge-patch+json"):
        changed = api.client.generic(
            "PATCH",
            answer.headers["Location"],
            json.dumps(PATCHES[name]),
            media,
            headers=api.headers,
        )
        assert changed.status_code == 200, changed.content
        assert_as_described(patch, changed)


@pytest.mark.django_db
def test_refusals_are_as_described() -> None:
    event = make_event()
    writer, publisher = api_of("write"), api_of("publish")
    create, update = by_id("events_create"), by_id("events_update")
    path = f"events/{event.uuid}"

    for operation, answer, status in [
        (create, Api().post("events", {}), 401),
        (create, api_of("read").post("events", {}), 403),
        (create, writer.post("events", {}), 400),
        (create, writer.send("POST", "events", b"{"), 400),
        (update, writer.patch(path, {"title": "x"}), 202),
        (update, writer.patch(f"events/{make_event('in_review').uuid}", {"title": "x"}), 403),
        (update, publisher.patch(path, {"title": "x"}, headers={"If-Match": '"99"'}), 412),
        (update, publisher.patch(path.replace("e", "f"), {}), 404),
        (by_id("events_publish"), publisher.post(f"{path}/publish"), 409),
    ]:
        assert answer.status_code == status, answer.content
        assert_as_described(operation, answer)
