"""What has been said of one date, before it is known whether that is enough.

In "7 or 9 November 2019" the first date is only "7": what it lacks stands with its neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from timeline.temporal.errors import EdtfError


@dataclass(slots=True)
class Parts:
    """Everything one date may consist of; offsets are those of the text."""

    offset: int
    mark: int = 0
    day: int | None = None
    day_offset: int = 0
    # 1 to 12, or the code of a season, quarter, half…
    month: int | None = None
    year: int | None = None
    era: str = ""
    # A number of one to three digits that may be a day or a year.
    bare: int | None = None
    weekday: int | None = None
    time: str = ""
    shift: str = ""
    # Complete in itself: EDTF as it was written, or digits that are not known.
    whole: str = ""
    # First and last year, counted astronomically, of a decade or century.
    years: tuple[int, int] | None = None
    # Which part of it: place and number of equal parts.
    portion: tuple[int, int] | None = None
    # "month" or "day" where that is expressly not known.
    unknown: str = ""


def fill(items: list[Parts]) -> None:
    """Let each date take from its neighbours what it lacks.

    What stands last governs what comes before it ("7 or 9 November 2019", "50-40 BC"); a day
    alone belongs to the month before it ("November 7-9, 2019"), a time alone to the day.
    """
    for before, after in reversed(list(pairwise(items))):
        _take_from_later(before, after)
    for before, after in pairwise(items):
        _take_from_earlier(before, after)


def complete(items: list[Parts], text: str) -> None:
    """Fill what dates lack, and refuse a number that is neither a day nor a year by then."""
    fill(items)
    for index, item in enumerate(items):
        if item.bare is None:
            continue
        earlier = items[index - 1] if index else None
        if earlier is not None and earlier.year is not None and earlier.month is None:
            problem = "A year must not be shortened: write both years in full"
            raise EdtfError("short-year", item.offset, text, problem)
        problem = "A year has four digits here: write 0079, or AD 79, or 79 BC"
        raise EdtfError("year-digits", item.offset, text, problem)


def refuse_unclear_eras(items: list[Parts], text: str) -> None:
    """Refuse "1000 or 50 BC" in a list: in an interval the order tells what 1000 is."""
    for item, later in pairwise(items):
        if item.year is not None and not item.era and later.era == "bc":
            problem = "This may be BC or AD: say it with each year"
            raise EdtfError("ambiguous-date", item.offset, text, problem)


def _take_from_later(item: Parts, later: Parts) -> None:
    if item.time and not item.shift and later.time:
        item.shift = later.shift
    if item.whole or item.years or later.whole:
        return
    if item.bare is not None:
        if later.day is not None and item.bare <= 31:
            item.day, item.day_offset, item.bare = item.bare, item.offset, None
            item.month, item.year, item.era = later.month, later.year, later.era
        elif later.era and later.month is None and later.year is not None:
            item.year, item.era, item.bare = item.bare, later.era, None
        elif later.bare is not None:
            item.year, item.era = later.year, later.era
    elif item.year is None and not _is_time_only(later):
        if item.time and item.day is None and item.month is None:
            item.day, item.day_offset, item.month = later.day, later.day_offset, later.month
        item.year, item.era = later.year, later.era
    elif item.year is not None and not item.era and later.month is None:
        item.era = later.era


def _take_from_earlier(earlier: Parts, item: Parts) -> None:
    if _is_time_only(item):
        item.day, item.day_offset = earlier.day, earlier.day_offset
        item.month, item.year, item.era = earlier.month, earlier.year, earlier.era
    elif item.bare is not None and item.year is not None and earlier.day is not None:
        item.day, item.day_offset, item.bare = item.bare, item.offset, None
        item.month = earlier.month


def _is_time_only(item: Parts) -> bool:
    return bool(item.time) and item.year is None and item.month is None and item.day is None
