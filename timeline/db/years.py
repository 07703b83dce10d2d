"""Dates told no more precisely than what is counted by years, decades and centuries needs."""

from __future__ import annotations

from timeline.temporal import NEGATIVE_INFINITY, POSITIVE_INFINITY

DAY = 86_400
# Four hundred years have as many days each time; so many times make every day positive, since in
# SQL a division rounds towards zero.
CYCLE, CYCLES = 146_097, 400_000_000
# Days from the first day of the year 0 to 1970-01-01.
EPOCH = 719_528 + CYCLE * CYCLES
SPACED = " || ' ' || "
BOUNDS = ("start_min", "start_max", "end_min", "end_max")


def years(events: str) -> str:
    """Of each of the events its dates in years.

    Where all of it lies within a year: the first second of the year, and its last. Otherwise its
    first second and its last; or, where it has not both, the years of its four bounds. A ``?``
    behind says that it is uncertain. Without a date: nothing. Of a set of dates in several years
    the key of the event, and behind a ``{`` the four bounds.
    """
    days = ", ".join(
        f"(e.{name} - ((e.{name} % {DAY}) + {DAY}) % {DAY}) / {DAY} + {EPOCH} AS {name}_day"
        for name in BOUNDS
    )
    # Not off by more than one.
    about = ", ".join(f"{name}_day * 400 / {CYCLE} AS {name}_about" for name in BOUNDS)
    exact = ", ".join(
        f"{name}_about + CASE WHEN {name}_day >= {_first_day(f'({name}_about + 1)')} THEN 1 "
        f"WHEN {name}_day < {_first_day(f'{name}_about')} THEN -1 ELSE 0 END AS {name}_year"
        for name in BOUNDS
    )
    begins, *others = (
        f"CASE WHEN {name} IN ({NEGATIVE_INFINITY}, {POSITIVE_INFINITY}) THEN {name} "
        f"ELSE {_first_second(f'{name}_year')} END"
        for name in BOUNDS
    )
    is_open = f"(start_min = {NEGATIVE_INFINITY} OR end_max = {POSITIVE_INFINITY})"
    told = SPACED.join(f"CAST({bound} AS varchar(20))" for bound in others)
    is_one = f"start_min_year = end_max_year AND NOT {is_open}"
    exactly = [f"CAST({name} AS varchar(20))" for name in BOUNDS]
    return (
        "SELECT CASE WHEN undated THEN 0 "
        f"WHEN {is_one} THEN {_first_second('start_min_year')} "
        f"WHEN date_set <> '' THEN id WHEN {is_open} THEN {begins} ELSE start_min END AS id, "
        "CASE WHEN undated THEN '' "
        f"WHEN {is_one} THEN CAST({_first_second('(end_max_year + 1)')} - 1 AS varchar(20)) "
        f"WHEN date_set <> '' THEN '{{{{' || {SPACED.join(exactly)} "
        f"WHEN {is_open} THEN {told} ELSE {exactly[-1]} END "
        "|| CASE WHEN date_uncertain THEN '?' ELSE '' END AS word "
        f"FROM (SELECT *, {exact} FROM (SELECT *, {about} FROM (SELECT e.id, e.undated, e.date_set, "
        f"e.date_uncertain, {', '.join(f'e.{name}' for name in BOUNDS)}, {days} {events}"
        ") AS of_days) AS of_about) AS of_years"
    )


def _first_day(year: str) -> str:
    return f"(365 * {year} + ({year} + 3) / 4 - ({year} + 99) / 100 + ({year} + 399) / 400)"


def _first_second(year: str) -> str:
    return f"(({_first_day(year)} - {EPOCH}) * {DAY})"
