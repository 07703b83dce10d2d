"""What OPTIONS answers: what can be asked at an address, in the words of the OpenAPI document."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request
from rest_framework.reverse import reverse

from timeline.api.documents import document


@cache
def _paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    whole = json.loads(document("openapi.json"))
    paths, shared = whole["paths"], whole["components"]["responses"]
    for methods in paths.values():
        for operation in methods.values():
            for code, answer in operation["responses"].items():
                # What all have in common stands in the document once.
                if name := answer.get("$ref", "").rpartition("/")[2]:
                    operation["responses"][code] = shared[name]
    # The address that is spelled out before the one that any word would fit.
    ordered = sorted(paths.items(), key=lambda item: item[0].count("{"))
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), known) for path, known in ordered]


class DescribedByTheDocument(BaseMetadata):
    """Names each method with what it does, takes and answers."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        path = request.path_info.rstrip("/")
        known = next((methods for where, methods in _paths() if where.fullmatch(path)), {})
        return {
            "methods": {method.upper(): _told(operation) for method, operation in known.items()},
            "index": reverse("index", request=request),
            "openapi": reverse("openapi-json", request=request),
            "docs": reverse("docs", request=request),
        }


def _told(operation: dict[str, Any]) -> dict[str, Any]:
    parameters = operation.get("parameters", ())
    body = operation.get("requestBody", {}).get("content", {})
    return {
        "operation": operation["operationId"],
        "summary": operation["summary"],
        "description": operation["description"],
        "parameters": {one["name"]: one["description"] for one in parameters},
        "takes": list(body),
        "example": next((one["example"] for one in body.values() if "example" in one), None),
        "answers": {code: one["description"] for code, one in operation["responses"].items()},
    }
