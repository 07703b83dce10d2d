"""Unspecified digits: which days a pattern such as ``156X-12-25`` can stand for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from timeline.temporal.calendar import day_number, is_leap, month_length

_DIGITS = "0123456789"
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@lru_cache(maxsize=512)
def values(pattern: str, last: int) -> tuple[int, ...]:
    """The numbers from 1 to ``last`` that a two-character pattern matches.

    >>> values("1X", 12), values("X2", 12)
    ((10, 11, 12), (2, 12))
    """
    tens, ones = (_DIGITS if c == "X" else c for c in pattern)
    return tuple(n for n in range(1, last + 1) if str(n // 10) in tens and str(n % 10) in ones)


def years(pattern: str, *, ascending: bool) -> Iterator[int]:
    """The years a pattern of four characters, perhaps with a minus, matches, in order.

    >>> list(years("-000X", ascending=True))[:2]
    [-9, -8]
    """
    sign = -1 if pattern[0] == "-" else 1
    rising = ascending == (sign > 0)
    choices = (_DIGITS[:: 1 if rising else -1] if c == "X" else c for c in pattern[-4:])
    for digits in product(*choices):
        year = int("".join(digits))
        if year or sign > 0:
            yield sign * year


def is_possible(months: tuple[int, ...], days: tuple[int, ...]) -> bool:
    """Whether any year at all has one of these days in one of these months."""
    return any(days[0] <= _LONGEST[month - 1] for month in months)


def edge(
    pattern: str, months: tuple[int, ...], days: tuple[int, ...], *, first: bool
) -> int | None:
    """The first (or last) day that fits, as a day number; None if there is none.

    The patterns must be possible in some year. Then only 29 February can still be missing from
    a year, so the search asks for a leap year and nothing else.
    """
    leap_day = not any(days[0] <= month_length(1, month) for month in months)
    if leap_day and not any(_matches(pattern[-2:], f"{n:02d}") for n in range(0, 100, 4)):
        return None
    for year in years(pattern, ascending=first):
        if leap_day and not is_leap(year):
            continue
        for month in months if first else reversed(months):
            length = month_length(year, month)
            for day in days if first else reversed(days):
                if day <= length:
                    return day_number(year, month, day)
    return None


def _matches(pattern: str, digits: str) -> bool:
    return all(p in ("X", digit) for p, digit in zip(pattern, digits, strict=True))
