"""Dates as sources have them, by chance: most are of a time that sources tell much of."""

from __future__ import annotations

from random import Random

LENGTHS_OF_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _year(chance: Random) -> int:
    age = chance.random()
    if age < 0.70:
        return chance.randint(1950, 2025)
    if age < 0.90:
        return chance.randint(1800, 1949)
    return chance.randint(1, 1799) if age < 0.97 else -chance.randint(1, 3000)


def _spelled_year(year: int) -> str:
    return f"{year:04}" if year >= 0 else f"-{-year:04}"


def day_within(chance: Random, first: int, last: int) -> str:
    month = chance.randrange(12)
    day = chance.randint(1, LENGTHS_OF_MONTHS[month])
    return f"{chance.randint(first, last):04}-{month + 1:02}-{day:02}"


def imprecise_date(chance: Random) -> str | None:
    """An EDTF text: mostly a day or a month, sometimes as vague as sources are."""
    year, month, sort = _year(chance), chance.randrange(12), chance.random()
    y = _spelled_year(year)
    ym = f"{y}-{month + 1:02}"
    ymd = f"{ym}-{chance.randint(1, LENGTHS_OF_MONTHS[month]):02}"
    if sort < 0.52:
        return ymd
    if sort < 0.66:
        return ym
    if sort < 0.77:
        return y
    if sort < 0.81:
        return None
    then = _spelled_year(year + 1 + chance.choice((0, 0, 0, 1, 2, 5, 20)))
    hour, season = chance.randrange(24), chance.randint(21, 24)
    vague = (
        (0.83, f"{y}~"),
        (0.85, f"{ym}?"),
        (0.87, f"{y[:-1]}X"),
        (0.875, f"{y[:-2]}XX"),
        (0.91, f"{ymd}/{then}"),
        (0.94, f"{y}/{then}"),
        (0.95, f"{ym}/.."),
        (0.955, f"/{ym}"),
        (0.965, f"{y}-{season}"),
        (0.98, f"{ymd}T{hour:02}:30:00Z"),
        (0.99, f"[{ym}-07,{ym}-09]"),
        (0.995, f"{{{y},{_spelled_year(year + 1)}}}"),
        (1.0, f"[{ym}-01,{ym}-03..{ym}-05]"),
    )
    return next(text for limit, text in vague if sort < limit)
