"""Events that never happened, the same ones every time: what the benchmarks run on.

Pure: no Django, no clock, no chance but from the seed. The shape is that of real chronologies: a few
actors are everywhere (each of five takes part in one event of fifty), words and tags follow Zipf's
law, dates are as imprecise as dates are, some events are undated, unplaced or not yet public.

A word has six letters with the vowels a, e and i; names have o and u. So no word stands within
another or within a name, and looking for a piece of text finds what looking for a word finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random
from uuid import UUID

from benchmarks.dates import day_within, imprecise_date
from benchmarks.things import Actor, Citation, Event, Participation, Place, Source, Tag

CONSONANTS = "bcdfghklmnprstvz"
HOT_ACTORS = 5
HOT_SHARE = 0.02
TOOK_PART, CITED, TAGGED = 3, 2, 2
WORDS, TAGS, PUBLISHERS = 20_000, 400, 300
# The words of an event: title, summary and two quotes.
LONGEST = 62
CHUNK = 1_000
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
DATASET = "benchmark"

# The most frequent first.
KINDS = (
    "statement", "meeting", "attack", "election", "arrest", "agreement", "trial", "protest",
    "legislation", "war", "appointment", "disaster", "publication", "birth", "death",
)  # fmt: skip
ROLES = (
    "subject", "speaker", "party", "host", "witness", "victim", "commander", "signatory", "court",
    "author", "mediator", "reporter",
)  # fmt: skip
ACTOR_KINDS = ("person", "person", "person", "organisation", "group", "government")
SOURCE_KINDS = ("article", "article", "article", "report", "court_record", "book", "web_page")
COUNTRIES = ("CN", "US", "DE", "FR", "GB", "IN", "BR", "NG", "JP", "EG", "PL", "AR")
ASSESSMENTS = ("unassessed", "unassessed", "alleged", "corroborated", "confirmed", "disputed")


def zipf(number: int, exponent: float = 1.0) -> list[float]:
    """Cumulative weights for :meth:`Random.choices`; the first is the most frequent."""
    return list(accumulate(1 / rank**exponent for rank in range(1, number + 1)))


def _spell(number: int, vowels: str, syllables: int) -> str:
    letters = []
    for _ in range(syllables):
        number, syllable = divmod(number, len(CONSONANTS) * len(vowels))
        consonant, vowel = divmod(syllable, len(vowels))
        letters.append(CONSONANTS[consonant] + vowels[vowel])
    return "".join(letters)


def word(rank: int) -> str:
    """The word that is the ``rank``-th most frequent, from 0; one in twenty has an accent."""
    # The factor has no divisor in common with the number of words there can be.
    spelled = _spell(rank * 48_611 % 48**3, "aei", 3)
    return (
        spelled[:-1] + {"a": "á", "e": "è", "i": "ï"}[spelled[-1]] if rank % 20 == 19 else spelled
    )


def _name(number: int) -> str:
    if number % 25 == 24:
        return "".join(chr(0x4E00 + number * step % 20_000) for step in (7, 211, 4_001))
    first, last = _spell(number * 7_919 % 32**3, "ou", 3), _spell(number, "ou", 3)
    return f"{first.capitalize()} {last.capitalize()}"


@dataclass(frozen=True)
class World:
    """So many events, and whom and what they name."""

    size: int
    seed: int = 1

    @property
    def number_of_actors(self) -> int:
        return max(200, self.size // 100)

    @property
    def number_of_places(self) -> int:
        return max(50, self.size // 500)

    @property
    def number_of_sources(self) -> int:
        return max(100, self.size // 5)

    def _chance(self, what: str) -> Random:
        # A text as seed does not hang on the hash of this process.
        return Random(f"{self.seed} {self.size} {what}")

    @cached_property
    def words(self) -> list[str]:
        return [word(rank) for rank in range(WORDS)]

    def word_in(self, share: float) -> str:
        """A word, without an accent, that stands in about this share of titles and summaries."""
        mean = 35
        chance = share / mean if share < 0.01 else 1 - (1 - share) ** (1 / mean)
        rank = min(round(1 / (chance * zipf(WORDS)[-1])), WORDS - 2) - 1
        return word(rank if rank % 20 != 19 else rank - 1)

    # --- What is named ---

    def places(self) -> Iterator[Place]:
        chance = self._chance("places")
        for number in range(self.number_of_places):
            located = chance.random() < 0.9
            yield Place(
                uuid=_uuid(chance),
                name=f"{_spell(number * 977 % 32**3, 'ou', 3).capitalize()}ton",
                country=chance.choice(COUNTRIES),
                region=_spell(number % 60, "ou", 2).capitalize(),
                latitude=round(chance.uniform(-60, 70), 4) if located else None,
                longitude=round(chance.uniform(-180, 180), 4) if located else None,
            )

    def actors(self) -> Iterator[Actor]:
        chance = self._chance("actors")
        for number in range(self.number_of_actors):
            yield Actor(
                uuid=_uuid(chance),
                name=_name(number),
                kind=chance.choice(ACTOR_KINDS),
                identity="pseudonym" if number % 50 == 49 else "named",
                publication="draft" if number % 100 == 97 else "published",
                protected=number % 500 == 98,
            )

    def sources(self) -> Iterator[Source]:
        chance = self._chance("sources")
        publishers = chance.choices(
            range(PUBLISHERS), cum_weights=zipf(PUBLISHERS), k=self.number_of_sources
        )
        for number, publisher in enumerate(publishers):
            yield Source(
                uuid=_uuid(chance),
                title=" ".join(chance.choices(self.words, k=6)).capitalize(),
                kind=chance.choice(SOURCE_KINDS),
                publisher=f"The {_spell(publisher, 'ou', 3).capitalize()} Courier",
                url=f"https://news.example/{number}",
                date=day_within(chance, 1990, 2025) if chance.random() < 0.95 else None,
            )

    def tags(self) -> Iterator[Tag]:
        chance = self._chance("tags")
        for number in range(TAGS):
            yield Tag(_uuid(chance), _spell(number * 31, "ou", 3))

    # --- Events ---

    def events(self) -> Iterator[Event]:
        for first in range(0, self.size, CHUNK):
            yield from self._chunk(first, min(CHUNK, self.size - first))

    @cached_property
    def _weights(self) -> dict[str, list[float]]:
        ordinary = [1 / rank**0.3 for rank in range(1, self.number_of_actors - HOT_ACTORS + 1)]
        # A share of events is a third of it in participations.
        hot = HOT_SHARE / TOOK_PART
        scale = (1 - HOT_ACTORS * hot) / sum(ordinary)
        return {
            "actors": list(accumulate([hot] * HOT_ACTORS + [one * scale for one in ordinary])),
            "sources": zipf(self.number_of_sources, 0.4),
            "places": zipf(self.number_of_places, 0.8),
            "tags": zipf(TAGS),
            "words": zipf(WORDS),
            "kinds": zipf(len(KINDS), 0.6),
            "roles": zipf(len(ROLES), 0.8),
        }

    def _chunk(self, first: int, number: int) -> Iterator[Event]:
        chance, weights = self._chance(f"events from {first}"), self._weights

        def drawn(what: str, count: int, each: int) -> list[tuple[int, ...]]:
            """So many of each event, all different."""
            flat = chance.choices(range(count), cum_weights=weights[what], k=number * each)
            return [_distinct(flat[at : at + each], count) for at in range(0, len(flat), each)]

        actors = drawn("actors", self.number_of_actors, TOOK_PART)
        sources = drawn("sources", self.number_of_sources, CITED)
        tags = drawn("tags", TAGS, TAGGED)
        places = chance.choices(
            range(self.number_of_places), cum_weights=weights["places"], k=number
        )
        kinds = chance.choices(KINDS, cum_weights=weights["kinds"], k=number)
        roles = chance.choices(ROLES, cum_weights=weights["roles"], k=number * TOOK_PART)
        # To draw each word of each text anew would take most of the time.
        pool = chance.choices(self.words, cum_weights=weights["words"], k=number * 30 + LONGEST)
        for at in range(number):
            begin = chance.randrange(number * 30)
            words = pool[begin : begin + LONGEST]
            title, summary = chance.randint(5, 9), chance.randint(20, 36)
            state = chance.random()
            yield Event(
                number=first + at,
                uuid=_uuid(chance),
                title=" ".join(words[:title]).capitalize(),
                summary=" ".join(words[title : title + summary]).capitalize() + ".",
                kind=kinds[at] if chance.random() < 0.97 else None,
                date=(date := imprecise_date(chance)),
                date_text="in the words of the source" if date and state < 0.3 else "",
                place=places[at] if chance.random() < 0.6 else None,
                status="planned" if state > 0.97 else "occurred",
                assessment=chance.choice(ASSESSMENTS),
                sequence=chance.randrange(3) if state < 0.1 else 0,
                extra={"deaths": chance.randrange(50)} if chance.random() < 0.2 else {},
                publication=_publication(chance),
                at=BEGINNING + timedelta(seconds=first + at),
                participations=tuple(
                    Participation(_uuid(chance), actor, roles[at * TOOK_PART + place], "")
                    for place, actor in enumerate(actors[at])
                ),
                citations=tuple(
                    Citation(
                        _uuid(chance),
                        source,
                        " ".join(words[45 + place * 8 : 53 + place * 8]),
                        f"p. {chance.randint(1, 400)}" if chance.random() < 0.3 else "",
                    )
                    for place, source in enumerate(sources[at])
                ),
                tags=tags[at],
            )


def _uuid(chance: Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def _distinct(numbers: list[int], count: int) -> tuple[int, ...]:
    """These numbers, of which one that came before is replaced by the next that did not."""
    seen: list[int] = []
    for number in numbers:
        free = number
        while free in seen:
            free = (free + 1) % count
        seen.append(free)
    return tuple(seen)


def _publication(chance: Random) -> str:
    if chance.random() < 0.95:
        return "published"
    return chance.choice(("draft", "draft", "in_review", "withdrawn"))
