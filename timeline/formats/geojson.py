"""GeoJSON (RFC 7946): a FeatureCollection, streamed feature by feature.

An event without a point has the geometry null. Beside the properties, which are flat, a feature
has the member ``when`` of GeoJSON-T. Instants are ISO 8601 with astronomical years.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from timeline.formats.contract import Context, Record, gathered
from timeline.formats.json_text import dump, without_none
from timeline.formats.linked_places import when_member
from timeline.formats.parts import CITED, PARTICIPANTS, participants, point, sources
from timeline.formats.text import web_address
from timeline.formats.when import read_when

_COPIED = (
    *("title", "summary", "kind", "status", "assessment", "sequence", "tags", "image"),
    *("dataset", "external_id", "extra", "published_at", "updated_at", "version"),
)
READS = (*_COPIED, "id", "date", "place", *PARTICIPANTS, *CITED)


@gathered
def write_geojson(records: Iterable[Record], context: Context) -> Iterator[bytes]:
    head = without_none(
        {
            "title": context.title,
            "description": context.description,
            "self": context.self_url,
            "updated": context.updated,
        }
    )
    # The features come last, so that a reader has the rest before the stream.
    yield dump({"type": "FeatureCollection", **head})[:-1] + b',"features":['
    separator = b"\n"
    for record in records:
        yield separator + dump(feature(record, context))
        separator = b",\n"
    yield b"\n]}\n"


def feature(event: Record, context: Context) -> dict[str, Any]:
    """The event as a Feature."""
    where = point(event)
    shown = {
        "type": "Feature",
        "id": event.get("id"),
        "geometry": {"type": "Point", "coordinates": [where[1], where[0]]} if where else None,
        "properties": _properties(event, context),
    }
    when = read_when(event.get("date"))
    if when:
        shown["when"] = when_member(when)
    return shown


def _properties(event: Record, context: Context) -> dict[str, Any]:
    date, place = event.get("date") or {}, event.get("place") or {}
    start, end = date.get("start") or {}, date.get("end") or {}
    return {
        **{name: event.get(name) for name in _COPIED},
        "url": context.page("events", event),
        "edtf": date.get("edtf"),
        "date": date.get("label"),
        "date_text": date.get("text"),
        "basis": date.get("basis"),
        "precision": date.get("precision"),
        "start_earliest": start.get("earliest"),
        "start_latest": start.get("latest"),
        "end_earliest": end.get("earliest"),
        "end_latest": end.get("latest"),
        "end_state": date.get("end_state"),
        "place": place.get("name"),
        "place_id": place.get("id"),
        "country": place.get("country"),
        "point_precision": place.get("point_precision"),
        "participants": list(participants(event)),
        "sources": [
            web_address(source.get("url")) or context.page("sources", source)
            for source in sources(event)
        ],
    }
