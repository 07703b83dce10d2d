from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.temporal import (
    NEGATIVE_INFINITY,
    POSITIVE_INFINITY,
    Bounds,
    EndState,
    format_instant,
    parse,
)
from timeline.temporal.calendar import civil, day_number, months_later

NEVER, ALWAYS = NEGATIVE_INFINITY, POSITIVE_INFINITY


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def first(day: str) -> int:
    return at(f"{day}T00:00:00")


def last(day: str) -> int:
    return at(f"{day}T23:59:59")


YEAR_2017 = (first("2017-01-01"), last("2017-12-31"))
NOVEMBER = (first("2019-11-01"), last("2019-11-30"))
JULY = (first("2019-07-01"), last("2019-07-31"))
AUGUST = (first("2019-08-01"), last("2019-08-31"))


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        pytest.param("2017", YEAR_2017 * 2, id="a year: some time within it"),
        pytest.param("2019-08", AUGUST * 2, id="a month: some time within it"),
        pytest.param("2017/2019-11", YEAR_2017 + NOVEMBER, id="from a year to a month"),
        pytest.param("2017/..", (*YEAR_2017, ALWAYS, ALWAYS), id="still going on"),
        pytest.param("2017/", (*YEAR_2017, YEAR_2017[0], ALWAYS), id="end not known"),
        pytest.param("../2019-07", (NEVER, NEVER, *JULY), id="no beginning"),
        pytest.param("/2019-07", (NEVER, JULY[1], *JULY), id="beginning not known"),
        pytest.param("../..", (NEVER, NEVER, ALWAYS, ALWAYS), id="always"),
        pytest.param("/", (NEVER, ALWAYS, NEVER, ALWAYS), id="whenever"),
        pytest.param("/..", (NEVER, ALWAYS, ALWAYS, ALWAYS), id="from whenever, for ever"),
        pytest.param("../", (NEVER, NEVER, NEVER, ALWAYS), id="to whenever, from ever"),
        pytest.param("[..2019-07]", (NEVER, JULY[1]) * 2, id="at some time up to July"),
        pytest.param("[2019-07..]", (JULY[0], ALWAYS) * 2, id="at some time from July"),
        pytest.param(
            "[2019-11-07,2019-11-09]",
            (first("2019-11-07"), last("2019-11-09")) * 2,
            id="one of two days: the hull",
        ),
        pytest.param(
            "{2019-11-07,2019-11-09}",
            (first("2019-11-07"), last("2019-11-07"), first("2019-11-09"), last("2019-11-09")),
            id="both days: from the first to the last",
        ),
        pytest.param("{..2019-07}", (NEVER, NEVER, *JULY), id="every month up to July"),
        pytest.param("{2019-07..}", (*JULY, ALWAYS, ALWAYS), id="every month from July"),
        pytest.param("{2017..2019}", (*YEAR_2017, first("2019-01-01"), last("2019-12-31")),
                     id="every year from one to another"),
        pytest.param("1985/1985", (first("1985-01-01"), last("1985-12-31")) * 2,
                     id="within one year"),
        pytest.param(
            "2019/2019-03",
            (first("2019-01-01"), last("2019-03-31"), first("2019-03-01"), last("2019-03-31")),
            id="what ends in March began by then",
        ),
        pytest.param(
            "2019-03-05/2019",
            (first("2019-03-05"), last("2019-03-05"), first("2019-03-05"), last("2019-12-31")),
            id="what began in March ends after that",
        ),
        pytest.param("1985-04-12T23:20:30", (at("1985-04-12T23:20:30"),) * 4, id="a second"),
        pytest.param("2016-05-02T24:00:00", (first("2016-05-03"),) * 4, id="the end of a day"),
        pytest.param("2016-12-31T23:59:60Z", (last("2016-12-31"),) * 4, id="a leap second"),
    ],
)  # fmt: skip
def test_a_date_has_four_numbers(text, bounds):
    assert parse(text).bounds == Bounds(*bounds)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        pytest.param("1912~", "1911-01-01", "1913-12-31", id="a year by a year"),
        pytest.param("195X~", "1940-01-01", "1969-12-31", id="a decade by a decade"),
        pytest.param("19XX~", "1800-01-01", "2099-12-31", id="a century by a century"),
        pytest.param("2019-03~", "2019-02-01", "2019-04-30", id="a month by a month"),
        pytest.param("2020-21~", "2019-12-01", "2020-08-31", id="a season by three months"),
        pytest.param("2020-34~", "2020-01-01", "2020-09-30", id="a quarter by a quarter"),
        pytest.param("2020-38~", "2020-01-01", "2020-12-31", id="four months by four months"),
        pytest.param("2020-40~", "2019-07-01", "2020-12-31", id="a half by a half"),
        pytest.param("2020-03-01~", "2020-02-29", "2020-03-02", id="a day by a day"),
        pytest.param("1950S2~", "1800-01-01", "2099-12-31", id="two digits by a century"),
        pytest.param("2004-06-~11", "2004-06-10", "2004-06-12", id="a day alone by a day"),
        pytest.param("2004-~06-11", "2004-05-11", "2004-07-11", id="a month alone by a month"),
        pytest.param("2004~-06-11", "2003-06-11", "2005-06-11", id="a year alone by a year"),
        pytest.param("2004-~06-~11", "2004-06-10", "2004-06-12", id="month and day by a day"),
        pytest.param("~2004-06-~11", "2003-06-10", "2005-06-12", id="year and day by both"),
        pytest.param("2004~-02-29", "2003-02-28", "2005-02-28", id="a leap day by a year"),
        pytest.param("2004-03-XX~", "2004-02-01", "2004-04-30", id="some day by a month"),
        pytest.param("[1912~,1914]", "1911-01-01", "1914-12-31", id="a member of a set"),
        pytest.param("1912~/1914", "1911-01-01", "1914-12-31", id="one end of an interval"),
    ],
)
def test_about_widens_by_one_unit_of_what_is_known(text, start, end):
    date = parse(text)

    assert date.approximate
    assert (date.start_min, date.end_max) == (first(start), last(end))


def test_doubt_changes_no_bound():
    assert parse("1912?").bounds == parse("1912").bounds
    assert parse("1912?").uncertain
    assert not parse("1912?").approximate


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        pytest.param("2019", EndState.CLOSED, EndState.CLOSED, id="a year"),
        pytest.param("2017/..", EndState.CLOSED, EndState.OPEN, id="still going on"),
        pytest.param("2017/", EndState.CLOSED, EndState.UNKNOWN, id="end not known"),
        pytest.param("../2017", EndState.OPEN, EndState.CLOSED, id="no beginning"),
        pytest.param("[..2017]", EndState.UNKNOWN, EndState.CLOSED, id="at some time before"),
        pytest.param("[2017..]", EndState.CLOSED, EndState.UNKNOWN, id="at some time after"),
        pytest.param("{..2017}", EndState.OPEN, EndState.CLOSED, id="always before"),
        pytest.param("{2015,2017..}", EndState.CLOSED, EndState.OPEN, id="for ever after"),
    ],
)
def test_an_end_is_closed_open_or_unknown(text, start, end):
    assert (parse(text).start_state, parse(text).end_state) == (start, end)


@pytest.mark.parametrize(
    ("text", "edge"),
    [
        pytest.param("2017/..", "start_min", id="the start"),
        pytest.param("[2017..]", "start_min", id="the earliest start"),
        pytest.param("/2019", "start_max", id="the latest start"),
        pytest.param("[..2017]", "start_max", id="the latest start of one of several"),
        pytest.param("../2019", "end_min", id="the earliest end"),
        pytest.param("../..", "end_max", id="nothing known"),
    ],
)
def test_a_date_is_sorted_by_its_known_edge(text, edge):
    assert parse(text).sort_key == getattr(parse(text), edge)


def test_a_zone_is_read_from_the_text_or_else_by_default():
    assert parse("2019-11-07T08:00:00", zone=480).start_min == first("2019-11-07")
    assert parse("2019-11-07T08:00:00Z", zone=480).start_min == at("2019-11-07T08:00:00")
    assert parse("2019-11-07", zone=480).start_min == first("2019-11-07")


def test_members_of_a_set_keep_their_own_bounds():
    one = parse("[2017,2019-07..2019-08]")

    assert one.members == (Bounds(*YEAR_2017 * 2), Bounds(*(JULY[0], AUGUST[1]) * 2))
    assert parse("{..2019-07}").members == (Bounds(*(NEVER, JULY[1]) * 2),)
    assert parse("2017").members == ()


def test_a_year_beyond_the_sentinels_keeps_what_is_true_of_it():
    late, early = parse("Y200000000000"), parse("Y-200000000000")

    assert (late.start_min, late.end_max) == (POSITIVE_INFINITY - 1, POSITIVE_INFINITY)
    assert (early.start_min, early.end_max) == (NEGATIVE_INFINITY, NEGATIVE_INFINITY + 1)
    assert parse("Y146000000000").end_max < POSITIVE_INFINITY - 1


@given(st.dates())
def test_days_are_those_of_the_standard_library(day):
    number = (day - date(1970, 1, 1)).days

    assert day_number(day.year, day.month, day.day) == number
    assert civil(number) == (day.year, day.month, day.day)


@given(st.integers(-(10**13), 10**13))
def test_every_day_number_has_its_date(number):
    assert day_number(*civil(number)) == number
    assert civil(number + 146_097) == (civil(number)[0] + 400, *civil(number)[1:])


@given(st.integers(-(10**6), 10**6), st.integers(-5000, 5000))
def test_months_later_is_undone_up_to_the_length_of_months(number, months):
    assert 0 <= number - months_later(months_later(number, months), -months) <= 3


@given(st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)))
def test_an_instant_is_written_as_the_standard_library_writes_it(moment):
    moment = moment.replace(microsecond=0)
    seconds = (moment - datetime(1970, 1, 1)) // timedelta(seconds=1)

    assert format_instant(seconds) == moment.isoformat() + "Z"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("0000", "0000-01-01T00:00:00Z", id="the year 0"),
        pytest.param("-0489", "-0489-01-01T00:00:00Z", id="before the year 0"),
        pytest.param("Y123456", "+123456-01-01T00:00:00Z", id="after the year 9999"),
        pytest.param("Y-123456", "-123456-01-01T00:00:00Z", id="long before"),
        pytest.param("../2019", None, id="no bound"),
    ],
)
def test_an_instant_has_a_sign_outside_four_digits(text, written):
    assert format_instant(parse(text).start_min) == written
