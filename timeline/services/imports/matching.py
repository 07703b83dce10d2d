"""Find what a row names among what is recorded, and note what has to be created."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Lower

from timeline.models import Actor, ActorName, Place, Source, Tag, Term, Versioned, Vocabulary
from timeline.services.access import By
from timeline.services.imports.members import PAGE_OF_SOURCE
from timeline.services.imports.rows import ActorSpec, PlaceSpec, Row, SourceSpec
from timeline.services.publicity import chunks
from timeline.services.tags import code_of, slug_of

# What rows name, and an import makes if it is not there.
NAMED: tuple[type[Versioned], ...] = (Term, Tag, Place, Actor, Source)
# What of them has to be known of those that are there; all else is read again by who needs it.
NEEDED: dict[type[Versioned], set[str]] = {
    Place: {"id", "uuid", "publication", "name", "country", "region", "latitude", "longitude"},
    Actor: {"id", "uuid", "publication", "protected", "name", "kind"},
    Source: {"id", "uuid", "publication"},
}
# So many words are known by their slugs.
KEPT = 2000
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
        self.created: dict[type[Versioned], list[Any]] = {model: [] for model in NAMED}
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
        itself = map(the_dataset_itself, {r.dataset for r in rows})
        self._learn_sources([*itself, *(source for r in rows for source in r.sources)])
        self._learn_tags({self.slug(word) for r in rows for word in r.tags} - self._tags.keys())
        words = {(Vocabulary.KINDS, self.code(r.values["kind"])) for r in rows if r.values["kind"]}
        words |= {(Vocabulary.ROLES, self.code(actor.role)) for r in rows for actor in r.actors}
        self._learn_terms(words - self._terms.keys())

    def written(self) -> None:
        """All that was created is written, and is from now on known like all the rest."""
        for model, records in self.created.items():
            for record in records if model in NEEDED else ():
                said = vars(record)
                record.__dict__ = {name: said[name] for name in ("_state", *NEEDED[model])}
            records.clear()
        self.new_names.clear()

    @property
    def size(self) -> int:
        """How many names are known."""
        return len(self._places) + len(self._actors) + len(self._sources)

    def _learn_places(self, names: set[str]) -> None:
        known = self.by.sees(Place.objects.only(*NEEDED[Place])).order_by("id")
        for place in _among(known, "name", names):
            self._places.setdefault(place.name, []).append(place)

    def _learn_actors(self, names: set[str]) -> None:
        known = self.by.sees(Actor.objects.only(*NEEDED[Actor])).order_by("id")
        for actor in _among(known, "name", names):
            self._know(actor.name, actor)
        further = self.by.sees(ActorName.objects.all()).select_related("actor").order_by("id")
        for name in _among(further, "text", names):
            self._know(name.text, name.actor)

    def _know(self, name: str, actor: Actor) -> None:
        """By whichever name it is found, an actor is one object, as a row's actors are told apart."""
        one = self._known.setdefault(actor.pk, actor)
        namesakes = self._actors.setdefault(name, [])
        if one not in namesakes:
            namesakes.append(one)

    def _learn_sources(self, specs: Iterable[SourceSpec]) -> None:
        unknown = [spec for spec in specs if _key(spec) not in self._sources]
        # The first of several is the one.
        columns = NEEDED[Source] | {"url", "title", "publisher", "date"}
        known = self.by.sees(Source.objects.only(*columns)).order_by("-id")
        addresses = {spec.url for spec in unknown if spec.url}
        for source in _among(known, "url", addresses):
            self._sources[source.url] = source
        # By its page here, which an export has of what has no other address.
        pages = {
            url: UUID(found[1]) for url in addresses if (found := PAGE_OF_SOURCE.fullmatch(url))
        }
        own = {source.uuid: source for source in _among(known, "uuid", {*pages.values()})}
        self._sources |= {url: own[uuid] for url, uuid in pages.items() if uuid in own}
        titles = {spec.title for spec in unknown if not spec.url}
        for source in _among(known.filter(url=None), "title", titles):
            self._sources[_untold(source.title, source.publisher, source.date)] = source

    def _learn_tags(self, slugs: set[str]) -> None:
        # In one case a slug is taken in any.
        for tag in _among(Tag.objects.alias(lower=Lower("slug")), "lower", slugs):
            self._tags[tag.slug.lower()] = tag

    def _learn_terms(self, words: set[tuple[str, str]]) -> None:
        for term in _among(Term.objects.all(), "code", {code for _, code in words}):
            self._terms[term.vocabulary, term.code] = term

    def known_place(self, spec: PlaceSpec) -> Place | None:
        namesakes = self._places.get(spec.name, ())
        return next((place for place in namesakes if _same_place(place, spec)), None)

    def place(self, spec: PlaceSpec) -> Place:
        if (known := self.known_place(spec)) is not None:
            return known
        place = Place(name=spec.name, country=spec.country, region=spec.region)
        if spec.latitude is not None and spec.longitude is not None:
            place.latitude, place.longitude = float(spec.latitude), float(spec.longitude)
        self._places.setdefault(spec.name, []).append(place)
        self.created[Place].append(place)
        return place

    def known_actor(self, spec: ActorSpec) -> Actor | None:
        for actor in self.namesakes(spec.name):
            if spec.kind in (actor.kind, "unknown") or actor.kind == "unknown":
                return actor
        return None

    def actor(self, spec: ActorSpec) -> Actor:
        if (known := self.known_actor(spec)) is not None:
            return known
        actor = Actor(name=spec.name, kind=spec.kind)
        self._actors.setdefault(spec.name, []).append(actor)
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
        if (known := self._sources.get(key)) is not None:
            return known
        source = Source(
            title=spec.title, url=spec.url, publisher=spec.publisher, date=spec.published
        )
        self._sources[key] = source
        self.created[Source].append(source)
        return source

    def term(self, vocabulary: Vocabulary, word: str) -> Term:
        key = vocabulary, self.code(word)
        if key not in self._terms:
            term = Term(vocabulary=vocabulary, code=key[1], label=word[:120], curated=False)
            self._terms[key] = term
            self.created[Term].append(term)
        return self._terms[key]

    def tag(self, word: str) -> Tag:
        slug = self.slug(word)
        if slug not in self._tags:
            self._tags[slug] = tag = Tag(slug=slug, label=word)
            self.created[Tag].append(tag)
        return self._tags[slug]

    @staticmethod
    @lru_cache(maxsize=KEPT)
    def code(word: str) -> str:
        """The code of a term, be there no letter in it."""
        return code_of(word) or "other"

    @staticmethod
    @lru_cache(maxsize=KEPT)
    def slug(word: str) -> str:
        """The slug of a key word, be there no letter in it."""
        return slug_of(word) or "other"


def _among(rows: QuerySet[Any], column: str, values: set[Any]) -> Iterator[Any]:
    """The rows whose ``column`` is one of ``values``."""
    for some in chunks(values):
        yield from rows.filter(**{f"{column}__in": some})


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
