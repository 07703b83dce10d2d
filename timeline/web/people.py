"""An actor as a page tells it: names, ties, and what it did and said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from timeline.models import Actor, ActorName
from timeline.web import reading
from timeline.web.amounts import Amount, amount
from timeline.web.dates import When, when
from timeline.web.markup import language_tag, to_html
from timeline.web.names import EventLink, Name, link_to, name_of
from timeline.web.passages import Passage, passages
from timeline.web.statements import Statement, statement

# A page shows the first of what can be very many; the API has them all.
MOST = 200

_WIKIDATA = re.compile(r"Q[1-9]\d*")


@dataclass(frozen=True, slots=True)
class FurtherName:
    """Another name, in the script it is written in."""

    text: str
    language: str
    kind: str
    when: When | None


@dataclass(frozen=True, slots=True)
class Tie:
    """An affiliation: “this ``how`` that”, or where the other is ``first``, “that ``how`` this”."""

    how: str
    other: Name
    first: bool
    title: str
    when: When | None
    passages: list[Passage]


@dataclass(frozen=True, slots=True)
class Part:
    """A role in an event."""

    event: EventLink | None
    role: str
    note: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything a page says of one actor."""

    uuid: str
    url: str
    name: Name
    kind: str
    description: SafeString
    names: list[FurtherName]
    identifiers: list[tuple[str, str, str]]
    ties: list[Tie]
    parts: list[Part]
    statements: list[Statement]
    amounts: list[Amount]


def portray(actor: Actor) -> Portrait:
    """For an actor that is known to be visible, with its visible names."""
    parts = reading.participations().filter(actor=actor)[:MOST]
    return Portrait(
        uuid=str(actor.uuid),
        url=reverse("web:actor", args=[actor.uuid]),
        name=name_of(actor),
        kind=actor.get_kind_display(),
        description=to_html(actor.description),
        names=[_name(name) for name in actor.names.all()],
        identifiers=[_identifier(key, value) for key, value in sorted(actor.identifiers.items())],
        ties=_ties(actor),
        parts=[
            Part(link_to(part.event), part.role.label, part.note, part.outcome) for part in parts
        ],
        statements=[statement(one) for one in reading.claims().filter(speaker=actor)[:MOST]],
        amounts=[amount(one) for one in reading.figures().filter(speaker=actor)[:MOST]],
    )


def _name(name: ActorName) -> FurtherName:
    return FurtherName(name.text, language_tag(name.language), name.get_kind_display(), when(name))


def _identifier(scheme: str, value: object) -> tuple[str, str, str]:
    """Scheme, value and where to look it up, if that is known."""
    text = str(value)
    known = scheme == "wikidata" and _WIKIDATA.fullmatch(text)
    return scheme, text, f"https://www.wikidata.org/wiki/{text}" if known else ""


def _ties(actor: Actor) -> list[Tie]:
    to = reading.affiliations().filter(actor=actor)[:MOST]
    of = reading.affiliations().filter(organisation=actor)[:MOST]
    ways = [(row, row.organisation, False) for row in to]
    ways += [(row, row.actor, True) for row in of]
    return [
        Tie(
            how=row.type.label,
            other=name_of(other),
            first=first,
            title=row.title,
            when=when(row),
            passages=passages(row.citations.all()),
        )
        for row, other, first in ways
    ]
