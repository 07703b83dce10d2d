"""How finely a date is known."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Precision(StrEnum):
    """What is known of a date, from the finest to the coarsest.

    It is what is *known*, not how much was written: ``2019-08-XX`` is known to the month, and
    ``201X`` to the decade. ``era`` is coarser than a millennium; ``unknown`` belongs to dates
    without a finite end, such as ``../..``.
    """

    SECOND = "second"
    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    QUARTER = "quarter"
    QUADRIMESTER = "quadrimester"
    HALF = "half"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    MILLENNIUM = "millennium"
    ERA = "era"
    UNKNOWN = "unknown"


_RANK: Final = {precision: rank for rank, precision in enumerate(Precision)}

# One unit in whole months; a day is counted in days.
MONTHS: Final = {
    Precision.DAY: 0,
    Precision.MONTH: 1,
    Precision.SEASON: 3,
    Precision.QUARTER: 3,
    Precision.QUADRIMESTER: 4,
    Precision.HALF: 6,
    Precision.YEAR: 12,
    Precision.DECADE: 120,
    Precision.CENTURY: 1_200,
    Precision.MILLENNIUM: 12_000,
    Precision.ERA: 120_000,
}

# A year of which this many leading digits, out of four, are known.
OF_KNOWN_DIGITS: Final = (
    Precision.ERA,
    Precision.MILLENNIUM,
    Precision.CENTURY,
    Precision.DECADE,
    Precision.YEAR,
)


def coarsest(first: Precision, *others: Precision) -> Precision:
    """The coarsest of them."""
    return max((first, *others), key=_RANK.__getitem__)
