"""A date said in English words, inventing nothing.

What has no short name is said at length: ``18XX`` is "the 1800s", not the 19th century, which is
1801 to 1900; ``180X`` is "the decade 1800 to 1809"; winter names both of its years.
"""

from __future__ import annotations

from timeline.temporal.phrases import PREFIXES, describe, is_uniform, place
from timeline.temporal.shape import PLAIN, EndState, Interval, Point, Shape, Stretch
from timeline.temporal.wording import listed, name_year


def say(shape: Shape, zone: int) -> str:
    """The label of a date; ``zone`` is the shift of times that name none."""
    if isinstance(shape, Point):
        return describe(shape, zone)
    if isinstance(shape, Interval):
        return _interval(shape, zone)
    if shape.kind == "one":
        return listed(_with_eras([_alternative(member) for member in shape.members]), "or")
    return listed(_with_eras([_included(member) for member in shape.members]), "and")


def _with_eras(items: list[str]) -> list[str]:
    """Name the era of every year in a list that has both, lest one be read into the other."""
    if not any("BCE" in item for item in items):
        return items
    return [_with_era(item) for item in items]


def _with_era(item: str) -> str:
    words, bracket, aside = item.partition(" (")
    return f"{words} CE{bracket}{aside}" if words[-1].isdigit() else item


def _interval(interval: Interval, zone: int) -> str:
    start, end = interval
    if isinstance(start, Point):
        if isinstance(end, Point):
            return " to ".join(_ends(start, end, zone))
        begun = place(start, zone)
        return f"since {begun}" if end is EndState.OPEN else f"from {begun}, end unknown"
    if isinstance(end, Point):
        ended = f"until {place(end, zone)}"
        return ended if start is EndState.OPEN else f"{ended}, start unknown"
    if (start, end) == (EndState.UNKNOWN, EndState.OPEN):
        return "ongoing, start unknown"
    begins = "no start" if start is EndState.OPEN else "start unknown"
    ends = "no end" if end is EndState.OPEN else "end unknown"
    return f"{begins}, {ends}"


def _alternative(member: Point | Stretch) -> str:
    if isinstance(member, Point):
        return describe(member, 0)
    start, end = member
    if start and end:
        if start.marks == end.marks and is_uniform(start) and is_uniform(end):
            prefix = PREFIXES[start.marks[0]]
            ends = _ends(start._replace(marks=PLAIN), end._replace(marks=PLAIN), 0)
            return f"{prefix}between {' and '.join(ends)}"
        return f"between {' and '.join(_ends(start, end, 0))}"
    if end:
        return f"{'on or before' if end.day else 'in or before'} {place(end, 0)}"
    return f"{'on or after' if start and start.day else 'in or after'} {_end(start)}"


def _included(member: Point | Stretch) -> str:
    if isinstance(member, Point):
        return describe(member, 0)
    start, end = member
    every = f"every {_unit(start or end)}"
    if start and end:
        return f"{every} from {' to '.join(_ends(start, end, 0))}"
    return f"{every} from {_end(start)} on" if start else f"{every} up to {_end(end)}"


def _ends(start: Point, end: Point, zone: int) -> tuple[str, str]:
    """Two dates, the first without the month and year it shares: "7" and "9 November 2019"."""
    first, last = place(start, zone), place(end, zone)
    alike = start.year == end.year and bool(start.day) == bool(end.day) and first != last
    if alike and _is_calendar(start) and _is_calendar(end):
        if start.month == end.month:
            return str(int(start.day)), last
        return first.removesuffix(f" {name_year(int(start.year))}"), last
    return first, last


def _is_calendar(point: Point) -> bool:
    """Whether it is a month or a day of the calendar, wholly known and not doubted."""
    known = (point.year + point.month + point.day).removeprefix("-").isdigit()
    return known and "" < point.month <= "12" and point.marks == PLAIN and not point.time


def _end(point: Point | None) -> str:
    """The date at one end of a range."""
    return place(point, 0) if point else "always"


def _unit(point: Point | None) -> str:
    if not point or point.day:
        return "day"
    if not point.month:
        return "year"
    return point.precision.value if is_uniform(point) and point.month > "20" else "month"
