"""The committed OpenAPI document, from which these tests are made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).resolve().parents[2]
URI = "urn:timeline"


@cache
def document() -> dict[str, Any]:
    return json.loads((ROOT / "openapi" / "openapi.json").read_text())


@dataclass(frozen=True)
class Operation:
    """One method at one path."""

    id: str
    method: str
    path: str

    @property
    def described(self) -> dict[str, Any]:
        """What the document says of it, with the answers that operations have in common."""
        described = document()["paths"][self.path][self.method.lower()]
        shared = document()["components"]["responses"]
        responses = {
            code: shared[response["$ref"].rpartition("/")[2]] if "$ref" in response else response
            for code, response in described["responses"].items()
        }
        return described | {"responses": responses}


def operations(*methods: str) -> list[Operation]:
    """Every operation, or those of these methods."""
    return [
        Operation(described["operationId"], method.upper(), path)
        for path, by_method in document()["paths"].items()
        for method, described in by_method.items()
        if not methods or method.upper() in methods
    ]


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
