"""What is asked, of everybody alike."""

from __future__ import annotations

from calendar import timegm
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.generate import HOT_ACTORS, KINDS, World

PAGE = 50
VARIANTS = 64


@dataclass(frozen=True)
class Question:
    """A page of events; what is empty is not asked."""

    actor: str = ""
    years: tuple[int, int] | None = None
    kind: str = ""
    word: str = ""
    limit: int = PAGE
    # A page in the depth: how many rows to pass over, or the row after which it begins.
    offset: int = 0
    after: tuple[Any, ...] = ()
    cursor: str = ""
    event: str = ""

    @property
    def start(self) -> int:
        assert self.years
        return timegm((self.years[0], 1, 1, 0, 0, 0))

    @property
    def end(self) -> int:
        assert self.years
        return timegm((self.years[1] + 1, 1, 1, 0, 0, 0)) - 1

    @property
    def numbers(self) -> dict[str, Any]:
        """As the peers and the statements take it."""
        asked: dict[str, Any] = {"actor": self.actor, "kind": self.kind, "word": self.word}
        if self.years:
            asked |= {"start": self.start, "end": self.end}
        return {name: value for name, value in asked.items() if value not in ("", None)}

    @property
    def parameters(self) -> dict[str, Any]:
        """As the project takes it."""
        asked = {
            "actor": self.actor,
            "overlapping": f"{self.years[0]}/{self.years[1]}" if self.years else "",
            "kind": self.kind,
            "q": self.word,
            "cursor": self.cursor,
            "page_size": str(self.limit),
        }
        return {name: value for name, value in asked.items() if value}


@dataclass
class Questions:
    """The questions of one world, many variants of each, so that none is answered from habit."""

    world: World
    actors: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.actors = [str(actor.uuid) for actor in self.world.actors()]
        self._shown = [
            number
            for number, actor in enumerate(self.world.actors())
            if actor.publication == "published" and not actor.protected
        ]

    def window_and_actor(self) -> list[Question]:
        """Actors of middling renown, over forty years."""
        number = self.world.number_of_actors
        step = max(1, (number // 2 - number // 20) // VARIANTS)
        ranks = [rank for rank in self._shown if rank >= number // 20][: VARIANTS * step : step]
        return [
            Question(actor=self.actors[rank], years=(1955 + place % 30, 1994 + place % 30))
            for place, rank in enumerate(ranks)
        ]

    def hot_actor(self) -> list[Question]:
        """The few who take part in two events of a hundred, over three years."""
        return [
            Question(actor=self.actors[place % HOT_ACTORS], years=(year, year + 2))
            for place, year in enumerate(range(1960, 2015))
        ]

    def filtered(self) -> list[Question]:
        """Hot actor, window, kind and a common word, all at once."""
        word = self.common
        return [
            replace(question, kind=KINDS[place % 3], word=word, years=(1950, 2000 + place % 25))
            for place, question in enumerate(self.hot_actor())
        ]

    def window(self) -> list[Question]:
        """One year, whoever took part."""
        return [Question(years=(year, year)) for year in range(1960, 2020)]

    @property
    def common(self) -> str:
        """A word in three events of ten."""
        return self.world.word_in(0.3)

    @property
    def middling(self) -> str:
        return self.world.word_in(0.01)

    @property
    def rare(self) -> str:
        return self.world.word_in(max(0.0002, 8 / self.world.size))
