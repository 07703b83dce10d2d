import pickle

import pytest

from timeline.temporal import EdtfError, parse

REFUSED = (
    ("", "empty", 0, "nothing"),
    (" 1985", "space", 0, "space before"),
    ("1985 ", "space", 4, "space after"),
    ("[1667, 1668]", "space", 6, "space in a set"),
    ("2004-06-01 /2005", "space", 10, "space in an interval"),
    ("19", "year-digits", 0, "two digits are no century"),
    ("197", "year-digits", 0, "three digits are no decade"),
    ("12345", "year-digits", 0, "five digits need Y"),
    ("20191107", "year-digits", 0, "basic format"),
    ("+2006", "year-digits", 0, "plus sign"),
    ("-999", "year-digits", 1, "negative year of three digits"),
    ("-0000", "negative-zero", 0, "minus zero"),
    ("-0000S1", "negative-zero", 1, "minus zero with significant digits"),
    ("2019-1", "month-digits", 5, "month of one digit"),
    ("2019-", "month-digits", 5, "no month"),
    ("2019-00", "no-such-month", 5, "month zero"),
    ("2019-13", "no-such-month", 5, "month 13"),
    ("2019-20", "no-such-month", 5, "before spring"),
    ("2019-42", "no-such-month", 5, "after the second half"),
    ("2019-2X", "no-such-month", 5, "a month between 20 and 29"),
    ("XXXX-13-01", "no-such-month", 5, "month 13 of an unknown year"),
    ("2019-08-7", "day-digits", 8, "day of one digit"),
    ("2019-02-29", "no-such-day", 8, "no leap year"),
    ("1900-02-29", "no-such-day", 8, "century year that is no leap year"),
    ("2019-04-31", "no-such-day", 8, "31 April"),
    ("2019-04-00", "no-such-day", 8, "day zero"),
    ("2019-02-3X", "no-such-day", 8, "no day fits"),
    ("19XX-02-30", "no-such-day", 8, "no year fits"),
    ("XXX1-02-29", "no-such-day", 8, "no leap year fits"),
    ("156X-09-31", "no-such-day", 8, "31 September of any year"),
    ("1999-XX-32", "no-such-day", 8, "day 32 of any month"),
    ("2019-21-05", "day-in-season", 8, "day in a season"),
    ("20XX-24-XX", "day-in-season", 8, "unknown day in a winter"),
    ("2019-08-07-01", "unexpected", 11, "a fourth part"),
    ("2019-08-07?~", "unexpected", 11, "two qualifiers"),
    ("1985wtf", "bad-character", 4, "letters"),
    ("20xx", "lower-case", 2, "small x"),
    ("1985-04-12t23:20:30", "lower-case", 10, "small t"),
    ("1985-04-12T23:20:30z", "lower-case", 19, "small z"),
    ("\u0662\u0660\u0661\u0669", "bad-character", 0, "digits of another script"),
    ("2019\x00", "bad-character", 4, "NUL"),
    ("2019\ud800", "bad-character", 4, "half a character"),
    ("2004-(06)?-11", "bad-character", 5, "the draft of 2012"),
    ("Y1700", "year-digits", 1, "Y with four digits"),
    ("Y1745S3", "year-digits", 1, "Y with four significant digits"),
    ("Y00001", "leading-zero", 1, "Y with zeros"),
    ("Y0E5", "leading-zero", 1, "zero to a power"),
    ("Y17E0", "no-exponent", 4, "exponent zero"),
    ("1950S0", "no-significant-digit", 5, "no significant digit"),
    ("Y17E7-12-26", "not-a-long-year", 0, "month in a long year"),
    ("Y170XX", "not-a-long-year", 0, "unknown digits in a long year"),
    ("Y", "not-a-long-year", 0, "Y alone"),
    ("Y9E99999999", "year-too-large", 1, "a year beyond counting"),
    ("Y200000000001", "year-too-large", 1, "a year beyond the limit"),
    ("1985-04-12T23:20", "time-without-seconds", 16, "no seconds"),
    ("1985-04-12T23:20Z", "time-without-seconds", 16, "no seconds but a zone"),
    ("1985-04-12T2:20:30", "not-a-time", 10, "hour of one digit"),
    ("1985-04-12T23:20:30.5", "not-a-time", 10, "fraction of a second"),
    ("1985-04-12T23:20:30+0430", "not-a-time", 10, "shift in basic format"),
    ("1985-04T10:10:10", "not-a-time", 7, "time without a day"),
    ("1985-04-XXT10:10:10", "not-a-time", 10, "time on an unknown day"),
    ("1985-04-12T23:20:30Z?", "qualified-time", 10, "doubtful time"),
    ("1985-04-12T25:00:00", "no-such-time", 11, "hour 25"),
    ("1985-04-12T24:00:01", "no-such-time", 11, "after the end of the day"),
    ("1985-04-12T23:60:00", "no-such-time", 14, "minute 60"),
    ("1985-04-12T23:20:61", "no-such-time", 17, "second 61"),
    ("2016-12-31T22:59:60Z", "no-such-time", 17, "leap second within a day"),
    ("2016-12-31T23:59:60+01:00", "no-such-time", 17, "leap second of a local day"),
    ("1985-04-12T23:20:30+24", "no-such-shift", 19, "shift of a day"),
    ("1985-04-12T23:20:30-05:60", "no-such-shift", 19, "shift of 60 minutes"),
    ("1985-04-12T23:20:30-00:00", "no-such-shift", 19, "shift of minus zero"),
    ("2008/1964", "reversed-interval", 5, "reversed interval"),
    ("2012-24/2012-21", "reversed-interval", 8, "winter to spring of one year"),
    ("0800/-0999", "reversed-interval", 5, "reversed across the year 0"),
    ("1985/2000/2010", "second-slash", 9, "two slashes"),
    ("2012///4444", "second-slash", 5, "three slashes"),
    ("2000/12-12", "year-digits", 5, "end without a year"),
    ("2005-07-25/2006-01-01T10:10:10Z", "one-sided-time", 11, "time at one end"),
    ("1985-13-01/2000-01-01", "no-such-month", 5, "bad start"),
    ("[1999", "unclosed-set", 4, "open bracket"),
    ("[1999}", "unclosed-set", 5, "brackets of two kinds"),
    ("[", "unclosed-set", 0, "bracket alone"),
    ("[]", "empty-set", 1, "empty set"),
    ("{}", "empty-set", 1, "empty list"),
    ("[2020,,2021]", "empty-date", 6, "missing member"),
    ("[2020,]", "empty-date", 6, "trailing comma"),
    ("[..]", "empty-range", 1, "range without dates"),
    ("[1760..,1761]", "open-range-inside", 5, "“all after” before another"),
    ("[1760,..1761]", "open-range-inside", 6, "“all before” after another"),
    ("{1987-10..1988}", "range-precision", 10, "range from month to year"),
    ("{2002..2001}", "reversed-range", 7, "reversed range"),
    ("[[1999],2000]", "nested", 1, "set in a set"),
    ("[1999/2000]", "nested", 5, "interval in a set"),
    ("[1999]/2000", "unclosed-set", 10, "set in an interval"),
    ("[2019-11-07T10:00:00Z]", "time-in-set", 1, "time in a set"),
    ("2019]", "unexpected", 4, "bracket at the end"),
    ("2001-21^southernHemisphere", "bad-character", 7, "hemisphere of another draft"),
    ("1985-04-31/..", "no-such-day", 8, "impossible start, open end"),
    ("not a date", "bad-character", 0, "words"),
)


@pytest.mark.parametrize(
    ("text", "code", "offset"), [pytest.param(*row[:3], id=row[3]) for row in REFUSED]
)
def test_what_is_no_date_is_refused_with_its_place(text, code, offset):
    with pytest.raises(EdtfError) as caught:
        parse(text)

    error = caught.value
    assert (error.code, error.offset, error.text) == (code, offset, text)
    assert isinstance(error, ValueError)
    assert str(error).isprintable()
    str(error).encode()


def test_something_that_is_no_text_is_refused():
    with pytest.raises(EdtfError) as caught:
        parse(2019)

    assert caught.value.code == "not-text"


def test_a_zone_of_more_than_a_day_is_refused():
    with pytest.raises(ValueError, match="within a day"):
        parse("2019", zone=1440)


def test_an_error_survives_being_sent_elsewhere():
    with pytest.raises(EdtfError) as caught:
        parse("2019-13")

    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.code, error.offset, str(error)) == ("no-such-month", 5, str(caught.value))
