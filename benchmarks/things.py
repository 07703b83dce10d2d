"""What a generated world is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Place:
    uuid: UUID
    name: str
    country: str
    region: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Actor:
    uuid: UUID
    name: str
    kind: str
    identity: str
    publication: str
    protected: bool


@dataclass(frozen=True, slots=True)
class Source:
    uuid: UUID
    title: str
    kind: str
    publisher: str
    url: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Tag:
    uuid: UUID
    slug: str


@dataclass(frozen=True, slots=True)
class Participation:
    uuid: UUID
    actor: int
    role: str
    note: str


@dataclass(frozen=True, slots=True)
class Citation:
    uuid: UUID
    source: int
    quote: str
    locator: str


@dataclass(frozen=True, slots=True)
class Event:
    """Actors, sources, places and tags are named by their number in the world, from 0."""

    number: int
    uuid: UUID
    title: str
    summary: str
    kind: str | None
    date: str | None
    date_text: str
    place: int | None
    status: str
    assessment: str
    sequence: int
    extra: dict[str, object]
    publication: str
    at: datetime
    participations: tuple[Participation, ...]
    citations: tuple[Citation, ...]
    tags: tuple[int, ...]

    @property
    def external_id(self) -> str:
        return f"b{self.number:07}"

    @property
    def is_published(self) -> bool:
        return self.publication == "published"
