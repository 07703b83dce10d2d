"""A source as a page tells it: what it is, what it rests on, and what it is cited for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import F

from timeline.models import Bearing, Citation, Source
from timeline.querysets.visibility import PUBLIC
from timeline.web.names import EventLink, link_to, name_of
from timeline.web.passages import BEARINGS, SourceLine, source_line

MOST = 500

_CITED = (
    "event",
    "participation__event",
    "participation__actor",
    "claim__speaker",
    "claim__about",
    "relation__subject",
    "relation__type",
    "relation__object",
    "affiliation__actor",
    "figure",
)


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage and what it is cited for: some words, an event to go to, and words after it."""

    quote: str
    locator: str
    note: str
    bearing: str
    what: str
    event: EventLink | None
    after: str


@dataclass(frozen=True, slots=True)
class Document:
    """Everything a page says of one source."""

    uuid: str
    line: SourceLine
    kind: str
    authors: list[str]
    language: str
    licence: str
    reliability: str
    origin: SourceLine | None
    derivatives: list[SourceLine]
    cited: list[Cited]
    text: str
    digest: str


def describe(source: Source) -> Document:
    """For a source that is known to be visible."""
    origin = source.derived_from
    copies = Source.objects.visible_to(PUBLIC).filter(derived_from=source).defer("text")
    text = source.text if source.text_is_public else ""
    return Document(
        uuid=str(source.uuid),
        line=source_line(source),
        kind=source.get_kind_display(),
        authors=[str(author) for author in source.authors],
        language=source.language,
        licence=source.licence,
        reliability=source.get_reliability_display() or "",
        origin=source_line(origin) if origin is not None and PUBLIC.sees(origin) else None,
        derivatives=[source_line(copy) for copy in copies.chronological()[:MOST]],
        cited=[_cited(citation) for citation in _passages(source)],
        text=text,
        digest=source.text_sha256 if text else "",
    )


def _passages(source: Source) -> list[Citation]:
    """In the order of the source."""
    public = Citation.objects.visible_to(PUBLIC).filter(source=source)
    # The databases differ about where NULL stands.
    first = F("position_start").asc(nulls_last=True)
    rows = public.select_related(*_CITED).order_by(first, "locator", "uuid")[:MOST]
    return sorted(rows, key=_place_in_source)


def _place_in_source(citation: Citation) -> tuple[bool, int, list[str | int]]:
    """The position, or the locator with its numbers counted: paragraph 10 is after paragraph 2."""
    parts = re.split(r"([0-9]+)", citation.locator)
    counted = [int(part) if at % 2 else part for at, part in enumerate(parts)]
    return citation.position_start is None, citation.position_start or 0, counted


def _cited(citation: Citation) -> Cited:
    what, event = _target(citation)
    relation = citation.relation
    return Cited(
        quote=citation.quote,
        locator=citation.locator,
        note=citation.note,
        bearing=BEARINGS.get(Bearing(citation.bearing), ""),
        what=what,
        event=event,
        after=f"{relation.type.label} “{relation.object.title}”" if relation else "",
    )


def _target(citation: Citation) -> tuple[str, EventLink | None]:
    """What the passage bears on. The citation is visible, and so is what it is cited for."""
    if citation.event is not None:
        return "", link_to(citation.event)
    if citation.participation is not None:
        taker = name_of(citation.participation.actor).text
        return f"the part of {taker} in", link_to(citation.participation.event)
    if citation.claim is not None:
        speaker = name_of(citation.claim.speaker).text
        return f"what {speaker} says: {citation.claim.text}", link_to(citation.claim.about)
    if citation.relation is not None:
        return "", link_to(citation.relation.subject)
    if citation.affiliation is not None:
        return f"the ties of {name_of(citation.affiliation.actor).text}", None
    return f"a figure: {citation.figure.measure}" if citation.figure else "", None
