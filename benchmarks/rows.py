"""The generated events as the rows of an import: one JSON object each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.generate import DATASET, World
from benchmarks.things import Actor, Event, Place, Source, Tag


class Rows:
    """Says in words what events name by number."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.places: list[Place] = list(world.places())
        self.actors: list[Actor] = list(world.actors())
        self.sources: list[Source] = list(world.sources())
        self.tags: list[Tag] = list(world.tags())

    def published(self, dataset: str = DATASET) -> Iterator[dict[str, Any]]:
        """The rows of all events that are public."""
        return (self.row(event, dataset) for event in self.world.events() if event.is_published)

    def row(self, event: Event, dataset: str) -> dict[str, Any]:
        row = {
            "dataset": dataset,
            "external_id": event.external_id,
            "title": event.title,
            "summary": event.summary,
            "kind": event.kind,
            "edtf": event.date,
            "date_text": event.date_text,
            "status": event.status,
            "assessment": event.assessment,
            "extra": event.extra,
            "place": None if event.place is None else self._place(self.places[event.place]),
            "actors": [
                self._actor(self.actors[one.actor], one.role) for one in event.participations
            ],
            "sources": [self._source(self.sources[one.source]) for one in event.citations],
            "tags": [self.tags[tag].slug for tag in event.tags],
        }
        return {name: value for name, value in row.items() if value not in (None, "")}

    @staticmethod
    def _place(place: Place) -> dict[str, Any]:
        row = {"name": place.name, "country": place.country, "region": place.region}
        point = {"lat": place.latitude, "lon": place.longitude}
        return row if place.latitude is None else row | point

    @staticmethod
    def _actor(actor: Actor, role: str) -> dict[str, Any]:
        return {"name": actor.name, "kind": actor.kind, "role": role}

    @staticmethod
    def _source(source: Source) -> dict[str, Any]:
        row = {
            "url": source.url,
            "title": source.title,
            "publisher": source.publisher,
            "published": source.date,
        }
        return {name: value for name, value in row.items() if value is not None}
