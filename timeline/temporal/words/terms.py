"""From the parts of a date to EDTF."""

from __future__ import annotations

from typing import NamedTuple

from timeline.temporal.calendar import DAY, civil, day_number, month_length, month_start, weekday
from timeline.temporal.errors import EdtfError
from timeline.temporal.groupings import GROUPINGS
from timeline.temporal.precision import MONTHS
from timeline.temporal.shape import MARKS
from timeline.temporal.value import parse
from timeline.temporal.wording import MONTH_NAMES, WEEKDAY_NAMES, name_year
from timeline.temporal.words.parts import Parts

_CODES = {2: 40, 3: 37, 4: 33}
# The months of a year, a month and a day.
_UNITS = (12, 1, 0)


class Term(NamedTuple):
    """A date in EDTF, or the first and last date of a stretch in which it lies."""

    low: str
    high: str
    mark: str
    offset: int

    @property
    def is_stretch(self) -> bool:
        return self.low != self.high

    @property
    def alternative(self) -> str:
        """As a member of a set."""
        if self.is_stretch:
            return f"{self.low}{self.mark}..{self.high}{self.mark}"
        return self.low + self.mark

    def edges(self) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        """The first and the last day, without what qualifiers add."""
        first, last = parse(self.low).start_min, parse(self.high).end_max
        return civil(first // DAY), civil(last // DAY)

    @property
    def fineness(self) -> int:
        """0 for years and what is longer, 1 for months and seasons, 2 for days."""
        return self.low.removeprefix("-").count("-")


def term(parts: Parts, text: str) -> Term:
    """Put the parts of one date together, or say what is missing or impossible."""
    mark = MARKS[parts.mark]
    if parts.time and (parts.day is None or parts.mark):
        problem = "A time of day needs a day, and neither about nor possibly"
        raise EdtfError("time-needs-day", parts.offset, text, problem)
    if parts.whole and not parts.time:
        return Term(parts.whole, parts.whole, mark, parts.offset)
    if parts.years is not None:
        low, high = parts.years
        if parts.portion is not None:
            low, high = _portion(low, high, *parts.portion)
        elif parts.mark >= 2 and parts.era != "bc" and high - low == 99:
            # About a century is a century more on each side, which only its digits can say.
            digits = f"{low // 100:02d}XX"
            return Term(digits, digits, mark, parts.offset)
        return Term(write_year(low), write_year(high), mark, parts.offset)
    if parts.year is None:
        problem = "The year is missing: without it the date is not known"
        raise EdtfError("year-missing", parts.offset, text, problem)
    year = 1 - parts.year if parts.era == "bc" else parts.year
    low_text, high_text = _dated(parts, year, text)
    if parts.time:
        low_text = high_text = f"{low_text}T{parts.time}{parts.shift}"
    return Term(low_text, high_text, mark, parts.offset)


def _dated(parts: Parts, year: int, text: str) -> tuple[str, str]:
    """A year, or something within it."""
    written, month = write_year(year), parts.month
    if parts.day is not None and month is not None and month <= 12:
        _check_day(parts, year, month, text)
        whole = f"{written}-{month:02d}-{parts.day:02d}"
        return whole, whole
    if parts.weekday is not None:
        problem = "A day of the week needs a day of the month"
        raise EdtfError("day-missing", parts.offset, text, problem)
    if parts.unknown:
        whole = f"{written}-{'XX' if month is None else f'{month:02d}'}"
        whole += "-XX" if parts.unknown == "day" else ""
        return whole, whole
    if parts.portion is None:
        whole = written if month is None else f"{written}-{month:02d}"
        return whole, whole
    place, count = parts.portion
    if month is None:
        whole = f"{written}-{_CODES[count] + place}"
        return whole, whole
    length = month_length(year, month)
    cuts = {2: (0, 15, length), 3: (0, 10, 20, length)}.get(count)
    if cuts is None:
        raise EdtfError("no-such-part", parts.offset, text, "A month has no quarters here")
    first, last = cuts[place] + 1, cuts[place + 1]
    return f"{written}-{month:02d}-{first:02d}", f"{written}-{month:02d}-{last:02d}"


def _check_day(parts: Parts, year: int, month: int, text: str) -> None:
    day = parts.day or 0
    named = f"{MONTH_NAMES[month]} {name_year(year)}"
    if not 1 <= day <= month_length(year, month):
        problem = f"{named} has no day {day}"
        raise EdtfError("no-such-day", parts.day_offset, text, problem)
    actual = weekday(day_number(year, month, day))
    if parts.weekday not in (None, actual):
        problem = f"{day} {named} is a {WEEKDAY_NAMES[actual]}"
        raise EdtfError("wrong-weekday", parts.offset, text, problem)


def _portion(low: int, high: int, place: int, count: int) -> tuple[int, int]:
    """A part of some years, rounded outwards to whole ones."""
    length = high - low + 1
    return low + length * place // count, low - 1 - (-length * (place + 1) // count)


def write_year(year: int) -> str:
    """A year in EDTF.

    >>> write_year(79), write_year(-43), write_year(-11999)
    ('0079', '-0043', 'Y-11999')
    """
    if abs(year) > 9999:
        return f"Y{year}"
    return f"{'-' if year < 0 else ''}{abs(year):04d}"


def day_before(item: Term) -> str:
    """The last date before ``item`` as fine as it is: strictly before 1890 is up to 1889."""
    year, month, day = item.edges()[0]
    slack = _slack(item, item.fineness)
    if item.fineness == 2:
        return _write(*civil(day_number(year, month, day) - 1), 2)
    if item.fineness == 1:
        return _write(year, month - 1 + slack, 1, 1)
    return write_year(year - 1 + slack // 12)


def day_after(item: Term) -> str:
    """The first date after ``item`` as fine as it is."""
    year, month, day = item.edges()[1]
    slack = _slack(item, item.fineness)
    if item.fineness == 2:
        return _write(*civil(day_number(year, month, day) + 1), 2)
    if item.fineness == 1:
        return _write(year, month + 1 - slack, 1, 1)
    return write_year(year + 1 - slack // 12)


def between(first: Term, last: Term) -> str:
    """From the first day of the one to the last of the other, as fine as the finer of them."""
    if _kind(first) == _kind(last):
        return f"{first.low}{first.mark}..{last.high}{last.mark}"
    fineness = max(first.fineness, last.fineness)
    year, month, day = first.edges()[0]
    low = _write(year, month - _slack(first, fineness), day, fineness)
    year, month, day = last.edges()[1]
    high = _write(year, month + _slack(last, fineness), day, fineness)
    return f"{low}{first.mark}..{high}{last.mark}"


def _kind(item: Term) -> tuple[int, str]:
    """What both ends of a range in a set must agree in."""
    month = item.low[-2:]
    grouping = GROUPINGS.get(int(month)) if item.fineness == 1 and month.isdigit() else None
    return item.fineness, grouping.precision if grouping else ""


def _slack(item: Term, fineness: int) -> int:
    """Months by which an approximate date is vaguer than a date of this fineness would be.

    About the 1890s is ten years more or less; a year in its place would say one.
    """
    if item.mark not in ("~", "%"):
        return 0
    return MONTHS[parse(item.low).precision] - _UNITS[fineness]


def _write(year: int, month: int, day: int, fineness: int) -> str:
    if fineness == 0:
        return write_year(year + (month - 1) // 12)
    year, month, day = civil(month_start(year, month) + day - 1)
    whole = f"{write_year(year)}-{month:02d}"
    return f"{whole}-{day:02d}" if fineness == 2 else whole
