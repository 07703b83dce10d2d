"""The columns of each kind of record."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from timeline.formats.parts import CITED, PARTICIPANTS, PLACE_NAME, POINT
from timeline.formats.tables import (
    Table,
    at,
    date,
    further_names,
    identifiers,
    members,
    named,
    names_of_participants,
    number,
    page,
    source_addresses,
    titled,
)

_TAIL = members("published_at", "updated_at", "version")

EVENTS: Final = Table(
    "events",
    {
        **members("id", "title", "summary", "kind"),
        "edtf": at("date.edtf"),
        "date": at("date.label"),
        "date_text": at("date.text"),
        "basis": at("date.basis"),
        "basis_note": at("date.basis_note"),
        "precision": at("date.precision"),
        "start_earliest": at("date.start.earliest"),
        "start_latest": at("date.start.latest"),
        "end_earliest": at("date.end.earliest"),
        "end_latest": at("date.end.latest"),
        "end_state": at("date.end_state"),
        "place": at("place.name"),
        "country": at("place.country"),
        "latitude": at("place.latitude"),
        "longitude": at("place.longitude"),
        "point_precision": at("place.point_precision"),
        **members("status", "assessment"),
        "participants": names_of_participants,
        "tags": at("tags"),
        "sources": source_addresses,
        **members("image", "dataset", "external_id"),
        "url": page("events"),
        **_TAIL,
    },
    (
        *("id", "title", "summary", "kind", "date", *PLACE_NAME, *POINT, "place.point_precision"),
        *("status", "assessment", *PARTICIPANTS, "tags", *CITED, "image"),
        *("dataset", "external_id", *_TAIL),
    ),
)

# The text of a source is no matter for a cell; its digest says which text it is.
SOURCES: Final = Table(
    "sources",
    {
        **members("id", "title", "kind", "authors", "publisher", "url", "archived_url"),
        **date("published", "published"),
        **members("retrieved_at", "language", "licence", "reliability"),
        **titled("derived_from"),
        "text_sha256": at("text_sha256"),
        "page": page("sources"),
        **_TAIL,
    },
)

ACTORS: Final = Table(
    "actors",
    {
        **members("id", "name", "kind", "identity", "count"),
        "names": further_names,
        "description": at("description"),
        "identifiers": identifiers,
        "url": page("actors"),
        **_TAIL,
    },
)

PLACES: Final = Table(
    "places",
    {
        **members("id", "name", "country", "region", "latitude", "longitude", "point_precision"),
        **named("parent"),
        "identifiers": identifiers,
        **_TAIL,
    },
)

CLAIMS: Final = Table(
    "claims",
    {
        "id": at("id"),
        **named("speaker"),
        **members("stance", "text"),
        **date("said_on", "said_on"),
        **titled("said_in"),
        **titled("about"),
        **members("about_field", "about_value", "status", "status_note"),
        **_TAIL,
    },
)

FIGURES: Final = Table(
    "figures",
    {
        **members("id", "measure"),
        "low": number("low"),
        "high": number("high"),
        **members("text", "unit", "population"),
        **named("place"),
        **date("period", "period"),
        **named("speaker"),
        **_TAIL,
    },
)

AFFILIATIONS: Final = Table(
    "affiliations",
    {
        "id": at("id"),
        **named("actor"),
        **members("type", "title"),
        **named("organisation"),
        **date("date", "date"),
        **_TAIL,
    },
)

RELATIONS: Final = Table(
    "relations",
    {
        "id": at("id"),
        **titled("subject"),
        "type": at("type"),
        **titled("object"),
        "note": at("note"),
        **_TAIL,
    },
)

CITATIONS: Final = Table(
    "citations",
    {
        "id": at("id"),
        **titled("source"),
        **members("bearing", "quote", "prefix", "suffix", "position_start", "position_end"),
        **members("locator", "note", "anchor"),
        **{
            f"{target}_id": at(f"{target}.id")
            for target in ("event", "participation", "claim", "relation", "affiliation", "figure")
        },
        **_TAIL,
    },
)

TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {
        table.name: table
        for table in (
            *(EVENTS, SOURCES, ACTORS, PLACES, CLAIMS, FIGURES),
            *(AFFILIATIONS, RELATIONS, CITATIONS),
        )
    }
)
