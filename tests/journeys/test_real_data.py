"""Sets of events that nobody here wrote load as they are, and every question is answered right.

The files lie beside the checkout and not in its history; without them these tests say so and skip.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from timeline.models import Origin
from timeline.services.access import the_command_line
from timeline.services.imports import run_import

DATA = Path(__file__).parents[3] / "shared" / "data"
SETS = sorted(path.name.removesuffix(".jsonl") for path in DATA.glob("*.jsonl"))

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SETS, reason=f"there are no sets of events in {DATA}"),
]


def load(name: str) -> list[dict[str, Any]]:
    """Import a set and publish it; the questions about it."""
    with (DATA / f"{name}.jsonl").open("rb") as file:
        report = run_import(file, by=the_command_line(origin=Origin.IMPORT), publish=True)
    expected = json.loads((DATA / f"{name}.expected.json").read_text())
    assert report.created == expected["records"]
    return expected["questions"]


def ask(path: str, **parameters: Any) -> dict[str, Any]:
    answer = Client().get(f"/api/v1/{path}", parameters)
    assert answer.status_code == 200, answer.content
    return answer.json()


def everything(name: str, fields: str) -> Iterator[dict[str, Any]]:
    """Every event of a set, page by page."""
    page = ask("events", dataset=name, fields=fields, page_size=200)
    yield from page["results"]
    while page["next"]:
        page = Client().get(page["next"]).json()
        yield from page["results"]


def window(bounds: list[str]) -> str:
    first, last = bounds
    return first if first == last else f"{first}/{last}"


def parameters(query: dict[str, Any]) -> dict[str, Any]:
    """The question in the words of the API."""
    asked: dict[str, Any] = {}
    words = []
    for name, value in query.items():
        match name:
            case "overlaps":
                asked["overlapping"] = window(value)
            case "within":
                asked |= {"within": window(value), "match": "certain"}
            case "text":
                words.append(f'"{value}"')
            case "word":
                words.append(value)
            case "tag":
                asked["tag"] = value
            case "actor_role":
                asked["role"] = value
            case "actor_and_role":
                actor, role = value
                found = ask("actors", name=actor, fields="id")["results"]
                asked |= {"actor": [one["id"] for one in found], "role": role}
            case "source_domain":
                asked["publisher"] = value
            case "extra":
                asked |= {f"extra.{key}": json.dumps(one) for key, one in value.items()}
            case _:
                pytest.fail(f"the question “{name}” is not known here")
    return asked | ({"q": " ".join(words)} if words else {})


def answer(name: str, query: dict[str, Any]) -> Any:
    match query:
        case {"agg": "group", "field": "year"}:
            starts = (row["date"]["start"]["earliest"] for row in everything(name, "date"))
            return dict(Counter(start[:4] for start in starts))
        case {"agg": "distinct", "field": "actor"}:
            rows = everything(name, "participations.actor.id")
            return len({p["actor"]["id"] for row in rows for p in row["participations"]})
        case {"agg": "distinct", "field": "external_id"}:
            return len({row["external_id"] for row in everything(name, "external_id")})
        case {"agg": "distinct", "field": "source_url"}:
            rows = everything(name, "citations.source.url")
            return len({c["source"]["url"] for row in rows for c in row["citations"]})
        case {"agg": "total", "field": "sources"}:
            return sum(len(row["citations"]) for row in everything(name, "citations.id"))
        case {"min_sources": least}:
            rows = everything(name, "citations.id")
            return sum(len(row["citations"]) >= least for row in rows)
        case _:
            found = ask("events", dataset=name, count="true", page_size=1, **parameters(query))
            return found["count"]


@pytest.mark.parametrize("name", SETS)
def test_every_question_about_a_set_of_events_is_answered_right(name: str) -> None:
    wrong = {
        question["ask"]: (found, question["expect"])
        for question in load(name)
        if (found := answer(name, question["query"])) != question["expect"]
    }
    assert not wrong


@pytest.mark.parametrize("name", [name for name in SETS if name == "mitre"])
def test_importing_a_set_twice_changes_nothing(name: str) -> None:
    load(name)
    with (DATA / f"{name}.jsonl").open("rb") as file:
        again = run_import(file, by=the_command_line(origin=Origin.IMPORT), publish=True)
    assert (again.created, again.updated, again.rejected) == (0, 0, 0)
