"""What the OpenAPI document shows of answers: an example of each, and every refusal, told once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from timeline.api.explained import explanations

# What the case answers, by schema: `make examples` asks for it and writes it here.
ANSWERS = Path(__file__).with_name("answers.json")

# What may come back instead, by method: RFC 9110's meaning in one sentence each.
REFUSALS = {
    "400": "The request is not valid; `errors` name each field or parameter.",
    "401": "The token is not known, has expired or was revoked; or one is needed.",
    "403": "The token has not the scope that this needs.",
    "404": "There is no such record, or it may not be seen.",
    "406": "The answer cannot be had in the media type that was asked for.",
    "409": "The request contradicts what is recorded.",
    "412": "The record has changed since the version that `If-Match` names.",
    "413": "The body is too large.",
    "414": "The address is longer than 8,190 bytes; the server refuses it unread, in HTML.",
    "422": "The `Idempotency-Key` belongs to another request.",
    "415": "The body is not in a media type that is understood.",
    "428": "The service is set to demand `If-Match`.",
    "429": "Too many requests; `Retry-After` says when to try again.",
    "503": "The database cannot answer just now; `Retry-After` says when to try again.",
}
# Refused by the server before a request reaches the service, and so without a problem.
UNREAD = ("414",)
PROBLEM = {"$ref": "#/components/schemas/Problem"}
# What those problems complain of that are about a part of the request.
FLAWS = {
    "bad-parameter": {
        "parameter": "befor",
        "code": "unknown-parameter",
        "detail": "There is no parameter “befor”. Did you mean “before”?",
    },
    "invalid": {"pointer": "/title", "code": "required", "detail": "This field is required."},
}


def describe_refusals(components: dict[str, Any]) -> None:
    """Add each refusal, to which all operations point, and an example of each problem."""
    problems = dict(_problems())
    components["responses"] = {f"Refusal{code}": _refusal(code, problems) for code in REFUSALS}
    components["examples"] = problems


def illustrate(document: dict[str, Any]) -> None:
    """Put an example beside every answer in JSON."""
    known = json.loads(ANSWERS.read_text(encoding="utf-8"))
    shown = document["components"]["examples"]
    for operation_id, _, content in answers(document):
        name = example_name(operation_id, content["schema"])
        if name in known:
            content["examples"] = {"case": _pointer(name)}
            shown[name] = {"value": known[name]}
    document["components"]["examples"] = dict(sorted(shown.items()))


def answers(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every success in JSON: the operation, the status and the content."""
    for by_method in document["paths"].values():
        for operation in by_method.values():
            for code, response in operation["responses"].items():
                for media_type, content in response.get("content", {}).items():
                    if code.startswith("2") and media_type.endswith(("/json", "+json")):
                        yield operation["operationId"], code, content


def example_name(operation_id: str, schema: dict[str, Any]) -> str:
    """One example for each schema; what has none of its own goes by its operation."""
    return schema.get("$ref", operation_id.removeprefix("timelines_")).rpartition("/")[2]


def _pointer(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/examples/{name}"}


def _problems() -> Iterator[tuple[str, dict[str, Any]]]:
    """An example of each kind of problem that the document tells of."""
    for code, explained in explanations().items():
        if str(explained.status) in REFUSALS:
            value = {
                "type": f"/problems/{code}",
                "title": explained.title,
                "status": explained.status,
                "detail": explained.advice,
                "instance": "/api/v1/events",
                "request_id": "0b9d3c7e-5b0e-4a57-8f0c-5a6f6f2d2f57",
                "errors": [FLAWS[code]] if code in FLAWS else [],
            }
            yield f"problem-{code}", {"summary": explained.meaning, "value": value}


def _refusal(code: str, problems: dict[str, Any]) -> dict[str, Any]:
    refusal: dict[str, Any] = {"description": REFUSALS[code]}
    if code not in UNREAD:
        examples = {
            name.removeprefix("problem-"): _pointer(name)
            for name, problem in problems.items()
            if str(problem["value"]["status"]) == code
        }
        refusal["content"] = {"application/problem+json": {"schema": PROBLEM, "examples": examples}}
    return refusal
