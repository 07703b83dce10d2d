"""What is read of an answer, whoever gives it, to be held against another's."""

from __future__ import annotations

import json
from uuid import UUID


def told(body: bytes) -> list[tuple[str, int, int, int]]:
    """The events of an answer in their order: id, and how many parts of each kind."""
    data = json.loads(body)
    rows = data if isinstance(data, list) else data.get("results", [data])
    return [
        (UUID(row["id"]).hex, *(len(row[n]) for n in ("participations", "citations", "tags")))
        for row in rows
    ]


def counted(body: bytes) -> int:
    """How many there are."""
    data = json.loads(body)
    while not isinstance(data, int):
        # A row in a list; an object of our own has the number under its name.
        data = data[0] if isinstance(data, list) else data.get("count", data.get("COUNT(*)"))
    return data


def facet_counts(body: bytes) -> list[int]:
    """The numbers, most first; of those that are equal the order is anybody's."""
    data = json.loads(body)
    if isinstance(data, list):
        return [number for _, number in data]
    return [facet["count"] for facets in data.values() for facet in facets]


def dated(body: bytes) -> int:
    """How many events are spread over the buckets, or have no end to be spread to."""
    data = json.loads(body)
    if isinstance(data, list):
        return sum(number for _, number in data)
    return round(sum(bucket["expected"] for bucket in data["buckets"])) + data["unplaced"]
