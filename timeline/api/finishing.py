"""What is put right and added once the OpenAPI document is whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from drf_spectacular.settings import spectacular_settings

from timeline.api import examples, outgoing, wording
from timeline.api.illustrating import describe_refusals, illustrate

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance", "request_id", "errors"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Names the kind of problem.",
            "example": "/problems/bad-parameter",
        },
        "title": {"type": "string", "description": "The kind of problem, in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What was wrong here, and what to do."},
        "instance": {"type": "string", "description": "The path that was asked."},
        "request_id": {"type": "string", "description": "Quote it when you ask for help."},
        "report": {
            "description": "Of an import: what became of each row.",
            "allOf": [{"$ref": "#/components/schemas/ImportReport"}],
        },
        "errors": {
            "type": "array",
            "description": "Each field or parameter that is wrong.",
            "items": {"$ref": "#/components/schemas/ProblemDetail"},
        },
    },
    "example": {
        "type": "/problems/bad-parameter",
        "title": "A query parameter is not valid",
        "status": 400,
        "detail": "There is no parameter “befor”. Did you mean “before”?",
        "instance": "/api/v1/events",
        "request_id": "0b9d3c7e-5b0e-4a57-8f0c-5a6f6f2d2f57",
        "errors": [
            {
                "parameter": "befor",
                "code": "unknown-parameter",
                "detail": "There is no parameter “befor”. Did you mean “before”?",
            }
        ],
    },
}
PROBLEM_DETAIL_SCHEMA = {
    "type": "object",
    "description": "One thing that is wrong: a member of the body or a query parameter.",
    "required": ["code", "detail"],
    "properties": {
        "pointer": {
            "type": "string",
            "description": "Where in the body (RFC 6901).",
            "example": "/participations/0/role",
        },
        "parameter": {"type": "string", "description": "Which query parameter."},
        "code": {"type": "string", "description": "For programs."},
        "detail": {"type": "string", "description": "For people."},
    },
}

BLANK = {"type": "string", "maxLength": 0}
ANYTHING_OR_NULL = [{}, {"type": "null"}]


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the problem components, and put right what the generator leaves wrong."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    schemas["ProblemDetail"] = PROBLEM_DETAIL_SCHEMA
    for name, schema in schemas.items():
        if name.startswith("Paginated"):
            schema["description"] = "A page of rows, with the addresses of its neighbours."
        if name in examples.TOLD:
            schema["example"] = examples.TOLD[name]
        for member, described in schema.get("properties", {}).items():
            _restore_null(described)
            # Generated clients send it along, and a patch would take away what it does not name.
            described.pop("default", None)
            if not described.get("description") and member in wording.MEMBERS:
                described["description"] = wording.MEMBERS[member]
        if name.endswith("Request") and "properties" in schema:
            # What there is nothing of to write is refused by name.
            schema["additionalProperties"] = False
        if f"{name}Request" in schemas:
            # What may be left out when it is written is there when it is read.
            schema["required"] = sorted(schema["properties"])
        if name.startswith("Patched"):
            whole = schemas[name.removeprefix("Patched")]
            _admit_null(schema, except_for=whole.get("required", ()))
    # Dates are merged like any object, and a new one with nothing.
    _admit_null(schemas["DateRequest"])
    _name_enums(result["paths"], schemas)
    _link_what_is_made(result["paths"])
    if not spectacular_settings.OAS_VERSION.startswith("3.0"):
        result["webhooks"] = outgoing.WEBHOOKS
        schemas.update(outgoing.SCHEMAS)
    describe_refusals(result["components"])
    _tidy(result)
    _forget_unused(result)
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    if spectacular_settings.OAS_VERSION.startswith("3.0"):
        _spell_null_as_3_0(result)
    illustrate(result)
    return result


def keep_null(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Mark the enums that may be null, before the generator moves them to components.

    It forgets null on the way when it is told not to make an enum of null alone.
    """
    for schema in result.get("components", {}).get("schemas", {}).values():
        for described in schema.get("properties", {}).values():
            kind = described.get("type")
            if "enum" in described and (
                described.get("nullable") or (isinstance(kind, list) and "null" in kind)
            ):
                described["x-null"] = True
    return result


def _restore_null(described: dict[str, Any]) -> None:
    if not described.pop("x-null", False):
        return
    references = described.pop("allOf", None) or described.pop("oneOf", None)
    if references is None and "$ref" in described:
        references = [{"$ref": described.pop("$ref")}]
    if references:
        described.pop("nullable", None)
        described["oneOf"] = [r for r in references if r != {"type": "null"}] + [{"type": "null"}]


def _admit_null(patch: dict[str, Any], *, except_for: Iterable[str] = ()) -> None:
    """In a merge patch null takes a member away, if the record can be without it."""
    for member, described in patch["properties"].items():
        if member in except_for or described.get("writeOnly"):
            continue
        kind = described.get("type")
        if isinstance(kind, str):
            described["type"] = [kind, "null"]
        elif kind is None and {"type": "null"} not in described.get("oneOf", ()):
            described.pop("nullable", None)
            inner = described.pop("oneOf", None) or described.pop("allOf", None)
            inner = inner or [{"$ref": described.pop("$ref")}]
            described["oneOf"] = [*inner, {"type": "null"}]


def _name_enums(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Let parameters share the enums of the members that they ask about."""
    names = {
        frozenset(schema["enum"]): name for name, schema in schemas.items() if "enum" in schema
    }
    for by_method in paths.values():
        for operation in by_method.values():
            for parameter in operation.get("parameters", ()):
                schema = parameter["schema"]
                name = names.get(frozenset(schema.get("items", {}).get("enum", ())))
                if name:
                    schema["items"] = {"$ref": f"#/components/schemas/{name}"}


def _link_what_is_made(paths: dict[str, Any]) -> None:
    """Lead from a record that was just made to everything that can be done with it."""
    for path, by_method in paths.items():
        made = by_method.get("post", {}).get("responses", {}).get("201")
        if made is None:
            continue
        links = dict(_links(path, paths))
        if links:
            made["links"] = links


def _links(path: str, paths: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    given = {name: f"$request.path.{name}" for name in re.findall(r"{(\w+)}", path)}
    for other, by_method in paths.items():
        key = re.match(re.escape(path) + r"/{(\w+)}", other)
        names = re.findall(r"{(\w+)}", other)
        if key is None or set(names) - {*given, key[1]}:
            continue
        for operation in by_method.values():
            yield (
                operation["operationId"],
                {
                    "operationId": operation["operationId"],
                    "parameters": {**given, key[1]: f"$response.body#/{key[1]}"},
                    "description": operation["summary"],
                },
            )


def _forget_unused(document: dict[str, Any]) -> None:
    """Drop the components that nothing points to: what is only ever read has no request."""
    schemas = document["components"]["schemas"]
    while True:
        text = json.dumps(document, default=str)
        unused = [n for n in schemas if f'"#/components/schemas/{n}"' not in text]
        if not unused:
            return
        for name in unused:
            del schemas[name]


def _tidy(node: Any) -> None:
    """Say what holds on either database, and say it once."""
    if isinstance(node, dict):
        for bound, limit in (("minimum", -(2**31)), ("maximum", 2**31 - 1)):
            if isinstance(node.get(bound), int) and abs(node[bound]) > abs(limit):
                node[bound] = limit
        if node.get("format") == "int64":
            del node["format"]
        if node.get("oneOf") == ANYTHING_OR_NULL:
            # Anything is null too, and null would be one of two.
            del node["oneOf"]
        if BLANK in node.get("oneOf", ()):
            # What may be blank says so in its pattern, and would be one of two.
            node.update(next(one for one in node.pop("oneOf") if one != BLANK))
        for value in node.values():
            _tidy(value)
    elif isinstance(node, list):
        for value in node:
            _tidy(value)


def _spell_null_as_3_0(node: Any) -> None:
    """OpenAPI 3.0 knows no type null, but ``nullable``."""
    if isinstance(node, dict):
        if isinstance(node.get("type"), list) and "null" in node["type"]:
            node["type"] = next(kind for kind in node["type"] if kind != "null")
            node["nullable"] = True
        if {"type": "null"} in node.get("oneOf", ()):
            node["allOf"] = [one for one in node.pop("oneOf") if one != {"type": "null"}]
            node["nullable"] = True
        for value in node.values():
            _spell_null_as_3_0(value)
    elif isinstance(node, list):
        for value in node:
            _spell_null_as_3_0(value)
