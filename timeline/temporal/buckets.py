"""Imprecise dates counted by century, decade, year, quarter, month, week or day.

A date falls certainly into the bucket that holds all of it, possibly into every bucket that it
may overlap, and its mass, one, is spread evenly over its extent: so many are to be expected.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from timeline.temporal.bounds import NEGATIVE_INFINITY, POSITIVE_INFINITY, Bounds
from timeline.temporal.calendar import DAY, civil, month_start

MAX_BUCKETS = 20_000


class Interval(StrEnum):
    """How long a bucket is. Weeks begin on Monday; a century is the years with one beginning."""

    CENTURY = "century"
    DECADE = "decade"
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"


MONTHS = {
    Interval.CENTURY: 1200,
    Interval.DECADE: 120,
    Interval.YEAR: 12,
    Interval.QUARTER: 3,
    Interval.MONTH: 1,
}
# 1970-01-01 was a Thursday.
_MONDAY = 3


class Dated(NamedTuple):
    """Dates that are alike: their bounds, and how many there are.

    ``members`` are those of a set; ``doubted`` ones are never certain.
    """

    bounds: Bounds
    number: int = 1
    doubted: bool = False
    members: tuple[Bounds, ...] = ()


# First and last second of dates that are alike and have both; whether they are doubted; how many.
Extent: TypeAlias = tuple[int, int, bool, int]


# What is known of a year where no more is asked for than centuries, decades or years: how many dates the
# bucket holds that it is the first year of, and how many of them certainly; how many longer ones begin in
# it, what of them falls on each second of their dates, and what on this year; and the same of those
# that end in it.
Year: TypeAlias = tuple[int, int, int, int, float, float, int, float, float]


class Bucket(NamedTuple):
    """A stretch of time, first and last second, and what falls into it."""

    start: int
    end: int
    certain: int
    possible: int
    expected: float


class Histogram(NamedTuple):
    """Buckets without a gap, and how many dates have no finite extent to be spread over."""

    buckets: list[Bucket]
    unplaced: int


class TooManyBuckets(ValueError):
    """The dates span more buckets than anybody can read; ``needed`` says how many."""

    def __init__(self, needed: int) -> None:
        super().__init__(f"{needed} buckets, of {MAX_BUCKETS} at most")
        self.needed = needed


def bucket_of(second: int, interval: Interval) -> int:
    """The number of the bucket that holds a second.

    >>> bucket_of(0, Interval.YEAR), bucket_of(-1, Interval.MONTH)
    (1970, 23639)
    """
    day = second // DAY
    if interval is Interval.DAY:
        return day
    if interval is Interval.WEEK:
        return (day + _MONDAY) // 7
    year, month, _ = civil(day)
    return (year * 12 + month - 1) // MONTHS[interval]


def readable(first: int, last: int) -> tuple[int, int]:
    """These numbers of buckets, unless they are too far apart: :class:`TooManyBuckets`."""
    if last - first >= MAX_BUCKETS:
        raise TooManyBuckets(last - first + 1)
    return first, last


# Of all events the same years are asked for each time.
@lru_cache(maxsize=10_000)
def bucket_start(number: int, interval: Interval) -> int:
    """The first second of a bucket."""
    if interval is Interval.DAY:
        return number * DAY
    if interval is Interval.WEEK:
        return (number * 7 - _MONDAY) * DAY
    year, month = divmod(number * MONTHS[interval], 12)
    return month_start(year, month + 1) * DAY


def histogram(
    dates: Iterable[Dated],
    interval: Interval,
    extents: Sequence[Extent] = (),
    years: Sequence[Year] = (),
    unbegun: int = 0,
) -> Histogram:
    """Count ``dates`` by ``interval``, from the first bucket that one may fall in to the last.

    ``extents`` and ``years`` tell of further dates: of most no more need be known. ``unbegun`` are those
    of ``years`` without a beginning. Raises :class:`TooManyBuckets`.
    """
    dates = list(dates)
    ends = [
        bound
        for date in dates
        for bound in date.bounds
        if NEGATIVE_INFINITY < bound < POSITIVE_INFINITY
    ]
    if extents:
        ends += (min(extent[0] for extent in extents), max(extent[1] for extent in extents))
    numbers = [bucket_of(one(ends), interval) for one in (min, max) if ends]
    if years:
        length = MONTHS[interval] // 12
        numbers += (min(years)[0] // length, max(years)[0] // length)
    if not numbers:
        return Histogram([], sum(date.number for date in dates))
    first, last = readable(min(numbers), max(numbers))
    edges = [bucket_start(number, interval) for number in range(first, last + 2)]
    counts = _Counts(edges)
    for date in dates:
        counts.add(date)
    counts.add_extents(extents)
    counts.possible[0] += unbegun
    if years:
        counts.add_years(years, first, length)
    return Histogram(counts.buckets(), counts.unplaced)


class _Counts:
    def __init__(self, edges: list[int]) -> None:
        self.edges = edges
        size = len(edges) - 1
        self.certain = [0] * size
        # Differences: what begins to count at a bucket, less what ceased to before it.
        self.possible = [0] * (size + 1)
        self.density = [0.0] * (size + 1)
        self.expected = [0.0] * size
        self.unplaced = 0

    def place(self, second: int) -> int:
        """The position of the bucket that holds a second; what has no bound lies at the edge."""
        if second <= self.edges[0]:
            return 0
        if second >= self.edges[-1]:
            return len(self.edges) - 2
        return bisect(self.edges, second) - 1

    def add(self, date: Dated) -> None:
        bounds = date.bounds
        pieces = date.members or (bounds,)
        begins, ends = self.place(bounds.start_min), self.place(bounds.end_max)
        is_finite = bounds.start_min > NEGATIVE_INFINITY and bounds.end_max < POSITIVE_INFINITY
        if is_finite and begins == ends and not date.doubted:
            self.certain[begins] += date.number
        for begin, end in _joined(
            [(self.place(piece.start_min), self.place(piece.end_max)) for piece in pieces]
        ):
            self.possible[begin] += date.number
            self.possible[end + 1] -= date.number
        if not is_finite:
            self.unplaced += date.number
            return
        for piece in pieces:
            self.spread(piece.start_min, piece.end_max + 1, date.number / len(pieces))

    def add_extents(self, extents: Iterable[Extent]) -> None:
        """The same as :meth:`add`, for hundreds of thousands."""
        edges, possible, certain, expected = self.edges, self.possible, self.certain, self.expected
        for start, end, doubted, number in extents:
            begin = bisect(edges, start) - 1
            possible[begin] += number
            if end < edges[begin + 1]:
                possible[begin + 1] -= number
                expected[begin] += number
                if not doubted:
                    certain[begin] += number
            else:
                last = bisect(edges, end) - 1
                possible[last + 1] -= number
                density = number / (end + 1 - start)
                expected[begin] += density * (edges[begin + 1] - start)
                expected[last] += density * (end + 1 - edges[last])
                self.density[begin + 1] += density
                self.density[last] -= density

    def add_years(self, years: Iterable[Year], first: int, length: int) -> None:
        """The same again, where the first bucket has the number ``first``, and each so many years."""
        edges, possible, density = self.edges, self.possible, self.density
        for (
            year,
            held,
            certain,
            begun,
            each_begun,
            share_begun,
            ended,
            each_ended,
            share_ended,
        ) in years:
            place = year // length - first
            self.certain[place] += certain
            possible[place] += held + begun
            possible[place + 1] -= held + ended
            mass = held + share_begun + share_ended
            if each_begun and length > 1:
                mass += each_begun * (edges[place + 1] - bucket_start(year + 1, Interval.YEAR))
            if each_ended and length > 1:
                mass += each_ended * (bucket_start(year, Interval.YEAR) - edges[place])
            self.expected[place] += mass
            density[place + 1] += each_begun
            density[place] -= each_ended

    def spread(self, start: int, end: int, mass: float) -> None:
        begin, last = self.place(start), self.place(end - 1)
        density = mass / (end - start)
        if begin == last:
            self.expected[begin] += mass
            return
        self.expected[begin] += density * (self.edges[begin + 1] - start)
        self.expected[last] += density * (end - self.edges[last])
        self.density[begin + 1] += density
        self.density[last] -= density

    def buckets(self) -> list[Bucket]:
        rows = zip(
            self.edges,
            self.edges[1:],
            self.certain,
            accumulate(self.possible),
            self.expected,
            accumulate(self.density),
            strict=False,
        )
        return [
            Bucket(start, end - 1, certain, possible, expected + density * (end - start))
            for start, end, certain, possible, expected, density in rows
        ]


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same buckets, each named once."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(stretches):
        if joined and begin <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    return joined
