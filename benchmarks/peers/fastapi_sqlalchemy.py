"""FastAPI with SQLAlchemy, as the two teach it: mapped classes, a session for each request."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import JSON, ForeignKey, create_engine, exists, func, or_, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    contains_eager,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)

URL = os.environ["DATABASE_URL"]
if URL.startswith("postgres"):
    engine = create_engine("postgresql+psycopg://" + URL.partition("://")[2])
else:
    # The SQLite of the project, so that all are asked by the same.
    import pysqlite3

    engine = create_engine(URL, module=pysqlite3)


class Base(DeclarativeBase):
    pass


class Term(Base):
    __tablename__ = "timeline_term"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]


class EventTag(Base):
    __tablename__ = "timeline_event_tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("timeline_event.id"))
    tag_id: Mapped[int] = mapped_column(ForeignKey("timeline_tag.id"))


class Tag(Base):
    __tablename__ = "timeline_tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]


class Place(Base):
    __tablename__ = "timeline_place"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID]
    name: Mapped[str]
    country: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class Actor(Base):
    __tablename__ = "timeline_actor"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID]
    name: Mapped[str]
    kind: Mapped[str]
    identity: Mapped[str]
    count: Mapped[int | None]
    publication: Mapped[str]
    protected: Mapped[bool]


class Dated:
    date: Mapped[str | None]
    date_text: Mapped[str]
    start_min: Mapped[int]
    start_max: Mapped[int]
    end_min: Mapped[int]
    end_max: Mapped[int]
    undated: Mapped[bool]


class Source(Dated, Base):
    __tablename__ = "timeline_source"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID]
    title: Mapped[str]
    kind: Mapped[str]
    publisher: Mapped[str]
    url: Mapped[str | None]
    publication: Mapped[str]


class Participation(Base):
    __tablename__ = "timeline_participation"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID]
    position: Mapped[int]
    event_id: Mapped[int] = mapped_column(ForeignKey("timeline_event.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("timeline_actor.id"))
    role_id: Mapped[int] = mapped_column(ForeignKey("timeline_term.id"))
    note: Mapped[str]
    outcome: Mapped[str]
    actor: Mapped[Actor] = relationship()
    role: Mapped[Term] = relationship()


class Citation(Base):
    __tablename__ = "timeline_citation"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID]
    event_id: Mapped[int] = mapped_column(ForeignKey("timeline_event.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("timeline_source.id"))
    publication: Mapped[str]
    bearing: Mapped[str]
    quote: Mapped[str]
    locator: Mapped[str]
    note: Mapped[str]
    anchor: Mapped[str]
    source: Mapped[Source] = relationship()


class Event(Dated, Base):
    __tablename__ = "timeline_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID]
    version: Mapped[int]
    publication: Mapped[str]
    published_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    title: Mapped[str]
    summary: Mapped[str]
    kind_id: Mapped[int | None] = mapped_column(ForeignKey("timeline_term.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("timeline_place.id"))
    status: Mapped[str]
    assessment: Mapped[str]
    sequence: Mapped[int]
    sort_key: Mapped[int]
    dataset: Mapped[str]
    external_id: Mapped[str]
    extra: Mapped[dict[str, Any]] = mapped_column(JSON)
    kind: Mapped[Term | None] = relationship()
    place: Mapped[Place | None] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary="timeline_event_tags", order_by="Tag.slug")
    participations: Mapped[list[Participation]] = relationship(
        primaryjoin=lambda: (
            (Event.id == Participation.event_id)
            & exists().where(
                Actor.id == Participation.actor_id,
                Actor.publication == "published",
                Actor.protected.is_(False),
            )
        ),
        order_by="Participation.position",
        viewonly=True,
    )
    citations: Mapped[list[Citation]] = relationship(
        primaryjoin=lambda: (
            (Event.id == Citation.event_id)
            & (Citation.publication == "published")
            & exists().where(Source.id == Citation.source_id, Source.publication == "published")
        ),
        order_by="Citation.id",
        viewonly=True,
    )


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class DateOut(Out):
    edtf: str | None = Field(validation_alias="date")
    text: str = Field(validation_alias="date_text")
    start_min: int
    start_max: int
    end_min: int
    end_max: int


class PlaceOut(Out):
    id: UUID = Field(validation_alias="uuid")
    name: str
    country: str
    latitude: float | None
    longitude: float | None


class ActorOut(Out):
    id: UUID = Field(validation_alias="uuid")
    name: str
    kind: str
    identity: str
    count: int | None


class TermOut(Out):
    code: str


class TagOut(Out):
    slug: str


class SourceOut(DateOut):
    id: UUID = Field(validation_alias="uuid")
    title: str
    kind: str
    publisher: str
    url: str | None


class ParticipationOut(Out):
    id: UUID = Field(validation_alias="uuid")
    actor: ActorOut
    role: TermOut
    note: str
    outcome: str


class CitationOut(Out):
    id: UUID = Field(validation_alias="uuid")
    source: SourceOut
    bearing: str
    quote: str
    locator: str
    note: str
    anchor: str


class EventOut(DateOut):
    id: UUID = Field(validation_alias="uuid")
    version: int
    title: str
    summary: str
    kind: TermOut | None
    place: PlaceOut | None
    status: str
    assessment: str
    sequence: int
    tags: list[TagOut]
    dataset: str
    external_id: str
    extra: dict[str, Any]
    participations: list[ParticipationOut]
    citations: list[CitationOut]
    published_at: datetime
    updated_at: datetime


class Asked(BaseModel):
    actor: UUID | None = None
    kind: str | None = None
    start: int | None = None
    end: int | None = None
    word: str | None = None
    limit: int = 50
    offset: int = 0


def session() -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened


app = FastAPI()
Database = Annotated[Session, Depends(session)]
TOLD = (
    contains_eager(Event.kind),
    contains_eager(Event.place),
    selectinload(Event.tags),
    selectinload(Event.participations).options(
        joinedload(Participation.actor, innerjoin=True),
        joinedload(Participation.role, innerjoin=True),
    ),
    selectinload(Event.citations).joinedload(Citation.source, innerjoin=True),
)


def filtered(statement: Any, asked: Asked) -> Any:
    statement = statement.where(Event.publication == "published")
    if asked.actor:
        took_part = select(Participation.event_id).join(Actor)
        took_part = took_part.where(
            Actor.uuid == asked.actor, Actor.publication == "published", Actor.protected.is_(False)
        )
        statement = statement.where(Event.id.in_(took_part))
    if asked.start is not None and asked.end is not None:
        statement = statement.where(
            Event.undated.is_(False), Event.start_min <= asked.end, Event.end_max >= asked.start
        )
    if asked.kind:
        statement = statement.where(Term.code == asked.kind)
    if asked.word:
        quotes = exists().where(
            Citation.event_id == Event.id,
            Citation.publication == "published",
            Source.id == Citation.source_id,
            Source.publication == "published",
            Citation.quote.icontains(asked.word),
        )
        statement = statement.where(
            or_(Event.title.icontains(asked.word), Event.summary.icontains(asked.word), quotes)
        )
    return statement


def everything() -> Any:
    joined = select(Event).outerjoin(Event.kind).outerjoin(Event.place)
    return joined.options(*TOLD)


@app.get("/events")
def list_events(asked: Annotated[Asked, Query()], database: Database) -> list[EventOut]:
    statement = filtered(everything(), asked).order_by(
        Event.undated, Event.sort_key, Event.end_max, Event.sequence, Event.uuid
    )
    return database.scalars(statement.limit(asked.limit).offset(asked.offset)).all()


@app.get("/count")
def count_events(asked: Annotated[Asked, Query()], database: Database) -> int:
    events = select(func.count()).select_from(Event).outerjoin(Event.kind)
    return database.scalar(filtered(events, asked)) or 0


@app.get("/events/{uuid}")
def get_event(uuid: UUID, database: Database) -> EventOut:
    event = database.scalars(
        everything().where(Event.uuid == uuid, Event.publication == "published")
    ).one_or_none()
    if event is None:
        raise HTTPException(404)
    return event
