"""Years of more than four digits, and years with significant digits.

LoC EDTF: level 1 "Letter-prefixed calendar year"; level 2 "Exponential year", "Significant
digits".
"""

from __future__ import annotations

import re

from timeline.temporal.bounds import held
from timeline.temporal.calendar import DAY, day_number, months_later
from timeline.temporal.errors import EdtfError
from timeline.temporal.precision import Precision
from timeline.temporal.shape import APPROXIMATE, BITS, Point

LARGEST_YEAR = 200_000_000_000

_YEAR = re.compile(r"([?~%]?)(Y?-?)([0-9]+)(?:E([0-9]+))?(?:S([0-9]+))?([?~%]?)")


def read_long_year(text: str, start: int, end: int) -> Point | None:
    """Read ``Y170000002``, ``Y-17E7``, ``1950S2``…; None if it has none of these forms.

    ``1950S2`` is some year that begins with the same two digits, estimated to be 1950. More
    significant digits than the year has leave the year itself. Raises :class:`EdtfError`.
    """
    found = _YEAR.fullmatch(text, start, end)
    if found is None:
        return None
    before, prefix, digits, exponent, significance, after = found.groups("")
    if prefix[:1] != "Y" and (exponent or not significance or len(digits) != 4):
        return None
    sign = -1 if prefix.endswith("-") else 1
    magnitude = _magnitude(text, found)
    unit = 1
    if significance:
        significant = _small(significance)
        if not significant:
            raise EdtfError(
                "no-significant-digit", found.start(5), text, "S must be followed by 1 or more"
            )
        unit = 10 ** max(0, len(str(magnitude)) - significant)
    lowest = magnitude - magnitude % unit
    nearest, farthest = sign * lowest, sign * (lowest + unit - 1)
    first = day_number(min(nearest, farthest), 1, 1)
    last = day_number(max(nearest, farthest), 12, 31)
    low, high = first, last
    mark = BITS[before] | BITS[after]
    if mark & APPROXIMATE:
        months = 12 * unit
        low, high = months_later(first, -months), months_later(last + 1, months) - 1
    first, last = held(first * DAY, last * DAY + DAY - 1)
    low, high = held(low * DAY, high * DAY + DAY - 1)
    level = 2 if exponent or significance or before else 1
    return Point(
        _written(sign * magnitude),
        "",
        "",
        (mark, 0, 0),
        first,
        last,
        low,
        high,
        _precision(unit),
        level,
        significant=len(str(magnitude)) - len(str(unit)) + 1 if unit > 1 else 0,
    )


def _magnitude(text: str, found: re.Match[str]) -> int:
    """The year without its sign, within what can be kept."""
    digits, exponent = found[3], found[4]
    at = found.start(3)
    if found[2] in ("", "-"):
        if digits == "0000" and found[2]:
            raise EdtfError("negative-zero", at, text, "There is no year minus zero: write 0000")
        return int(digits)
    if digits[0] == "0":
        problem = "A year after Y does not begin with 0: leave the zeros out"
        raise EdtfError("leading-zero", at, text, problem)
    if exponent is None and len(digits) < 5:
        problem = "Y is for years of more than four digits: write four digits without it"
        raise EdtfError("year-digits", at, text, problem)
    power = 0 if exponent is None else _small(exponent)
    if exponent is not None and not power:
        raise EdtfError("no-exponent", found.start(4), text, "E must be followed by 1 or more")
    if len(digits) + power > 12 or int(digits) * 10**power > LARGEST_YEAR:
        problem = f"Years end at {LARGEST_YEAR:,} on either side"
        raise EdtfError("year-too-large", at, text, problem)
    return int(digits) * int(10**power)


def _small(digits: str) -> int:
    """A count for which "very many" is as good as the number."""
    return int(digits) if len(digits) < 20 else 10**20


def _precision(unit: int) -> Precision:
    named = {1: Precision.YEAR, 10: Precision.DECADE, 100: Precision.CENTURY}
    named[1000] = Precision.MILLENNIUM
    return named.get(unit, Precision.ERA)


def _written(year: int) -> str:
    """The shortest form of a year in EDTF.

    >>> _written(-43), _written(-170000000)
    ('-0043', 'Y-170000000')
    """
    if abs(year) > 9999:
        return f"Y{year}"
    return f"{'-' if year < 0 else ''}{abs(year):04d}"
