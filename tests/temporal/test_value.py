import copy
import pickle
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.temporal.strategies import TEXTS
from timeline.temporal import Edtf, Relation, certainly, parse, possibly


@given(TEXTS)
def test_the_bounds_of_any_date_are_in_order(text):
    date = parse(text)

    assert date.text == str(date) == text
    assert date.bounds == (date.start_min, date.start_max, date.end_min, date.end_max)
    assert date.start_min <= date.start_max <= date.end_max
    assert date.start_min <= date.end_min <= date.end_max
    assert date.start_min <= date.sort_key <= date.end_max
    assert 0 <= date.level <= 2


@given(TEXTS, st.sampled_from([0, 330, -240]))
def test_the_canonical_text_means_the_same_and_is_its_own(text, zone):
    date = parse(text, zone=zone)
    canonical = parse(date.canonical)

    assert canonical.bounds == date.bounds
    assert canonical.members == date.members
    assert canonical.canonical == date.canonical
    assert (canonical.approximate, canonical.uncertain) == (date.approximate, date.uncertain)
    assert canonical.label == date.label


@given(TEXTS, TEXTS)
def test_what_is_certain_is_possible(text, window):
    for relation in Relation:
        for trust in (False, True):
            if certainly(relation, parse(text), parse(window), trust_uncertain=trust):
                assert possibly(relation, parse(text), parse(window))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        pytest.param("2019-08", "2019-08", id="nothing to change"),
        pytest.param("?2004", "2004?", id="a qualifier of a whole date stands last"),
        pytest.param("?2004-?06-?11", "2004-06-11?", id="equal qualifiers are one group"),
        pytest.param("?2004-06-~11", "2004?-06-~11", id="a group of one component"),
        pytest.param("2004?-06-11~", "2004%-~06-~11", id="a group within a group"),
        pytest.param("Y-17E7", "Y-170000000", id="an exponent is written out"),
        pytest.param("Y17E2", "1700", id="a long year that is not long"),
        pytest.param("Y3388E2S3", "Y338800S3", id="significant digits stay"),
        pytest.param("1950S4", "1950", id="unless there are no others"),
        pytest.param("1985-04-12T23:20:30", "1985-04-12T23:20:30Z", id="the default zone"),
        pytest.param("1985-04-12T23:20:30-04", "1985-04-12T23:20:30-04:00", id="a shift stays"),
        pytest.param("2019-12-31T24:00:00+00", "2020-01-01T00:00:00Z", id="the end of a day"),
        pytest.param("9999-12-31T24:00:00Z", "9999-12-31T24:00:00Z", id="the end of all days"),
        pytest.param("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z", id="a leap second"),
        pytest.param("[?1667,1668..]", "[1667?,1668..]", id="a set"),
        pytest.param("../?1985", "../1985?", id="an interval"),
    ],
)
def test_dates_written_in_several_ways_have_one_canonical_text(text, canonical):
    assert parse(text).canonical == canonical


def test_dates_are_equal_when_text_and_zone_are():
    assert parse("2019-08") == parse("2019-08")
    assert parse("2019-08") != parse("2019-08", zone=60)
    assert parse("2004?") != parse("?2004")
    assert parse("2019-08") != "2019-08"
    assert len({parse("2019"), parse("2019"), parse("2019", zone=60)}) == 2
    assert repr(parse("2019", zone=60)) == "Edtf('2019', zone=60)"
    assert repr(parse("2019")) == "Edtf('2019')"


def test_a_date_cannot_be_changed():
    with pytest.raises(AttributeError):
        parse("2019").text = "2020"


@pytest.mark.parametrize("text", ["2019-08", "[2017,2019..]", "2019-11-07T14:00:00/.."])
def test_a_date_survives_copying_and_pickling(text):
    date = parse(text, zone=60)

    for twin in (copy.copy(date), copy.deepcopy(date), pickle.loads(pickle.dumps(date))):
        assert isinstance(twin, Edtf)
        assert (twin, twin.bounds, twin.label) == (date, date.bounds, date.label)


def test_an_interval_with_times_is_flagged_as_an_extension():
    assert parse("2019-11-07T14:00:00Z/2019-11-07T15:30:00Z").is_extension
    assert not parse("2019-11-07T14:00:00Z").is_extension
    assert not parse("2019-11-07/2019-11-08").is_extension


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        pytest.param("2019-XX-12", "year", id="what is known, not what is written"),
        pytest.param("1XX5", "millennium", id="digits after an unknown one count for nothing"),
        pytest.param("XXXX", "era", id="no digit of the year"),
        pytest.param("2019-08-07/2019", "year", id="the coarser end"),
        pytest.param("../2019-08", "month", id="the only end"),
        pytest.param("../..", "unknown", id="no end at all"),
        pytest.param("[1667,1760-12]", "year", id="the coarsest member"),
        pytest.param("20XX-33", "century", id="a quarter of an unknown year"),
        pytest.param("1952S3", "decade", id="three of four digits"),
    ],
)
def test_precision_is_what_is_known(text, precision):
    assert parse(text).precision == precision


def test_qualifiers_apply_to_the_left_of_their_right_and_to_the_right_of_their_left():
    flags = {
        "2004-06-11": (False, False),
        "2004?-06-11": (False, True),
        "2004-~06-11": (True, False),
        "2004-06-%11": (True, True),
        "?2004-06-~11": (True, True),
        "1984~/2004-06": (True, False),
        "[1667,1668?]": (False, True),
    }
    for (text, expected), zone in product(flags.items(), (0, 60)):
        date = parse(text, zone=zone)
        assert (date.approximate, date.uncertain) == expected
