"""What the grammar reads: dates, and the intervals and sets made of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal, NamedTuple, TypeAlias

from timeline.temporal.precision import Precision

# Qualifier characters as bits, so that those of a group and of a component add up.
UNCERTAIN: Final = 1
APPROXIMATE: Final = 2
BITS: Final = {"": 0, "?": UNCERTAIN, "~": APPROXIMATE, "%": UNCERTAIN | APPROXIMATE}
MARKS: Final = ("", "?", "~", "%")
PLAIN: Final = (0, 0, 0)


class EndState(StrEnum):
    """What the text says of an end: a date, that there is none, or that nobody knows."""

    CLOSED = "closed"
    OPEN = "open"
    UNKNOWN = "unknown"


SetKind: TypeAlias = Literal["one", "all"]


class Point(NamedTuple):
    """One date, as written and as understood.

    ``first`` and ``last`` are the extent in seconds, ``low`` and ``high`` the same widened where
    the date is approximate. ``marks`` are the qualifiers of year, month and day.
    """

    year: str
    month: str
    day: str
    marks: tuple[int, int, int]
    first: int
    last: int
    low: int
    high: int
    precision: Precision
    level: int
    significant: int = 0
    time: str = ""
    # Minutes ahead of UTC; None where the text names no zone.
    shift: int | None = None

    @property
    def qualified(self) -> int:
        """The qualifiers of all components together."""
        year, month, day = self.marks
        return year | month | day


class Interval(NamedTuple):
    """Throughout, from one date to another; an end without a date is open or unknown."""

    start: Point | EndState
    end: Point | EndState


class Stretch(NamedTuple):
    """A member of a set that runs from one date to another; None is "and all before/after"."""

    start: Point | None
    end: Point | None


class Choice(NamedTuple):
    """A set: one of its members, or all of them."""

    kind: SetKind
    members: tuple[Point | Stretch, ...]


Shape: TypeAlias = Point | Interval | Choice
