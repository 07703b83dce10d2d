"""An event as a page tells it. Templates get these and never records, so that nothing they
print can lead to what the public may not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from timeline.models import Assessment, Event, Participation, Status
from timeline.web.dates import When, when
from timeline.web.markup import host_of, to_html, web_address
from timeline.web.names import EventLink, Name, link_to, name_of, place_name
from timeline.web.passages import Passage, passages
from timeline.web.statements import Testimony, testimonies

DOUBTED = {Assessment.ALLEGED, Assessment.DISPUTED, Assessment.REFUTED}


@dataclass(frozen=True, slots=True)
class Badge:
    """A word beside the title; ``tone`` is how it is set."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in a role, and what became of them."""

    name: Name
    role: str
    note: str
    outcome: str
    passages: list[Passage]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another event: “this ``how`` that”, or where it is ``first``, “that ``how`` this”."""

    how: str
    event: EventLink
    first: bool
    note: str
    passages: list[Passage]


@dataclass(frozen=True, slots=True)
class Telling:
    """Everything a page says of one event."""

    uuid: str
    url: str
    title: str
    summary: SafeString
    when: When | None
    kind: str
    place: str
    badges: list[Badge]
    tags: list[str]
    picture: str
    picture_host: str
    participants: list[tuple[str, list[Participant]]]
    neighbours: list[Neighbour]
    passages: list[Passage]
    testimony: Testimony
    note: str


def tell(events: Sequence[Event], notes: dict[int, str] | None = None) -> list[Telling]:
    """Tell events that were read by :func:`timeline.web.reading.events`."""
    said = testimonies(events)
    return [_tell(event, said[event.pk], (notes or {}).get(event.pk, "")) for event in events]


def _tell(event: Event, testimony: Testimony, note: str) -> Telling:
    picture = web_address(event.image)
    return Telling(
        uuid=str(event.uuid),
        url=reverse("web:event", args=[event.uuid]),
        title=event.title,
        summary=to_html(event.summary),
        when=when(event),
        kind=event.kind.label if event.kind else "",
        place=place_name(event.place),
        badges=list(badges(event)),
        tags=sorted(tag.label for tag in event.tags.all()),
        picture=picture,
        picture_host=host_of(picture),
        participants=_by_role(event.participations.all()),
        neighbours=_neighbours(event),
        passages=passages(event.citations.all()),
        testimony=testimony,
        note=note,
    )


def badges(event: Event) -> Iterable[Badge]:
    """What a reader must not overlook: that it is not over, not sure, or not so."""
    if event.status != Status.OCCURRED:
        yield Badge(event.get_status_display(), "status")
    if event.assessment != Assessment.UNASSESSED:
        tone = "doubt" if event.assessment in DOUBTED else "trust"
        yield Badge(event.get_assessment_display(), tone)


def _by_role(rows: Iterable[Participation]) -> list[tuple[str, list[Participant]]]:
    roles: dict[str, list[Participant]] = {}
    for row in rows:
        roles.setdefault(row.role.label, []).append(
            Participant(
                name=name_of(row.actor),
                role=row.role.label,
                note=row.note,
                outcome=row.outcome,
                passages=passages(row.citations.all()),
            )
        )
    return list(roles.items())


def _neighbours(event: Event) -> list[Neighbour]:
    ways = [(row, row.object, False) for row in event.relations_out.all()]
    ways += [(row, row.subject, True) for row in event.relations_in.all()]
    return [
        Neighbour(row.type.label, link, first, row.note, passages(row.citations.all()))
        for row, other, first in ways
        if (link := link_to(other)) is not None
    ]
