"""The parts of an event, as the formats show them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from timeline.formats.contract import Record
from timeline.formats.text import one_line

# The members of an event that the functions below read; of sources, those that nobody goes without.
PARTICIPANTS = ("participations.actor.name", "participations.role")
CITED = ("citations.source.id", "citations.source.url")
POINT = ("place.latitude", "place.longitude")
PLACE_NAME = ("place.name", "place.country")
NOT_NAMED = "someone not named"


def participants(event: Record) -> Iterator[str]:
    """Everyone who took part, each as "name (role)"."""
    for part in event.get("participations") or ():
        yield _participant((part.get("actor") or {}).get("name"), part.get("role"))


# The same actors take part again and again.
@lru_cache(maxsize=1024)
def _participant(actor: object, role: object) -> str:
    name = one_line(actor) or NOT_NAMED
    words = one_line(role).replace("_", " ")
    return f"{name} ({words})" if words else name


def sources(event: Record) -> list[Record]:
    """The sources cited for the event, each once."""
    cited = (citation.get("source") for citation in event.get("citations") or ())
    return list({source.get("id"): source for source in cited if source}.values())


def point(event: Record) -> tuple[float, float] | None:
    """Latitude and longitude of the place."""
    place = event.get("place")
    return _point(place.get("latitude"), place.get("longitude")) if place else None


@lru_cache(maxsize=1024)
def _point(latitude: object, longitude: object) -> tuple[float, float] | None:
    north, east = _degrees(latitude), _degrees(longitude)
    return None if north is None or east is None else (north, east)


def place_name(event: Record) -> str:
    """The place with its country."""
    place = event.get("place")
    return _named(place.get("name"), place.get("country")) if place else ""


@lru_cache(maxsize=1024)
def _named(place: object, country: object) -> str:
    return ", ".join(filter(None, (one_line(place), one_line(country))))


def _degrees(value: Any) -> float | None:
    try:
        degrees = float(value)
    except (TypeError, ValueError):
        return None
    return degrees if math.isfinite(degrees) else None
