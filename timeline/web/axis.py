"""The scale under the strips: which years, months or days to name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from timeline.temporal.calendar import DAY, civil, day_number, month_start
from timeline.temporal.wording import MONTH_NAMES, name_year

# Percent kept free at each side, for what runs on beyond the known edges.
MARGIN = 5.0
MOST_TICKS = 6

_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 3, 6)


@dataclass(frozen=True, slots=True)
class Scale:
    """The stretch of time that a drawing shows, in seconds, both ends included."""

    first: int
    last: int

    def at(self, second: int) -> float:
        """How far from the left, in percent, a moment on the scale lies."""
        share = (second - self.first) / (self.last + 1 - self.first)
        return MARGIN + share * (100.0 - 2 * MARGIN)


@dataclass(frozen=True, slots=True)
class Tick:
    """A named line across the drawing."""

    x: str
    label: str


def percent(value: float) -> str:
    return f"{value:.2f}%"


def ticks(scale: Scale) -> list[Tick]:
    """At most a handful of lines, at the beginnings of days, months or years."""
    choices = (
        [
            Tick(percent(scale.at(day * DAY)), label)
            # One may lie before the scale, and one more than enough is too many.
            for day, label in islice(starts, MOST_TICKS + 2)
            if scale.first <= day * DAY <= scale.last + 1
        ]
        for starts in _steps(scale)
    )
    return next(marks for marks in choices if len(marks) <= MOST_TICKS)


def _steps(scale: Scale) -> Iterator[Iterator[tuple[int, str]]]:
    first_day = scale.first // DAY
    year, month, _ = civil(first_day)
    for days in _DAYS:
        yield _every_days(first_day, days)
    for months in _MONTHS:
        yield _every_months(year, 1 + (month - 1) // months * months, months)
    step = 1
    while True:
        for years in (step, 2 * step, 5 * step):
            yield _every_years(year // years * years, years)
        step *= 10


def _every_days(day: int, step: int) -> Iterator[tuple[int, str]]:
    while True:
        year, month, number = civil(day)
        yield day, f"{number} {MONTH_NAMES[month][:3]} {name_year(year)}"
        day += step


def _every_months(year: int, month: int, step: int) -> Iterator[tuple[int, str]]:
    while True:
        yield month_start(year, month), f"{MONTH_NAMES[month][:3]} {name_year(year)}"
        carried, index = divmod(month - 1 + step, 12)
        year, month = year + carried, index + 1


def _every_years(year: int, step: int) -> Iterator[tuple[int, str]]:
    while True:
        # 1 BCE is the year 0, so 50 BCE is -49.
        named = year + 1 if year <= 0 and step > 1 else year
        yield day_number(named, 1, 1), name_year(named)
        year += step
