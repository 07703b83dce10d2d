"""On whose word: the passages that are cited for a record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from timeline.models import Bearing, Citation, Source
from timeline.web.dates import When, when
from timeline.web.markup import host_of, language_tag, web_address

BEARINGS = {Bearing.DISPUTES: "disputes this", Bearing.MENTIONS: "mentions this"}


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A document in one line; ``outside`` is where it can be read, ``kept`` where a copy is."""

    title: str
    publisher: str
    when: When | None
    url: str
    outside: str
    host: str
    kept: str
    language: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotation from a source, or a place in it."""

    source: SourceLine
    quote: str
    locator: str
    note: str
    bearing: str


def source_line(source: Source) -> SourceLine:
    outside = web_address(source.url)
    return SourceLine(
        title=source.title,
        publisher=source.publisher,
        when=when(source),
        url=reverse("web:source", args=[source.uuid]),
        outside=outside,
        host=host_of(outside),
        kept=web_address(source.archived_url),
        language=language_tag(source.language),
    )


def passages(citations: Iterable[Citation]) -> list[Passage]:
    """For citations that are known to be visible."""
    return [
        Passage(
            source=source_line(citation.source),
            quote=citation.quote,
            locator=citation.locator,
            note=citation.note,
            bearing=BEARINGS.get(Bearing(citation.bearing), ""),
        )
        for citation in citations
    ]
