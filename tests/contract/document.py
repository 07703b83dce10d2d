"""The committed OpenAPI document, from which these tests are made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


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
