"""Datasette as its documentation teaches: canned queries, with the nested lists as columns of JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.peers.sql import SQLITE, count, rows
from benchmarks.questions import Question

NESTED = ("extra", "date", "place", "tags", "participations", "citations")
# A question of each form; what it asks for is a parameter.
FORMS = {
    "window_and_actor": Question(actor="a", years=(0, 0)),
    "filtered": Question(actor="a", years=(0, 0), kind="k", word="w"),
    "window": Question(years=(0, 0)),
    "everything": Question(),
    "event": Question(event="e"),
}


def form_of(question: Question) -> str:
    if question.event:
        return "event"
    if question.word:
        return "filtered"
    if question.actor:
        return "window_and_actor"
    return "window" if question.years else "everything"


def write_metadata(folder: Path, name: str) -> Path:
    """Of a database that Datasette calls by the name of its file."""
    queries: dict[str, Any] = {name: {"sql": rows(SQLITE, form)} for name, form in FORMS.items()}
    queries["count"] = {"sql": count(SQLITE, FORMS["window"])}
    metadata = folder / "metadata.json"
    metadata.write_text(json.dumps({"databases": {name: {"queries": queries}}}))
    return metadata
