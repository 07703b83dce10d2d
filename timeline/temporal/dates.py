"""One calendar date in EDTF: year, year-month, year-grouping or year-month-day.

LoC EDTF: level 0 "Date"; level 1 "Seasons", "Qualification of a date (complete)", "Unspecified
digit(s) from the right", "Negative calendar year"; level 2 "Sub-year groupings",
"Qualification", "Unspecified Digit".
"""

from __future__ import annotations

import re

from timeline.temporal.calendar import DAY, day_number, month_length, month_start, months_later
from timeline.temporal.digits import edge, is_possible, values, years
from timeline.temporal.errors import EdtfError
from timeline.temporal.groupings import GROUPINGS
from timeline.temporal.precision import MONTHS, OF_KNOWN_DIGITS, Precision
from timeline.temporal.shape import APPROXIMATE, BITS, PLAIN, Point
from timeline.temporal.wording import MONTH_NAMES, name_year

# Every part has a fixed width, so nothing can be tried in two ways.
_DATE = re.compile(
    r"([?~%]?)(-?[0-9X]{4})([?~%]?)"
    r"(?:-([?~%]?)([0-9X]{2})([?~%]?)(?:-([?~%]?)([0-9X]{2})([?~%]?))?)?"
)


def read_date(text: str, start: int, end: int) -> Point | None:
    """Read ``text[start:end]``; None if it does not have the form of a calendar date.

    Raises :class:`EdtfError` for the right form with an impossible month or day.
    """
    found = _DATE.fullmatch(text, start, end)
    if found is None:
        return None
    before, year, after, before_m, month, after_m, before_d, day, after_d = found.groups("")
    if year == "-0000":
        raise EdtfError(
            "negative-zero", found.start(2), text, "There is no year minus zero: 1 BCE is 0000"
        )
    level = 0 if year[0] != "-" else 1
    if "X" in year or "X" in month or "X" in day:
        level = max(level, _unspecified_level(year, month, day))
        first_day, last_day, scale = _unspecified_extent(text, found, year, month, day)
    else:
        if month > "20":
            level = max(level, 1 if month < "25" else 2)
        first_day, last_day, scale = _extent(text, found, year, month, day)
    low_day, high_day = first_day, last_day
    marks = PLAIN
    if before or after or before_m or after_m or before_d or after_d:
        of_day = BITS[after_d]
        of_month = BITS[after_m] | of_day
        marks = (
            BITS[before] | BITS[after] | of_month,
            BITS[before_m] | of_month,
            BITS[before_d] | of_day,
        )
        whole = after_d if day else after_m if month else after
        others = len(before + after + before_m + after_m + before_d + after_d) - len(whole)
        level = max(level, 2 if others else 1)
        low_day, high_day = widened(first_day, last_day, marks, scale)
    return Point(
        year,
        month,
        day,
        marks,
        first_day * DAY,
        last_day * DAY + DAY - 1,
        low_day * DAY,
        high_day * DAY + DAY - 1,
        scale[-1],
        level,
    )


def widened(
    first: int, last: int, marks: tuple[int, int, int], scale: tuple[Precision, ...]
) -> tuple[int, int]:
    """Widen an extent in days by what is approximate.

    Components that are approximate side by side count as one, by the unit of the finest:
    ``2004-06-11~`` and ``2004-06-~11`` give a day on each side, ``2004-06~-11`` a month.
    """
    months = days = 0
    final = len(scale) - 1
    for index, precision in enumerate(scale):
        if marks[index] & APPROXIMATE and not (index < final and marks[index + 1] & APPROXIMATE):
            months += MONTHS[precision]
            days += precision is Precision.DAY
    if months:
        first, last = months_later(first, -months), months_later(last + 1, months) - 1
    return first - days, last + days


def _extent(
    text: str, found: re.Match[str], year: str, month: str, day: str
) -> tuple[int, int, tuple[Precision, ...]]:
    """First day, last day and the precision at each component, all digits being known."""
    y = int(year)
    if not month:
        return day_number(y, 1, 1), day_number(y, 12, 31), (Precision.YEAR,)
    m = int(month)
    if m in GROUPINGS:
        if day:
            raise _day_in_grouping(text, found)
        grouping = GROUPINGS[m]
        start = grouping.first_month
        return (
            month_start(y, start),
            month_start(y, start + grouping.months) - 1,
            (Precision.YEAR, grouping.precision),
        )
    if not 1 <= m <= 12:
        raise _no_such_month(text, found)
    if not day:
        first = day_number(y, m, 1)
        return first, first + month_length(y, m) - 1, (Precision.YEAR, Precision.MONTH)
    d = int(day)
    if not 1 <= d <= month_length(y, m):
        name = f"{MONTH_NAMES[m]} {name_year(y)}"
        raise EdtfError("no-such-day", found.start(8), text, f"{name} has no day {d}")
    number = day_number(y, m, d)
    return number, number, (Precision.YEAR, Precision.MONTH, Precision.DAY)


def _unspecified_extent(
    text: str, found: re.Match[str], year: str, month: str, day: str
) -> tuple[int, int, tuple[Precision, ...]]:
    """The same where digits are missing: from the first to the last day that fits."""
    known = year[-4:].find("X")
    scale = [OF_KNOWN_DIGITS[known]]
    months = tuple(range(1, 13))
    if month and "X" not in month and int(month) in GROUPINGS:
        if day:
            raise _day_in_grouping(text, found)
        return _grouping_extent(year, int(month))
    if month:
        months = values(month, 12)
        if not months:
            raise _no_such_month(text, found)
        exact = scale[-1] is Precision.YEAR and "X" not in month
        scale.append(Precision.MONTH if exact else scale[-1])
    days = values(day, 31) if day else tuple(range(1, 32))
    if day:
        exact = scale[-1] is Precision.MONTH and "X" not in day
        scale.append(Precision.DAY if exact else scale[-1])
    if days and is_possible(months, days):
        first = edge(year, months, days, first=True)
        last = edge(year, months, days, first=False)
        if first is not None and last is not None:
            return first, last, tuple(scale)
    raise EdtfError("no-such-day", found.start(8), text, "No day of the calendar fits this")


def _grouping_extent(year: str, code: int) -> tuple[int, int, tuple[Precision, ...]]:
    """A season, quarter… of a year with missing digits."""
    first, last = next(years(year, ascending=True)), next(years(year, ascending=False))
    grouping = GROUPINGS[code]
    end = grouping.first_month + grouping.months
    precision = OF_KNOWN_DIGITS[year[-4:].find("X")]
    return (
        month_start(first, grouping.first_month),
        month_start(last, end) - 1,
        (precision, precision),
    )


def _unspecified_level(year: str, month: str, day: str) -> int:
    """1 where only whole components from the right, or a year's last digits, are missing."""
    if "X" in year:
        return 1 if not month and year[-4:].rstrip("X").isdigit() and year[-3] != "X" else 2
    if "X" in month:
        return 1 if month == "XX" and day in ("", "XX") else 2
    return 1 if day == "XX" else 2


def _no_such_month(text: str, found: re.Match[str]) -> EdtfError:
    problem = f"There is no month {found[5]}: months are 01 to 12, seasons and quarters 21 to 41"
    return EdtfError("no-such-month", found.start(5), text, problem)


def _day_in_grouping(text: str, found: re.Match[str]) -> EdtfError:
    problem = "A season, quarter or half of a year has no days: leave the day out"
    return EdtfError("day-in-season", found.start(8), text, problem)
