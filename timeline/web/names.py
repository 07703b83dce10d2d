"""How actors, places and other events are named on a page, with a link where there is one."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from timeline.models import Actor, Event, Identity, Place, PointPrecision
from timeline.querysets.visibility import PUBLIC
from timeline.web.dates import When, when

IDENTITIES = {Identity.PSEUDONYM: "pseudonym", Identity.UNNAMED: "not named"}


@dataclass(frozen=True, slots=True)
class Name:
    """An actor's name; ``mark`` says what it is worth."""

    text: str
    url: str
    mark: str


@dataclass(frozen=True, slots=True)
class EventLink:
    """Another event, by title and date."""

    title: str
    url: str
    when: When | None


def name_of(actor: Actor) -> Name:
    """For an actor that is known to be visible."""
    marks = [IDENTITIES.get(Identity(actor.identity), "")]
    if actor.count:
        marks.append(f"{actor.count:,} in number")
    url = reverse("web:actor", args=[actor.uuid])
    return Name(actor.name, url, ", ".join(mark for mark in marks if mark))


def link_to(event: Event | None) -> EventLink | None:
    """A link to the event, if a stranger may follow it."""
    if event is None or not PUBLIC.sees(event):
        return None
    return EventLink(event.title, reverse("web:event", args=[event.uuid]), when(event))


def place_name(place: Place | None) -> str:
    """The place, and the next larger one that is public."""
    if place is None or not PUBLIC.sees(place):
        return ""
    around = place.parent
    if around is not None and PUBLIC.sees(around):
        return f"{place.name}, {around.name}"
    larger = place.region
    if not larger and place.point_precision != PointPrecision.COUNTRY:
        larger = place.country
    return f"{place.name}, {larger}" if larger else place.name
