import pytest
from hypothesis import given

from tests.temporal.strategies import TEXTS
from timeline.temporal import parse

LABELS = (
    ("2019", "2019"),
    ("2019-08", "August 2019"),
    ("2019-11-07", "7 November 2019"),
    ("0079-08-24", "24 August 79 CE"),
    ("-0043-03-15", "15 March 44 BCE"),
    ("0000", "1 BCE"),
    ("Y170000002", "170000002 CE"),
    ("Y-17E7", "170000001 BCE"),
    ("2019-08~", "about August 2019"),
    ("1912?", "possibly 1912"),
    ("1912%", "possibly about 1912"),
    ("2004?-06-11", "11 June 2004 (year uncertain)"),
    ("2004-06~-11", "11 June 2004 (year approximate, month approximate)"),
    ("?2004-06-~11", "11 June 2004 (year uncertain, day approximate)"),
    ("2020-21", "spring 2020"),
    ("2019-24", "winter 2019\u20132020"),
    ("-0043-24", "winter 44 BCE\u201343 BCE"),
    ("2019-30", "summer 2019\u20132020 (southern hemisphere)"),
    ("2019-35", "third quarter of 2019"),
    ("2019-39", "last third of 2019"),
    ("2019-40", "first half of 2019"),
    ("195X", "the 1950s"),
    ("180X", "the decade 1800\u20131809"),
    ("18XX", "the 1800s"),
    ("1XXX", "between 1000 and 1999"),
    ("007X", "between 70 CE and 79 CE"),
    ("-004X", "between 50 BCE and 41 BCE"),
    ("XXXX", "an unknown year"),
    ("1XX5", "between 1005 and 1995 (1XX5)"),
    ("1950S2", "a year between 1900 and 1999, estimated to be 1950"),
    ("2004-XX", "some month of 2004"),
    ("1985-04-XX", "some day of April 1985"),
    ("1985-XX-XX", "some day of 1985"),
    ("1985-XX-12", "day 12 of some month of 1985"),
    ("1984-1X", "October, November or December 1984"),
    ("1984-1X-05", "day 5 of October, November or December 1984"),
    ("1984-11-0X", "some day of November 1984 (1984-11-0X)"),
    ("156X-12-25", "25 December of a year in the 1560s"),
    ("XXXX-12-XX", "some day of December of an unknown year"),
    ("1XXX-12", "December of a year between 1000 and 1999"),
    ("20XX-41", "second half of a year in the 2000s"),
    ("1985-04-12T23:20:30", "12 April 1985 at 23:20:30 UTC"),
    ("1985-04-12T14:30:00+08:00", "12 April 1985 at 14:30 UTC+8"),
    ("1985-04-12T14:30:00-04:30", "12 April 1985 at 14:30 UTC-4:30"),
    ("1985-04-12T24:00:00", "12 April 1985 at 24:00 UTC"),
    ("2017/2019-11", "2017 to November 2019"),
    ("2017/..", "since 2017"),
    ("2017/", "from 2017, end unknown"),
    ("../2019-07", "until July 2019"),
    ("/2019-07", "until July 2019, start unknown"),
    ("../..", "no start, no end"),
    ("/", "start unknown, end unknown"),
    ("[..2019-07]", "in or before July 2019"),
    ("[..1760-12-03]", "on or before 3 December 1760"),
    ("[1760-12..]", "in or after December 1760"),
    ("[1760-12-03..]", "on or after 3 December 1760"),
    ("[2019-01..2019-11]", "between January and November 2019"),
    ("[2017-01..2019-11]", "between January 2017 and November 2019"),
    ("[1890~..1900~]", "about between 1890 and 1900"),
    ("[1890..1900~]", "between 1890 and about 1900"),
    ("[2019-11-07,2019-11-09]", "7 November 2019 or 9 November 2019"),
    ("[1667,1668,1670..1672]", "1667, 1668 or between 1670 and 1672"),
    ("[1000,0000]", "1000 CE or 1 BCE"),
    ("{1960,1961-12}", "1960 and December 1961"),
    ("{1667,1670..1672}", "1667 and every year from 1670 to 1672"),
    ("{..1984}", "every year up to 1984"),
    ("{1984-03..}", "every month from March 1984 on"),
    ("{2019-11-07..2019-11-09}", "every day from 7 to 9 November 2019"),
    ("2019-11-07/2019-11-09", "7 to 9 November 2019"),
    ("2019-11-07/2019-11-07", "7 November 2019 to 7 November 2019"),
    ("2019-11-07/2019-11-09?", "7 November 2019 to possibly 9 November 2019"),
    ("2019-08/2019-11", "August to November 2019"),
    ("2019-08-07/2019-11-09", "7 August to 9 November 2019"),
    ("2018-08/2019-11", "August 2018 to November 2019"),
    ("2019-08/2019-11-09", "August 2019 to 9 November 2019"),
    ("[-0043-03-15..-0043-03-17]", "between 15 and 17 March 44 BCE"),
    ("2019-39/..", "since the last third of 2019"),
    ("[..2019-40]", "in or before the first half of 2019"),
    ("/..", "ongoing, start unknown"),
    ("{2019-21..2020-21}", "every season from spring 2019 to spring 2020"),
)


@pytest.mark.parametrize(("text", "label"), [pytest.param(*row, id=row[0]) for row in LABELS])
def test_a_date_is_said_in_words(text, label):
    assert parse(text).label == label


def test_a_time_without_a_zone_is_said_in_the_default_zone():
    assert parse("2019-11-07T14:30:00", zone=480).label == "7 November 2019 at 14:30 UTC+8"


@given(TEXTS)
def test_every_date_has_a_label_of_printable_words(text):
    label = parse(text).label

    assert label.isprintable()
    assert label == " ".join(label.split())


@given(TEXTS)
def test_doubt_and_vagueness_are_always_said(text):
    date = parse(text)

    said = "possibly" in date.label or "uncertain" in date.label
    assert said == date.uncertain
    if date.approximate:
        assert "about" in date.label or "approximate" in date.label
