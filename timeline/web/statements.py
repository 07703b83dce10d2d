"""Claims as a page tells them: who says what, and those that contradict each other as rivals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from django.db.models import Q

from timeline.db.dates import read_edtf
from timeline.models import Claim, ClaimLink, ClaimStatus, Event, LinkType
from timeline.querysets.visibility import PUBLIC
from timeline.temporal import EdtfError
from timeline.web import reading
from timeline.web.dates import When, when
from timeline.web.names import EventLink, Name, link_to, name_of
from timeline.web.passages import Passage, passages

STATUSES = {
    ClaimStatus.ACCEPTED: "Accepted",
    ClaimStatus.DISPUTED: "Disputed",
    ClaimStatus.REFUTED: "Refuted",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim, in full."""

    uuid: str
    speaker: Name
    verb: str
    text: str
    when: When | None
    said_in: EventLink | None
    about: EventLink | None
    value: str
    status: str
    status_note: str
    passages: list[Passage]
    contradicts: list[Rival] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rival:
    """Who says otherwise, and where that stands on the page."""

    claim: str
    speaker: str


@dataclass(frozen=True, slots=True)
class Rivals:
    """Statements that cannot all be true: what is accepted first, then in the order of saying.

    ``about`` is the field of the event on which they differ, where they name one.
    """

    about: str
    statements: list[Statement]


@dataclass(slots=True)
class Testimony:
    """What is said about an event or at it: rivals side by side, then the rest.

    A page tells each statement once; ``elsewhere`` are those that it tells at another event.
    """

    rivals: list[Rivals] = field(default_factory=list)
    others: list[Statement] = field(default_factory=list)
    elsewhere: list[Statement] = field(default_factory=list)


def testimonies(events: Iterable[Event]) -> dict[int, Testimony]:
    """What is claimed about each of these events, by key, in a fixed number of queries."""
    told = {event.pk: Testimony() for event in events}
    found = list(reading.claims().filter(Q(about__in=told) | Q(said_in__in=told)))
    pairs = _contradictions(found)
    known = {claim.pk: claim for claim in found}
    strangers = {key for pair in pairs for key in pair} - known.keys()
    if strangers:
        known |= {claim.pk: claim for claim in reading.claims().filter(pk__in=strangers)}
    for keys in _groups(found, pairs):
        group = sorted((known[key] for key in keys), key=_standing)
        places = [claim.about_id for claim in group] + [claim.said_in_id for claim in group]
        home = next(place for place in places if place in told)
        statements = [
            statement(claim, at=home, contradicts=_contradicted(claim, group, pairs))
            for claim in group
        ]
        if len(group) > 1:
            told[home].rivals.append(Rivals(_matter(group, home), statements))
        else:
            told[home].others += statements
        for claim, one in zip(group, statements, strict=True):
            for place in {claim.about_id, claim.said_in_id} & told.keys() - {home}:
                told[place].elsewhere.append(one)
    return told


def _contradictions(found: list[Claim]) -> list[tuple[int, int]]:
    links = ClaimLink.objects.visible_to(PUBLIC).filter(type=LinkType.CONTRADICTS)
    mine = [claim.pk for claim in found]
    return list(
        links.filter(Q(claim__in=mine) | Q(other__in=mine))
        .order_by("claim__uuid", "position")
        .values_list("claim_id", "other_id")
    )


def _groups(found: list[Claim], pairs: list[tuple[int, int]]) -> Iterable[list[int]]:
    """Each claim with those that contradict it, directly or through another."""
    leader = {claim.pk: claim.pk for claim in found}

    def led_by(key: int) -> int:
        while leader.setdefault(key, key) != key:
            key = leader[key]
        return key

    for one, other in [*pairs, *_different_values(found)]:
        leader[led_by(other)] = led_by(one)
    groups: dict[int, list[int]] = {}
    for key in list(leader):
        groups.setdefault(led_by(key), []).append(key)
    return groups.values()


def _different_values(found: list[Claim]) -> Iterator[tuple[int, int]]:
    """Claims that give one field of one event different values."""
    fields: dict[tuple[int | None, str], list[Claim]] = {}
    for claim in found:
        if claim.about_value:
            fields.setdefault((claim.about_id, claim.about_field), []).append(claim)
    for claims in fields.values():
        if len({claim.about_value for claim in claims}) > 1:
            yield from ((claims[0].pk, claim.pk) for claim in claims[1:])


def _contradicted(claim: Claim, group: list[Claim], pairs: list[tuple[int, int]]) -> list[Rival]:
    """Whom ``claim`` contradicts, where that does not go without saying: of three or more."""
    if len(group) <= 2:
        return []
    linked = {other for pair in pairs if claim.pk in pair for other in pair} - {claim.pk}
    return [
        Rival(str(other.uuid), other.speaker.name)
        for other in group
        if other.pk in linked or _other_value(claim, other)
    ]


def _other_value(one: Claim, other: Claim) -> bool:
    same = (one.about_id, one.about_field) == (other.about_id, other.about_field)
    values = one.about_value, other.about_value
    return same and all(values) and values[0] != values[1]


def _matter(group: list[Claim], home: int) -> str:
    """The one field of the event at which they are told on which all of them speak, or nothing."""
    about = {(claim.about_id, claim.about_field) for claim in group}
    return group[0].about_field.replace("_", " ") if about == {(home, group[0].about_field)} else ""


def _standing(claim: Claim) -> tuple[bool, bool, int, str]:
    """What the editors accept first, then in the order of saying."""
    accepted = claim.status == ClaimStatus.ACCEPTED
    return not accepted, claim.undated, claim.sort_key, str(claim.uuid)


def statement(claim: Claim, at: int | None = None, contradicts: Iterable[Rival] = ()) -> Statement:
    """For a claim that is known to be visible; ``at`` is the event under which it is told."""
    return Statement(
        uuid=str(claim.uuid),
        speaker=name_of(claim.speaker),
        verb=claim.get_stance_display().lower(),
        text=claim.text,
        when=when(claim),
        said_in=None if claim.said_in_id == at else link_to(claim.said_in),
        about=None if claim.about_id == at else link_to(claim.about),
        value=_value(claim),
        status=STATUSES.get(ClaimStatus(claim.status), ""),
        status_note=claim.status_note,
        passages=passages(claim.citations.all()),
        contradicts=list(contradicts),
    )


def _value(claim: Claim) -> str:
    """What it gives for a field of the event, such as “date: about August 2019”."""
    # What it says of an event that is not public is not told apart.
    if not claim.about_value or link_to(claim.about) is None:
        return ""
    given = claim.about_value
    if claim.about_field == "date":
        with suppress(EdtfError):
            given = read_edtf(given).label
    return f"{claim.about_field.replace('_', ' ')}: {given}"
