"""Unspecified digits against an oracle that looks at every day."""

import re
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.temporal import EdtfError, parse

EPOCH = date(1970, 1, 1)


def digits(text: str) -> st.SearchStrategy[str]:
    """``text`` with some of its digits hidden."""
    return st.lists(st.booleans(), min_size=len(text), max_size=len(text)).map(
        lambda hidden: "".join("X" if x else c for c, x in zip(text, hidden, strict=True))
    )


# The first two digits of the year stay, so that there are only a hundred years to look at.
YEARS = st.sampled_from(["1900", "1904", "1999", "2000", "2019"]).flatmap(
    lambda year: digits(year[2:]).map(lambda rest: year[:2] + rest)
)
MONTHS = st.integers(1, 12).flatmap(lambda month: digits(f"{month:02d}"))
DAYS = st.integers(1, 31).flatmap(lambda day: digits(f"{day:02d}"))


@cache
def days_of_century(century: str) -> list[str]:
    day, end = date(int(century) * 100, 1, 1), date(int(century) * 100 + 99, 12, 31)
    return [(day + timedelta(days=n)).isoformat() for n in range((end - day).days + 1)]


def matching_days(pattern: str) -> list[date]:
    """Every day of the century that the pattern matches, digit by digit."""
    fits = re.compile(pattern.replace("X", "[0-9]")).match
    return [date.fromisoformat(day) for day in days_of_century(pattern[:2]) if fits(day)]


@given(st.one_of(st.tuples(YEARS), st.tuples(YEARS, MONTHS), st.tuples(YEARS, MONTHS, DAYS)))
def test_the_bounds_reach_from_the_first_to_the_last_day_that_fits(parts):
    pattern = "-".join(parts)
    days = matching_days(pattern)

    if not days:
        with pytest.raises(EdtfError) as caught:
            parse(pattern)
        assert caught.value.code == "no-such-day"
        return
    found = parse(pattern)
    assert found.start_min == (days[0] - EPOCH).days * 86_400
    assert found.end_max == (days[-1] - EPOCH).days * 86_400 + 86_399
    assert (found.start_max, found.end_min) == (found.end_max, found.start_min)


def test_a_negative_pattern_counts_backwards():
    assert parse("-20XX").start_min == parse("-2099").start_min
    assert parse("-20XX").end_max == parse("-2000").end_max
    assert parse("-000X").end_max == parse("-0001").end_max
