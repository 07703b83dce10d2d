"""Programs that talk to the API: strangers, and holders of a token of each scope.

Loaded before Django is set up, so that nothing of it is imported until a test asks.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

ROOT = "/api/v1"


class Api:
    """A client of the API. What fails inside comes back as the 500 that a stranger would get."""

    def __init__(self, token: str = "") -> None:
        from django.test import Client

        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> Any:
        """``body`` is bytes as they are, or anything as JSON; a list in ``query`` is repeated."""
        url = path if path.startswith("/") else f"{ROOT}/{path}"
        if query:
            url += f"?{urlencode(query, doseq=True)}"
        data = body if isinstance(body, bytes) else b"" if body is None else _json(body)
        return self.client.generic(
            method, url, data, "application/json", headers=self.headers | (headers or {})
        )

    def get(self, path: str, **query: Any) -> Any:
        return self.send("GET", path, **query)

    def post(self, path: str, body: Any = None, **rest: Any) -> Any:
        return self.send("POST", path, {} if body is None else body, **rest)

    def patch(self, path: str, body: Any, **rest: Any) -> Any:
        return self.send("PATCH", path, body, **rest)

    def delete(self, path: str, **rest: Any) -> Any:
        return self.send("DELETE", path, **rest)

    def ids(self, path: str, **query: Any) -> list[str]:
        """The ids (or slugs, or codes) of all rows of a list, in order."""
        found: list[str] = []
        answer = self.get(path, **query)
        while True:
            assert answer.status_code == 200, answer.content
            page = answer.json()
            found += [row.get("id") or row.get("slug") or row["code"] for row in page["results"]]
            if page["next"] is None:
                return found
            answer = self.send("GET", page["next"].removeprefix("http://testserver"))


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def forget_answers() -> None:
    """Have the service ask its database again: what a test writes past the services is no news to it."""
    from timeline.api import memory

    memory.MEMORY = memory.Memory()


def api_of(scope: str | None) -> Api:
    """A client with a token of this scope, or with none."""
    from tests.factories.people import token_for
    from timeline.models import Scope

    return Api(token_for(Scope(scope)) if scope else "")


@pytest.fixture
def anonymous(db: None) -> Api:
    """Ask without a login."""
    return Api()


@pytest.fixture
def reader(db: None) -> Api:
    return api_of("read")


@pytest.fixture
def writer(db: None) -> Api:
    return api_of("write")


@pytest.fixture
def publisher(db: None) -> Api:
    return api_of("publish")


@pytest.fixture
def admin_api(db: None) -> Api:
    return api_of("admin")


def is_problem(answer: Any) -> bool:
    """Whether a refusal is told as RFC 9457 has it, with the id of the request."""
    if answer.headers.get("Content-Type") != "application/problem+json":
        return False
    body = answer.json()
    return (
        body["status"] == answer.status_code
        and body["request_id"] == answer.headers["X-Request-ID"]
        and body["type"].startswith("/problems/")
    )
