"""django-ninja as its documentation builds it: schemas and a function for each address."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from ninja import Field, FilterSchema, NinjaAPI, Query, Schema

from benchmarks.peers.models import Event


class DateOut(Schema):
    edtf: str | None = Field(alias="date")
    text: str = Field(alias="date_text")
    start_min: int
    start_max: int
    end_min: int
    end_max: int


class PlaceOut(Schema):
    id: UUID = Field(alias="uuid")
    name: str
    country: str
    latitude: float | None
    longitude: float | None


class ActorOut(Schema):
    id: UUID = Field(alias="uuid")
    name: str
    kind: str
    identity: str
    count: int | None


class SourceOut(Schema):
    id: UUID = Field(alias="uuid")
    title: str
    kind: str
    publisher: str
    url: str | None
    published: DateOut

    @staticmethod
    def resolve_published(source: Any) -> Any:
        return source


class ParticipationOut(Schema):
    id: UUID = Field(alias="uuid")
    actor: ActorOut
    role: str = Field(alias="role.code")
    note: str
    outcome: str


class CitationOut(Schema):
    id: UUID = Field(alias="uuid")
    source: SourceOut
    bearing: str
    quote: str
    locator: str
    note: str
    anchor: str


class EventOut(Schema):
    id: UUID = Field(alias="uuid")
    version: int
    title: str
    summary: str
    kind: str | None = Field(None, alias="kind.code")
    date: DateOut | None
    place: PlaceOut | None
    status: str
    assessment: str
    sequence: int
    tags: list[str]
    dataset: str
    external_id: str
    extra: dict[str, Any]
    participations: list[ParticipationOut]
    citations: list[CitationOut]
    published_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_date(event: Any) -> Any:
        return None if event.undated else event

    @staticmethod
    def resolve_tags(event: Any) -> list[str]:
        return [tag.slug for tag in event.tags.all()]


class Filters(FilterSchema):
    actor: UUID | None = None
    kind: str | None = None
    start: int | None = None
    end: int | None = None
    word: str | None = None


api = NinjaAPI()


def asked(filters: Filters) -> Any:
    events = Event.objects.for_list()
    if filters.actor:
        events = events.involving(filters.actor)
    if filters.start is not None and filters.end is not None:
        events = events.overlapping(filters.start, filters.end)
    if filters.kind:
        events = events.filter(kind__code=filters.kind)
    return events.holding(filters.word) if filters.word else events


@api.get("/events", response=list[EventOut])
def list_events(
    request: Any, filters: Query[Filters], limit: int = 50, offset: int = 0
) -> list[Event]:
    return list(asked(filters)[offset : offset + limit])


@api.get("/count")
def count_events(request: Any, filters: Query[Filters]) -> int:
    return int(asked(filters).count())


@api.get("/events/{uuid}", response=EventOut)
def get_event(request: Any, uuid: UUID) -> Event:
    return get_object_or_404(Event.objects.for_list(), uuid=uuid)


urlpatterns = [path("", api.urls)]
