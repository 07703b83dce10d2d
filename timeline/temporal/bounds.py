"""The four numbers of a date, and an instant in writing.

All are seconds since 1970-01-01T00:00:00Z in the proleptic Gregorian calendar, and both ends
belong to the date.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from timeline.temporal.calendar import DAY, civil

# To be raised with every change to how bounds are derived: stored rows know their policy by it.
BOUNDS_VERSION: Final = 1

# "No bound" is a number, so that every comparison and every index works without a NULL.
NEGATIVE_INFINITY: Final = -(2**62)
POSITIVE_INFINITY: Final = 2**62

# Numbers in two digits: histograms tell thousands of instants.
_TWO: Final = [f"{number:02d}" for number in range(60)]


class Bounds(NamedTuple):
    """When something may have begun and ended (CIDOC-CRM P82a, P81a, P81b, P82b).

    ``start_min ≤ start_max``, ``end_min ≤ end_max``, ``start_min ≤ end_min`` and
    ``start_max ≤ end_max``; an absent bound is ``NEGATIVE_INFINITY`` or ``POSITIVE_INFINITY``.
    """

    start_min: int
    start_max: int
    end_min: int
    end_max: int


def some_time_within(first: int, last: int) -> Bounds:
    """The bounds of what lies anywhere between two seconds, and lasts no one says how long."""
    return Bounds(first, last, first, last)


def held(first: int, last: int) -> tuple[int, int]:
    """Keep an extent within the sentinels by widening it.

    A BIGINT holds more years than the sentinels leave room for: beyond some 146,000,000,000 years
    the earlier number stops at the last finite second and the later one becomes "no bound", so
    that what is said stays true.
    """
    if first <= NEGATIVE_INFINITY:
        first = NEGATIVE_INFINITY
    elif first >= POSITIVE_INFINITY:
        first = POSITIVE_INFINITY - 1
    if last >= POSITIVE_INFINITY:
        last = POSITIVE_INFINITY
    elif last <= NEGATIVE_INFINITY:
        last = NEGATIVE_INFINITY + 1
    return first, last


def format_instant(seconds: int) -> str | None:
    """Write a bound as ISO 8601 in UTC; an absent bound is None.

    Years before 0000 or after 9999 take the expanded form, with a sign.

    >>> format_instant(1564617600), format_instant(POSITIVE_INFINITY)
    ('2019-08-01T00:00:00Z', None)
    >>> format_instant(-77631696000)
    '-0491-12-14T00:00:00Z'
    """
    if seconds <= NEGATIVE_INFINITY or seconds >= POSITIVE_INFINITY:
        return None
    days, rest = divmod(seconds, DAY)
    year, month, day = civil(days)
    sign = "" if 0 <= year <= 9999 else "-" if year < 0 else "+"
    hour, rest = divmod(rest, 3600)
    minute, second = divmod(rest, 60)
    date = f"{sign}{abs(year):04d}-{_TWO[month]}-{_TWO[day]}"
    return f"{date}T{_TWO[hour]}:{_TWO[minute]}:{_TWO[second]}Z"
