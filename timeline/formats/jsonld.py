"""JSON-LD: events of schema.org in one graph, dated by the Linked Pasts ontology.

``startDate`` and ``endDate`` are there only where EDTF level 0, and so plain ISO 8601, says the
whole date; what is less certain is in ``when`` alone. The context is in the file: a reader needs
no network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from orjson import Fragment

from timeline.formats.contract import Context, Record, gathered
from timeline.formats.json_text import dump, without_none, written
from timeline.formats.linked_places import when_member
from timeline.formats.parts import PARTICIPANTS, PLACE_NAME, POINT, point
from timeline.formats.prose import to_plain
from timeline.formats.text import as_words, legible, one_line, web_address
from timeline.formats.when import iso_day, read_when

READS = (
    *("id", "title", "summary", "kind", "date", "status", "assessment", "tags", "image"),
    *("place.id", *PLACE_NAME, *POINT, *PARTICIPANTS, "participations.actor.id"),
    *("participations.actor.kind", "participations.note", "participations.outcome"),
    *(f"citations.{member}" for member in ("id", "bearing", "quote", "locator", "note")),
    *(f"citations.source.{member}" for member in ("id", "title", "kind", "publisher", "url")),
    "citations.source.published.edtf",
)
_LPO = "https://github.com/LinkedPasts/linked-pasts-ontology/blob/main/lpo_latest.ttl#"
_IRI = {"@type": "@id"}

CONTEXT: Final = MappingProxyType(
    {
        # With http, as the context that schema.org publishes expands it.
        "@vocab": "http://schema.org/",
        "lpo": _LPO,
        "cito": "http://purl.org/spar/cito/",
        "url": _IRI,
        "image": _IRI,
        "eventStatus": _IRI,
        "when": "lpo:when",
        "timespans": {"@id": "lpo:timespan", "@container": "@set"},
        "start": "lpo:has_start",
        "end": "lpo:has_end",
        "earliest": "lpo:earliest",
        "latest": "lpo:latest",
        "certainty": "lpo:has_certainty",
        "label": "http://www.w3.org/2000/01/rdf-schema#label",
        # A passage and what it does to the event.
        "supports": {"@id": "cito:supports", **_IRI},
        "disputes": {"@id": "cito:disputes", **_IRI},
        "mentions": _IRI,
    }
)

_ACTORS = {
    "person": "Person",
    "organisation": "Organization",
    "government": "GovernmentOrganization",
}
_SOURCES = {
    "article": "NewsArticle",
    "report": "Report",
    "legislation": "Legislation",
    "book": "Book",
    "web_page": "WebPage",
    "social_media": "SocialMediaPosting",
    "video": "VideoObject",
    "image": "ImageObject",
    "dataset": "Dataset",
}
_STATUSES = {
    "planned": "http://schema.org/EventScheduled",
    "postponed": "http://schema.org/EventPostponed",
    "cancelled": "http://schema.org/EventCancelled",
}
_BEARINGS = ("supports", "disputes", "mentions")


@gathered
def write_jsonld(records: Iterable[Record], context: Context) -> Iterator[bytes]:
    yield b'{"@context":' + dump(dict(CONTEXT)) + b',"@graph":['
    separator = b"\n"
    for record in records:
        yield separator + dump(node(record, context))
        separator = b",\n"
    yield b"\n]}\n"


def node(event: Record, context: Context) -> dict[str, Any]:
    """The event as a node of the graph."""
    name = f"urn:uuid:{event.get('id')}"
    when = read_when(event.get("date"))
    first, last = when.iso_dates if when else ("", "")
    return without_none(
        {
            "@id": name,
            "@type": "Event",
            "identifier": event.get("id"),
            "url": web_address(context.page("events", event)),
            "name": one_line(event.get("title")),
            "description": to_plain(event.get("summary")),
            "additionalType": event.get("kind"),
            "startDate": first,
            "endDate": last,
            "when": when_member(when) if when else None,
            "eventStatus": _STATUSES.get(str(event.get("status"))),
            "location": _location(event),
            "actor": [_role(part, context) for part in event.get("participations") or ()],
            "keywords": event.get("tags"),
            "image": web_address(event.get("image")),
            "subjectOf": _works(event, name, context),
            "additionalProperty": _properties(event),
        }
    )


def _location(event: Record) -> Fragment | None:
    place = event.get("place")
    if not place:
        return None
    return _place(place.get("id"), place.get("name"), place.get("country"), point(event))


# The same places, actors and words come again and again, and are written once.
@lru_cache(maxsize=1024)
def _place(
    identity: object, name: object, country: object, where: tuple[float, float] | None
) -> Fragment:
    coordinates = (
        {"@type": "GeoCoordinates", "latitude": where[0], "longitude": where[1]} if where else None
    )
    place = {
        "@type": "Place",
        "@id": f"urn:uuid:{identity}",
        "name": one_line(name),
        "address": without_none({"@type": "PostalAddress", "addressCountry": country}),
        "geo": coordinates,
    }
    return written(without_none(place))


def _role(part: Record, context: Context) -> dict[str, Any]:
    """Who took part, in what role: schema.org puts a Role between the two."""
    actor = part.get("actor") or {}
    role = {
        **_named_role(part.get("role")),
        "actor": _actor(actor.get("id"), actor.get("name"), actor.get("kind"), context),
    }
    note, outcome = part.get("note"), part.get("outcome")
    if note or outcome:
        said = "; ".join(filter(None, map(one_line, (note, outcome))))
        role |= without_none({"description": said})
    return role


@lru_cache(maxsize=1024)
def _named_role(role: object) -> dict[str, Any]:
    return without_none({"@type": "Role", "roleName": as_words(role)})


@lru_cache(maxsize=2048)
def _actor(identity: object, name: object, kind: object, context: Context) -> Fragment:
    actor = {
        "@type": _ACTORS.get(str(kind), "Thing"),
        "@id": f"urn:uuid:{identity}" if identity else None,
        "name": one_line(name),
        "url": web_address(context.page("actors", {"id": identity})),
    }
    return written(without_none(actor))


def _works(event: Record, name: str, context: Context) -> list[dict[str, Any]]:
    """The sources, each with the passages cited from it."""
    works: dict[Any, dict[str, Any]] = {}
    for citation in event.get("citations") or ():
        source = citation.get("source")
        if source:
            identity = source.get("id")
            if identity not in works:
                works[identity] = _work(source, context)
            works[identity]["hasPart"].append(_passage(citation, name))
    return list(works.values())


def _work(source: Record, context: Context) -> dict[str, Any]:
    published = source.get("published")
    work: dict[str, Any] = {
        "@type": _SOURCES.get(str(source.get("kind")), "CreativeWork"),
        "@id": f"urn:uuid:{source.get('id')}",
        "name": one_line(source.get("title")),
        "url": web_address(source.get("url")) or web_address(context.page("sources", source)),
        "publisher": _publisher(source.get("publisher")),
        "datePublished": iso_day(published.get("edtf")) if published else None,
    }
    work = work if all(work.values()) else without_none(work)
    work["hasPart"] = []
    return work


@lru_cache(maxsize=1024)
def _publisher(publisher: object) -> Fragment | None:
    name = one_line(publisher)
    return written({"@type": "Organization", "name": name}) if name else None


def _passage(citation: Record, event: str) -> dict[str, Any]:
    bearing = citation.get("bearing")
    passage = {"@type": "Quotation", "@id": f"urn:uuid:{citation.get('id')}"}
    if quote := legible(citation.get("quote")):
        passage["text"] = quote
    if locator := one_line(citation.get("locator")):
        passage["position"] = locator
    if note := legible(citation.get("note")):
        passage["description"] = note
    passage[bearing if bearing in _BEARINGS else "mentions"] = event
    return passage


def _properties(event: Record) -> list[Fragment]:
    """What schema.org has no word for."""
    date = event.get("date") or {}
    return [
        _property(name, value)
        for name, value in (
            ("status", event.get("status")),
            ("assessment", event.get("assessment")),
            ("edtf", date.get("edtf")),
            ("date basis", date.get("basis")),
            ("date basis note", date.get("basis_note")),
        )
        if value
    ]


@lru_cache(maxsize=1024)
def _property(name: str, value: object) -> Fragment:
    return written({"@type": "PropertyValue", "propertyID": name, "value": legible(value)})
