"""The OpenAPI document is true: what it says may be sent is taken, what comes back is as described."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from django.core.management import call_command
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.clients import Api, api_of
from tests.contract.document import ROOT, Operation, document, operations
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
from timeline.api.examples import PATCHES, POINTING, REQUESTS, TOLD
from timeline.models import RECORDS

URI = "urn:timeline"


@cache
def _registry() -> Registry:
    return Registry().with_resource(
        URI, Resource.from_contents(document(), default_specification=DRAFT202012)
    )


def schema_of(operation: Operation, status: int) -> dict[str, Any] | None:
    response = operation.described["responses"][str(status)]
    content = response.get("content", {})
    media = content.get("application/json") or content.get("application/problem+json")
    return media and media["schema"]


def assert_as_described(operation: Operation, answer: Any) -> None:
    """The status is a documented one, and the body fits its schema."""
    described = operation.described["responses"]
    assert str(answer.status_code) in described, (operation.id, answer.status_code, answer.content)
    schema = schema_of(operation, answer.status_code)
    if schema is not None:
        assert faults_of(schema, answer.json()) == [], operation.id


def faults_of(schema: dict[str, Any], value: Any) -> list[tuple[list[Any], str]]:
    """Where the value is not as the schema says."""
    pointed = json.loads(json.dumps(schema).replace('"#/', f'"{URI}#/'))
    validator = Draft202012Validator(pointed, registry=_registry())
    return [
        (list(error.absolute_path), error.message[:200]) for error in validator.iter_errors(value)
    ]


def by_id(operation_id: str) -> Operation:
    return next(o for o in operations() if o.id == operation_id)


@pytest.mark.django_db
def test_the_example_of_a_date_is_what_the_service_would_tell(publisher: Api) -> None:
    told = TOLD["Date"]
    written = {name: told[name] for name in ("edtf", "text", "basis", "basis_note")}

    assert publisher.post("events", {"title": "x", "date": written}).json()["date"] == told
    assert publisher.post("events", {"title": "x", "date": TOLD["DateRequest"]}).status_code == 201
    assert document()["components"]["schemas"]["Date"]["example"] == told


# --- The document ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["openapi.json", "openapi.yaml", "openapi-3.0.yaml"])
def test_the_committed_document_is_what_the_code_says(name: str, tmp_path: Any) -> None:
    options: dict[str, Any] = {"file": str(tmp_path / name)}
    if name.endswith("json"):
        options["format"] = "openapi-json"
    if "3.0" in name:
        options["custom_settings"] = "config.openapi.DOCUMENT_3_0"

    call_command("spectacular", **options)

    committed = (ROOT / "openapi" / name).read_text()
    assert (tmp_path / name).read_text() == committed, "run make openapi"


def test_the_documents_are_valid_openapi() -> None:
    assert document()["openapi"].startswith("3.1")
    validate(document())
    older = yaml.safe_load((ROOT / "openapi" / "openapi-3.0.yaml").read_text())
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
PATHS |= {"tag": "tags", "term": "vocabularies_terms"}


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
    assert made.json() == answer.json()
    assert made.headers["ETag"] == answer.headers["ETag"]

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


# The exports are tested as what they are.
IN_JSON = [o for o in operations("GET") if not o.id.endswith("_export")]


@pytest.mark.django_db
@pytest.mark.parametrize("scope", [None, "publish"])
@pytest.mark.parametrize("operation", IN_JSON, ids=lambda o: o.id)
def test_what_is_read_is_as_described(operation: Operation, scope: str | None) -> None:
    place = make_place(parent=make_place(), latitude=1.0, longitude=2.0)
    event = make_event(
        date="2019-08",
        place=place,
        tags=["courts"],
        participations=[taking_part(make_actor(), "court")],
        extra={"a": [1, None]},
    )
    bare = make_event()
    records: dict[str, list[Any]] = {"events": [event, bare]}
    claim = make_claim(about=event)
    make_claim(links=[{"type": "contradicts", "other": claim}], about=event)
    make_citation(event=event, source=make_source(derived_from=make_source(), date="2019"))
    for resource, make in MAKERS.items():
        if resource != "events":
            records[resource] = [make()]
    records["timelines"] = [make_timeline(entries=[{"event": event}, {"event": bare}])]
    records["claims"].append(claim)
    resource = operation.path.removeprefix("/api/v1").strip("/").partition("/")[0]
    address = operation.path.replace("{vocabulary}", "roles").replace("{code}", "court")
    keys = [key_of(r) for r in records.get(resource, [])] or ["courts"]
    query = {"events_histogram": {"interval": "year"}, "search_list": {"q": "event"}}
    query["events_facets"] = {"by": "kind,actor,tag,place"}
    query["timelines_events_facets"] = {"by": "kind"}
    asked = query.get(operation.id, {})
    if operation.id == "imports_retrieve":
        return
    if resource == "proposals":
        proposed = api_of("write").patch(f"events/{event.uuid}", {"title": "Better"})
        keys = [proposed.headers["Location"].rpartition("/")[2]]
    for key in keys if "{" in address else [""]:
        url = address.replace("{id}", key).replace("{slug}", key)
        answer = api_of(scope).get(f"{url}?{urlencode(asked)}" if asked else url)
        assert_as_described(operation, answer)
        assert answer.status_code in (200, 401)
        refused = api_of(scope).get(url, nonsense="1")
        assert_as_described(operation, refused)


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
