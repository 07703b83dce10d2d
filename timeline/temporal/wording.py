"""The names of years and months in English."""

from __future__ import annotations

from typing import Final

MONTH_NAMES: Final = (
    "",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# Between two years.
DASH: Final = "\N{EN DASH}"

WEEKDAY_NAMES: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)


def name_year(year: int) -> str:
    """A year as people count it; the astronomical year 0 is 1 BCE.

    >>> name_year(2019), name_year(79), name_year(-43)
    ('2019', '79 CE', '44 BCE')
    """
    if year <= 0:
        return f"{1 - year} BCE"
    return str(year) if 1000 <= year <= 9999 else f"{year} CE"


def listed(items: list[str], last: str) -> str:
    """Items in a row, the last joined by a word.

    >>> listed(["1667", "1668", "1670"], "or")
    '1667, 1668 or 1670'
    """
    if len(items) == 1:
        return items[0]
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
