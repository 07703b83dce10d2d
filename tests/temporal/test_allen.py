"""Allen's relations against an oracle that tries every start and end."""

import pytest

from tests.temporal.test_relations import SINGLE
from timeline.temporal import Allen, allen_certain, allen_possible, parse

INVERSE = {
    Allen.BEFORE: Allen.AFTER,
    Allen.MEETS: Allen.MET_BY,
    Allen.OVERLAPS: Allen.OVERLAPPED_BY,
    Allen.STARTS: Allen.STARTED_BY,
    Allen.DURING: Allen.CONTAINS,
    Allen.FINISHES: Allen.FINISHED_BY,
    Allen.EQUALS: Allen.EQUALS,
}
INVERSE |= {after: before for before, after in INVERSE.items()}


def allen(first: tuple[int, int], second: tuple[int, int]) -> Allen:
    """The relation of two stretches of whole seconds."""
    (s, e), (t, f) = first, second
    if e < t:
        return Allen.MEETS if e + 1 == t else Allen.BEFORE
    if f < s:
        return Allen.MET_BY if f + 1 == s else Allen.AFTER
    if s == t:
        return Allen.EQUALS if e == f else Allen.STARTS if e < f else Allen.STARTED_BY
    if e == f:
        return Allen.FINISHES if s > t else Allen.FINISHED_BY
    if s < t:
        return Allen.OVERLAPS if e < f else Allen.CONTAINS
    return Allen.DURING if e < f else Allen.OVERLAPPED_BY


@pytest.mark.parametrize(("written", "found"), [pytest.param(*row, id=row[0]) for row in SINGLE])
def test_whatever_two_dates_may_be_to_each_other_is_found(written, found):
    date = parse(written)
    for other_text, others in SINGLE:
        other = parse(other_text)
        possible = allen_possible(date, other)
        # The oracle's moments are few, so it may miss what is possible but never add to it.
        assert {allen(a, b) for a in found for b in others} <= possible
        assert allen_possible(other, date) == {INVERSE[relation] for relation in possible}


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        pytest.param("2017", "2019", Allen.BEFORE, id="a year before another"),
        pytest.param("2019", "2017", Allen.AFTER, id="a year after another"),
        pytest.param("2019-11-07T14:00:00", "2019-11-07T14:00:00Z", Allen.EQUALS, id="a second"),
        pytest.param("2019-11-07T14:00:00", "2019-11-07T14:00:01", Allen.MEETS, id="the next"),
        pytest.param("2019-11-07T14:00:00", "2019-11-07T13:59:59", Allen.MET_BY, id="the last"),
        pytest.param("2019-08", "2017/2019-11", Allen.DURING, id="within an interval"),
        pytest.param("2017/2019-11", "2019-08", Allen.CONTAINS, id="around a month"),
        pytest.param("2015/2017", "2016/2018", Allen.OVERLAPS, id="overlapping intervals"),
        pytest.param("2016/2018", "2015/2017", Allen.OVERLAPPED_BY, id="overlapped"),
        pytest.param("../2017", "../2019", Allen.STARTS, id="both without a beginning"),
        pytest.param("../2019", "../2017", Allen.STARTED_BY, id="and the other way round"),
        pytest.param("2019/..", "2017/..", Allen.FINISHES, id="both still going on"),
        pytest.param("2017/..", "2019/..", Allen.FINISHED_BY, id="and the other way round "),
        pytest.param("2019", "2019", None, id="two moments of one year may be anything"),
        pytest.param("2017?", "2019", None, id="doubtful"),
        pytest.param("[2017,2021]", "2019", None, id="before or after"),
        pytest.param("[2016,2017]", "2019", Allen.BEFORE, id="either way before"),
        pytest.param("{2016,2021}", "2019", Allen.CONTAINS, id="from before to after"),
    ],
)
def test_a_relation_is_certain_if_it_is_the_only_one(a, b, relation):
    assert allen_certain(parse(a), parse(b)) == relation


def test_a_doubtful_date_may_be_trusted():
    assert allen_certain(parse("2017?"), parse("2019"), trust_uncertain=True) is Allen.BEFORE


def test_two_dates_within_a_year_may_stand_in_any_relation():
    assert allen_possible(parse("2019"), parse("2019")) == frozenset(Allen)
