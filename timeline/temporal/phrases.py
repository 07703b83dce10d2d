"""One date in English words."""

from __future__ import annotations

from timeline.temporal.calendar import DAY, civil
from timeline.temporal.digits import values
from timeline.temporal.groupings import GROUPINGS
from timeline.temporal.shape import APPROXIMATE, UNCERTAIN, Point
from timeline.temporal.wording import DASH, MONTH_NAMES, listed, name_year

PREFIXES = ("", "possibly ", "about ", "possibly about ")
_ASIDES = ("", "uncertain", "approximate", "uncertain and approximate")


def describe(point: Point, zone: int) -> str:
    """A date standing alone."""
    return _qualified(point, _core(point, zone, alone=True))


def place(point: Point, zone: int) -> str:
    """A date as part of a longer phrase."""
    return _qualified(point, _core(point, zone, alone=False))


def is_uniform(point: Point) -> bool:
    """Whether the whole date is qualified in one way, or not at all."""
    year, month, day = point.marks
    return (not point.month or month == year) and (not point.day or day == year)


def _qualified(point: Point, core: str) -> str:
    if is_uniform(point):
        return PREFIXES[point.marks[0]] + core
    named = zip(("year", "month", "day"), point.marks, strict=True)
    asides = [f"{name} {_ASIDES[mark & (UNCERTAIN | APPROXIMATE)]}" for name, mark in named if mark]
    return f"{core} ({', '.join(asides)})"


def _core(point: Point, zone: int, *, alone: bool) -> str:
    if point.time:
        return _at_time(point, zone)
    if point.significant:
        low, high = (civil(second // DAY)[0] for second in (point.first, point.last))
        best = name_year(int(point.year.removeprefix("Y")))
        return f"a year between {name_year(low)} and {name_year(high)}, estimated to be {best}"
    if not point.month:
        return _year(point.year, alone=alone)
    if "X" not in point.year and "X" not in point.month and "X" not in point.day:
        return _plain(point, alone=alone)
    return _day(point) if point.day else _month(point.month, point.year)


def _plain(point: Point, *, alone: bool) -> str:
    """A date with a month, no digit of which is missing."""
    year, month = int(point.year), int(point.month)
    if month > 12:
        return _grouping(month, year, alone=alone)
    words = f"{MONTH_NAMES[month]} {name_year(year)}"
    return f"{int(point.day)} {words}" if point.day else words


def _grouping(code: int, year: int, *, alone: bool) -> str:
    grouping = GROUPINGS[code]
    when = name_year(year)
    if grouping.first_month == 12:
        when = f"{year}{DASH}{year + 1}" if year >= 1000 else f"{when}{DASH}{name_year(year + 1)}"
    if code > 32:
        return f"{'' if alone else 'the '}{grouping.name} of {when}"
    where = f" ({grouping.where})" if grouping.where else ""
    return f"{grouping.name} {when}{where}"


def _at_time(point: Point, zone: int) -> str:
    year, month, day = int(point.year), int(point.month), int(point.day)
    clock = point.time.removesuffix(":00")
    if point.time == "24:00:00":
        clock = "24:00"
    shift = zone if point.shift is None else point.shift
    away = ""
    if shift:
        hours, minutes = divmod(abs(shift), 60)
        away = f"{'+' if shift > 0 else '-'}{hours}" + (f":{minutes:02d}" if minutes else "")
    return f"{day} {MONTH_NAMES[month]} {name_year(year)} at {clock} UTC{away}"


def _year(year: str, *, alone: bool) -> str:
    if "X" not in year:
        return name_year(int(year.removeprefix("Y")))
    if year == "XXXX":
        return "an unknown year"
    low, high = _extremes(year)
    regular = len(year) == 4 and year.rstrip("X").isdigit()
    if regular and low >= 1000 and year[2:] == "XX" and year[1] != "X":
        return f"the {low}s"
    if regular and low >= 1000 and year[2] != "X":
        return f"the {low}s" if low % 100 else f"the decade {low}{DASH}{high}"
    pattern = "" if year.lstrip("-").rstrip("X").isdigit() else f" ({year})"
    if alone:
        return f"between {name_year(low)} and {name_year(high)}{pattern}"
    return f"a year between {name_year(low)} and {name_year(high)}{pattern}"


def _extremes(year: str) -> tuple[int, int]:
    """The first and the last year a pattern matches."""
    ends = int(year.replace("X", "0")), int(year.replace("X", "9"))
    low, high = min(ends), max(ends)
    return low, high if year[0] != "-" else min(high, -1)


def _in_year(year: str) -> str:
    """What follows "of" where the year is not simply known."""
    if "X" not in year or year == "XXXX":
        return _year(year, alone=False)
    words = _year(year, alone=False)
    return f"a year in {words}" if words.startswith("the ") else words


def _month(month: str, year: str) -> str:
    if month == "XX":
        return f"some month of {_in_year(year)}"
    codes = (int(month),) if "X" not in month else values(month, 12)
    if codes[0] > 12:
        return f"{GROUPINGS[codes[0]].name} of {_in_year(year)}"
    names = listed([MONTH_NAMES[code] for code in codes], "or")
    return f"{names} {'of ' if 'X' in year else ''}{_in_year(year)}"


def _day(point: Point) -> str:
    year, month, day = point.year, point.month, point.day
    if day == "XX":
        of = _in_year(year) if month == "XX" else _month(month, year)
        return f"some day of {of}"
    if "X" in day:
        return f"some day of {_month(month, year)} ({year}-{month}-{day})"
    if "X" in month:
        return f"day {int(day)} of {_month(month, year)}"
    return f"{int(day)} {_month(month, year)}"
