"""No public answer tells anything of what is not public, whichever way it is asked."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest

from tests.api.half_hidden import SECRET, World, make_world, questions
from tests.clients import Api, forget_answers

pytestmark = pytest.mark.django_db

# Of the request and not of the data.
TRANSIENT = ("X-Request-ID", "Date", "Set-Cookie")


def content(answer: Any) -> bytes:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            parts = {name: book.read(name) for name in book.namelist()}
        # When the workbook was written.
        parts.pop("docProps/core.xml", None)
        return repr(parts).encode()
    return re.sub(rb'"request_id": ?"[^"]*"', b"", body)


def everything_told(world: World) -> dict[str, tuple[int, dict[str, str], bytes]]:
    """The answers of a stranger, by what was asked."""
    api = Api()
    forget_answers()
    told = {}
    for address, query in questions(world):
        answer = api.get(address, **query)
        headers = {n: v for n, v in answer.headers.items() if n not in TRANSIENT}
        if answer.status_code >= 400:
            # Of a body that names the request.
            headers.pop("ETag", None)
        told[f"{address} {query}"] = answer.status_code, headers, content(answer)
    return told


def test_what_is_hidden_is_in_no_answer_and_changes_none() -> None:
    world = make_world()
    secrets = [SECRET.lower(), *world.ids()]

    before = everything_told(world)

    failures = {asked: status for asked, (status, _, _) in before.items() if status >= 500}
    assert not failures
    assert sum(status == 200 for status, _, _ in before.values()) > len(before) * 0.7
    leaks = []
    for asked, (_, headers, body) in before.items():
        text = f"{headers} {body.decode('utf-8', 'replace')}".lower()
        # What was asked comes back in links, refusals and explanations.
        # What was withdrawn was public once: the feed names it, and tells nothing of what it said.
        known = secrets[:1] if asked.startswith("/api/v1/changes") else secrets
        leaks += [(asked, s) for s in known if s in text and s not in asked.lower()]
        names = [r'"(title|name|text|quote|label)": ?"[^"]*' + SECRET, SECRET + " (quote|alias)"]
        leaks += [
            (asked, n)
            for n in names
            if re.search(n, text, re.IGNORECASE) and "explain" not in asked
        ]
    assert not leaks[:5]

    world.forget_the_hidden()
    after = everything_told(world)
    differing = {
        asked: (before[asked], after[asked]) for asked in before if before[asked] != after[asked]
    }
    assert not list(differing)[:20], next(iter(differing.values()))


def test_editors_see_the_other_half() -> None:
    """Proof that the walk above would find something: its questions reach what is hidden."""
    from tests.clients import api_of

    world = make_world()
    api = api_of("publish")
    for path in ("events", "actors", "places", "sources", "claims", "figures", "citations"):
        shown, everything = set(Api().ids(path)), set(api.ids(path))
        assert everything > shown
        assert (everything - shown) & set(world.ids())
    assert SECRET in api.get("search", q=SECRET).content.decode()
