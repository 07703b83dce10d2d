"""The parts of an event, as the formats show them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from timeline.formats.contract import Record
from timeline.formats.text import one_line


def participants(event: Record) -> Iterator[str]:
    """Everyone who took part, each as "name (role)"."""
    for part in event.get("participations") or ():
        name = one_line((part.get("actor") or {}).get("name")) or "someone not named"
        role = one_line(part.get("role")).replace("_", " ")
        yield f"{name} ({role})" if role else name


def sources(event: Record) -> list[Record]:
    """The sources cited for the event, each once."""
    cited = (citation.get("source") for citation in event.get("citations") or ())
    return list({source.get("id"): source for source in cited if source}.values())


def point(event: Record) -> tuple[float, float] | None:
    """Latitude and longitude of the place."""
    place = event.get("place") or {}
    latitude, longitude = _degrees(place.get("latitude")), _degrees(place.get("longitude"))
    return None if latitude is None or longitude is None else (latitude, longitude)


def place_name(event: Record) -> str:
    """The place with its country."""
    place = event.get("place") or {}
    return ", ".join(filter(None, (one_line(place.get("name")), one_line(place.get("country")))))


def _degrees(value: Any) -> float | None:
    try:
        degrees = float(value)
    except (TypeError, ValueError):
        return None
    return degrees if math.isfinite(degrees) else None
