"""Find what a row names among what is recorded, and note what has to be created."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from timeline.models import Actor, ActorName, Place, Source, Tag, Term, Vocabulary
from timeline.services.access import By
from timeline.services.imports.rows import ActorSpec, PlaceSpec, Row, SourceSpec
from timeline.services.records import create_record
from timeline.services.tags import code_of, slug_of

# Two points nearer than this many degrees may be the same place.
SAME_PLACE = 0.1


def the_dataset_itself(dataset: str) -> SourceSpec:
    """The source of what names no other."""
    return SourceSpec(title=f"Data set “{dataset}”")


class Matcher:
    """Knows the actors, places, sources, terms and tags that the rows of one run name.

    What is not found is made, unsaved, and kept in ``created`` until somebody writes it.
    """

    def __init__(self, by: By) -> None:
        self.by = by
        self.created: dict[type[Model], list[Any]] = {Place: [], Actor: [], Source: []}
        self.new_names: list[ActorName] = []
        self._places: dict[str, list[Place]] = {}
        self._actors: dict[str, list[Actor]] = {}
        self._known: dict[int, Actor] = {}
        self._sources: dict[object, Source] = {}
        self._terms: dict[tuple[str, str], Term] = {}
        self._tags: dict[str, Tag] = {}

    def learn(self, rows: Iterable[Row]) -> None:
        """Look up everything that these rows name, in a few queries."""
        rows = list(rows)
        self._learn_places({r.place.name for r in rows if r.place} - self._places.keys())
        names = {actor.name for r in rows for actor in r.actors}
        self._learn_actors(names - self._actors.keys())
        sources = [source for r in rows for source in r.sources]
        sources += map(the_dataset_itself, {r.dataset for r in rows})
        self._learn_sources({s.url for s in sources if s.url}, {s.title for s in sources})
        slugs = {self.slug(word) for r in rows for word in r.tags} - self._tags.keys()
        self._tags |= {tag.slug: tag for tag in Tag.objects.filter(slug__in=slugs)}

    def _learn_places(self, names: set[str]) -> None:
        for place in self.by.sees(Place.objects.all()).filter(name__in=names).order_by("id"):
            self._places.setdefault(place.name, []).append(place)

    def _learn_actors(self, names: set[str]) -> None:
        known = self.by.sees(Actor.objects.all())
        for actor in known.filter(name__in=names).order_by("id"):
            self._know(actor.name, actor)
        further = self.by.sees(ActorName.objects.all()).filter(text__in=names)
        for name in further.select_related("actor").order_by("id"):
            self._know(name.text, name.actor)

    def _know(self, name: str, actor: Actor) -> None:
        """By whichever name it is found, an actor is one object, as a row's actors are told apart."""
        one = self._known.setdefault(actor.pk, actor)
        namesakes = self._actors.setdefault(name, [])
        if one not in namesakes:
            namesakes.append(one)

    def _learn_sources(self, urls: set[str], titles: set[str]) -> None:
        known = self.by.sees(Source.objects.all()).order_by("-id")
        for source in known.filter(url__in=urls):
            self._sources[source.url] = source
        for source in known.filter(title__in=titles, url=None):
            self._sources[_untold(source.title, source.publisher, source.date)] = source

    def place(self, spec: PlaceSpec) -> Place:
        namesakes = self._places.setdefault(spec.name, [])
        for place in namesakes:
            if _same_place(place, spec):
                return place
        place = Place(
            name=spec.name,
            country=spec.country,
            region=spec.region,
            latitude=spec.latitude,
            longitude=spec.longitude,
        )
        namesakes.append(place)
        self.created[Place].append(place)
        return place

    def actor(self, spec: ActorSpec) -> Actor:
        namesakes = self._actors.setdefault(spec.name, [])
        for actor in namesakes:
            if spec.kind in (actor.kind, "unknown") or actor.kind == "unknown":
                return actor
        actor = Actor(name=spec.name, kind=spec.kind)
        namesakes.append(actor)
        self.created[Actor].append(actor)
        for alias in dict.fromkeys(spec.aliases):
            if alias != spec.name:
                self._actors.setdefault(alias, []).append(actor)
                self.new_names.append(ActorName(actor=actor, text=alias))
        return actor

    def namesakes(self, name: str) -> list[Actor]:
        """The actors that are known by this name."""
        return self._actors.get(name, [])

    def known_source(self, spec: SourceSpec) -> Source | None:
        return self._sources.get(_key(spec))

    def source(self, spec: SourceSpec) -> Source:
        key = _key(spec)
        if key not in self._sources:
            source = Source(
                title=spec.title, url=spec.url, publisher=spec.publisher, date=spec.published
            )
            self._sources[key] = source
            self.created[Source].append(source)
        return self._sources[key]

    def term(self, vocabulary: Vocabulary, word: str) -> Term:
        code = self.code(word)
        if (vocabulary, code) not in self._terms:
            term = Term.objects.filter(vocabulary=vocabulary, code=code).first()
            self._terms[vocabulary, code] = term or create_record(
                Term,
                values={
                    "vocabulary": vocabulary,
                    "code": code,
                    "label": word[:120],
                    "curated": False,
                },
                by=self.by,
            )
        return self._terms[vocabulary, code]

    @staticmethod
    def code(word: str) -> str:
        """The code of a term, be there no letter in it."""
        return code_of(word) or "other"

    @staticmethod
    def slug(word: str) -> str:
        """The slug of a key word, be there no letter in it."""
        return slug_of(word) or "other"

    def tag(self, word: str) -> Tag:
        slug = self.slug(word)
        if slug not in self._tags:
            self._tags[slug] = create_record(Tag, values={"slug": slug, "label": word}, by=self.by)
        return self._tags[slug]


def _same_place(place: Place, spec: PlaceSpec) -> bool:
    for ours, theirs in ((place.country, spec.country), (place.region, spec.region)):
        if ours and theirs and ours != theirs:
            return False
    if place.latitude is None or place.longitude is None:
        return True
    if spec.latitude is None or spec.longitude is None:
        return True
    return (
        abs(place.latitude - spec.latitude) < SAME_PLACE
        and abs(place.longitude - spec.longitude) < SAME_PLACE
    )


def _key(spec: SourceSpec) -> object:
    return spec.url or _untold(spec.title, spec.publisher, spec.published)


def _untold(title: str, publisher: str, date: Any) -> tuple[str, str, str]:
    """What tells apart sources without an address."""
    return title, publisher, str(date or "")
