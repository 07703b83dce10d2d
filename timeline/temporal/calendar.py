"""Days of the proleptic Gregorian calendar for any year.

``datetime`` ends at the years 1 and 9999; these days are plain integers, counted from 1970-01-01,
and year 0 is 1 BCE. The arithmetic is that of an era of 400 years = 146,097 days, with years that
begin in March so that the leap day comes last.
"""

from __future__ import annotations

DAY = 86_400
_ERA_DAYS = 146_097
# From 0000-03-01 to 1970-01-01.
_EPOCH = 719_468
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Whether ``year`` has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """How many days ``month`` (1 to 12) of ``year`` has."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to the given date.

    >>> day_number(1970, 1, 1), day_number(2000, 3, 1), day_number(0, 1, 1)
    (0, 11017, -719528)
    """
    if month > 2:
        month -= 3
    else:
        month += 9
        year -= 1
    era, of_era = divmod(year, 400)
    of_year = (153 * month + 2) // 5 + day - 1
    return era * _ERA_DAYS + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _EPOCH


def civil(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number: the inverse of :func:`day_number`.

    >>> civil(-719528), civil(11016)
    ((0, 1, 1), (2000, 2, 29))
    """
    era, of_era = divmod(number + _EPOCH, _ERA_DAYS)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year + era * 400 + (month <= 2), month, day


def month_start(year: int, month: int) -> int:
    """The day number of the first of a month; months beyond 12 belong to later years."""
    carried, index = divmod(month - 1, 12)
    return day_number(year + carried, index + 1, 1)


def months_later(number: int, months: int) -> int:
    """The same day of the month, ``months`` later (or earlier), or that month's last day.

    >>> civil(months_later(day_number(2019, 3, 31), -1))
    (2019, 2, 28)
    """
    year, month, day = civil(number)
    carried, index = divmod(month - 1 + months, 12)
    year, month = year + carried, index + 1
    return day_number(year, month, min(day, month_length(year, month)))


def weekday(number: int) -> int:
    """The day of the week of a day number, Monday being 0.

    >>> weekday(day_number(2019, 11, 7))
    3
    """
    return (number + 3) % 7
