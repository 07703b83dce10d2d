import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.temporal.test_relations import DAYS
from tests.temporal.test_relations import text as november
from timeline.temporal import parse, parse_words

SAID = (
    ("2017", "2017"), ("In August 2019", "2019-08"), ("on 7 November 2019", "2019-11-07"),
    ("7 Nov 2019", "2019-11-07"), ("7th of November, 2019", "2019-11-07"),
    ("the 7th of November 2019", "2019-11-07"), ("November 7, 2019", "2019-11-07"),
    ("Nov. 7th 2019", "2019-11-07"), ("2019 November 7", "2019-11-07"),
    ("7\u00a0November\u00a02019", "2019-11-07"), ("AUGUST 2019", "2019-08"),
    ("Sept. 2019", "2019-09"), ("August, 2019", "2019-08"), ("August of 2019", "2019-08"),
    ("Thursday, 7 November 2019", "2019-11-07"), ("Thu 7 Nov 2019", "2019-11-07"),
    ("25/12/2019", "2019-12-25"), ("12/25/2019", "2019-12-25"), ("07/07/2019", "2019-07-07"),
    ("2019/11/07", "2019-11-07"), ("11/2019", "2019-11"), ("25.12.2019", "2019-12-25"),
    ("c. 1912", "1912~"), ("c1912", "1912~"), ("ca. 1912", "1912~"), ("circa 1912", "1912~"),
    ("about June 1950", "1950-06~"), ("\u2248 1950", "1950~"), ("~ 1950", "1950~"),
    ("probably 1912", "1912?"), ("possibly June 2004", "2004-06?"), ("1912 (?)", "1912?"),
    ("possibly about 1984", "1984%"), ("circa 1984?", "1984%"),
    ("spring 2020", "2020-21"), ("fall of 2001", "2001-23"), ("winter 2019", "2019-24"),
    ("winter 2019\u20132020", "2019-24"), ("winter 2019/20", "2019-24"),
    ("spring 2020 (southern hemisphere)", "2020-29"),
    ("summer 2019-20 in the southern hemisphere", "2019-30"),
    ("Q3 2019", "2019-35"), ("2019 Q3", "2019-35"), ("third quarter of 2019", "2019-35"),
    ("H2 2019", "2019-41"), ("first half of 2019", "2019-40"),
    ("last third of 2019", "2019-39"), ("second quadrimester of 2019", "2019-38"),
    ("1950s", "195X"), ("the 1950's", "195X"), ("1800s", "18XX"), ("2000s", "20XX"),
    ("450s AD", "045X"), ("440s BC", "[-0448..-0439]"), ("the decade 1800-1809", "180X"),
    ("19th century", "[1801..1900]"), ("the nineteenth century", "[1801..1900]"),
    ("twenty-first century", "[2001..2100]"), ("5th century BC", "[-0499..-0400]"),
    ("1st century BC", "[-0099..0000]"), ("2nd millennium", "[1001..2000]"),
    ("probably the 19th century", "[1801?..1900?]"), ("c. 19th century", "18XX~"),
    ("early 2019", "2019-37"), ("mid-2019", "2019-38"), ("late in 2019", "2019-39"),
    ("early 1950s", "[1950..1953]"), ("mid-1950s", "[1953..1956]"),
    ("late 1950s", "[1956..1959]"), ("late 19th century", "[1867..1900]"),
    ("early August 2019", "[2019-08-01..2019-08-10]"),
    ("mid-August 2019", "[2019-08-11..2019-08-20]"),
    ("late February 2024", "[2024-02-21..2024-02-29]"),
    ("first half of August 2019", "[2019-08-01..2019-08-15]"),
    ("first half of the 19th century", "[1801..1850]"),
    ("last quarter of the 19th century", "[1876..1900]"),
    ("first half of the 1950s", "[1950..1954]"), ("late 5th century BC", "[-0433..-0400]"),
    ("44 BC", "-0043"), ("44 B.C.E.", "-0043"), ("44bc", "-0043"), ("1 BC", "0000"),
    ("15 March 44 BC", "-0043-03-15"), ("March 15, 44 BC", "-0043-03-15"),
    ("AD 79", "0079"), ("79 A.D.", "0079"), ("79 CE", "0079"), ("12000 BC", "Y-11999"),
    ("since 2017", "2017/.."), ("since August 2019, ongoing", "2019-08/.."),
    ("ongoing since 2017", "2017/.."), ("2017 to present", "2017/.."),
    ("2017\u2013present", "2017/.."), ("2017 to the present", "2017/.."),
    ("2017 and ongoing", "2017/.."),
    ("2017 to date", "2017/.."), ("2017, ongoing", "2017/.."), ("from 2017 onwards", "2017/.."),
    ("from 2017 on", "2017/.."), ("from 2017, end unknown", "2017/"),
    ("2017 to unknown", "2017/"), ("unknown to 1984", "/1984"),
    ("until July 2019", "../2019-07"), ("up to 1984", "../1984"),
    ("until 1984, start unknown", "/1984"),
    ("from 2017 to November 2019", "2017/2019-11"), ("2017\u20132019", "2017/2019"),
    ("2017-2019", "2017/2019"), ("2017 \u2014 2019", "2017/2019"), ("2017 until 2019", "2017/2019"),
    ("c. 1912\u20131915", "1912~/1915"), ("7\u20139 November 2019", "2019-11-07/2019-11-09"),
    ("November 7\u20139, 2019", "2019-11-07/2019-11-09"),
    ("7 August \u2013 9 November 2019", "2019-08-07/2019-11-09"),
    ("August to November 2019", "2019-08/2019-11"), ("100\u201350 BC", "-0099/-0049"),
    ("1200\u20131100 BC", "-1199/-1099"), ("50 BC \u2013 AD 20", "-0049/0020"),
    ("the 1950s to 1967", "195X/1967"),
    ("before 1890", "[..1889]"), ("prior to August 2019", "[..2019-07]"),
    ("before 1 November 2019", "[..2019-10-31]"), ("before January 2019", "[..2018-12]"),
    ("before the 1890s", "[..1889]"), ("before the 19th century", "[..1800]"),
    ("before spring 2020", "[..2020-02]"), ("before c. 1890", "[..1889~]"),
    ("before about the 1890s", "[..1898~]"), ("before about spring 2020", "[..2020-04~]"),
    ("after 1890", "[1891..]"), ("after August 2019", "[2019-09..]"),
    ("after 31 December 2019", "[2020-01-01..]"), ("after the 19th century", "[1901..]"),
    ("by 2019", "[..2019]"), ("no later than 7 November 2019", "[..2019-11-07]"),
    ("before or in July 2019", "[..2019-07]"), ("1984 or earlier", "[..1984]"),
    ("2019 or later", "[2019..]"), ("not before 2019", "[2019..]"),
    ("between 2017 and 2019", "[2017..2019]"),
    ("between 2017 and November 2019", "[2017-01..2019-11]"),
    ("between 7 and 9 November 2019", "[2019-11-07..2019-11-09]"),
    ("between spring 2019 and 7 November 2019", "[2019-03-01..2019-11-07]"),
    ("between about 2017 and November 2019", "[2016-02~..2019-11]"),
    ("possibly between 1890 and 1900", "[1890?..1900?]"),
    ("7 or 9 November 2019", "[2019-11-07,2019-11-09]"),
    ("November 7 or 9, 2019", "[2019-11-07,2019-11-09]"),
    ("November 7, 9 or 11, 2019", "[2019-11-07,2019-11-09,2019-11-11]"),
    ("50, 40 or 30 BC", "[-0049,-0039,-0029]"), ("2019 Nov 7th", "2019-11-07"),
    ("every month from March 1984 on", "{1984-03..}"), ("early March 1984", "[1984-03-01..1984-03-10]"),
    ("August or September 2019", "[2019-08,2019-09]"),
    ("1667, 1668 or 1670", "[1667,1668,1670]"), ("1667, 1668, or 1670", "[1667,1668,1670]"),
    ("either 2017 or 2018", "[2017,2018]"), ("before 1890 or in 1912", "[..1889,1912]"),
    ("7 and 9 November 2019", "{2019-11-07,2019-11-09}"), ("both 1667 and 1668", "{1667,1668}"),
    ("every year from 1670 to 1672", "{1670..1672}"), ("every year up to 1984", "{..1984}"),
    ("7 November 2019 at 14:30 UTC+8", "2019-11-07T14:30:00+08:00"),
    ("7 November 2019 at 14:30:15 UTC", "2019-11-07T14:30:15Z"),
    ("14:30 on 7 November 2019", "2019-11-07T14:30:00"),
    ("7 Nov 2019, 2:30 p.m. UTC-5", "2019-11-07T14:30:00-05:00"),
    ("7 November 2019 at 12 am GMT", "2019-11-07T00:00:00Z"),
    ("noon on 7 November 2019", "2019-11-07T12:00:00"),
    ("7 November 2019 at 14:30 +05:30", "2019-11-07T14:30:00+05:30"),
    ("7 November 2019, 14:00\u201315:30 UTC", "2019-11-07T14:00:00Z/2019-11-07T15:30:00Z"),
    ("from 14:00 to 15:30 UTC on 7 November 2019", "2019-11-07T14:00:00Z/2019-11-07T15:30:00Z"),
    ("2019-08", "2019-08"), ("since 2019-08", "2019-08/.."), ("[1667,1668]", "[1667,1668]"),
    ("2019-08-01 or 2019-09-01", "[2019-08-01,2019-09-01]"), ("2019.", "2019"),
    ("2019-11-07 14:30", "2019-11-07T14:30:00"), ("2019-11-07, 2 pm", "2019-11-07T14:00:00"),
    ("2019-11-07 14:30 to 2019-11-08 15:30 UTC", "2019-11-07T14:30:00Z/2019-11-08T15:30:00Z"),
    ("2019-11-07 14:00\u201315:30", "2019-11-07T14:00:00/2019-11-07T15:30:00"),
    ("7-Nov-2019", "2019-11-07"), ("07/Nov/2019", "2019-11-07"),
    ("19th c.", "[1801..1900]"), ("late 5th c. BC", "[-0433..-0400]"), ("2019 spring", "2019-21"),
    ("likely 1912", "1912?"), ("probably before 1912", "[..1911?]"),
    ("by the end of 2019", "[..2019]"), ("until the end of 2019", "../2019"),
    ("on or about 7 November 2019", "2019-11-07~"), ("in or around 1912", "1912~"),
    ("some time before 1890", "[..1889]"), ("sometime between 2017 and 2019", "[2017..2019]"),
    ("probably some time after 2019", "[2020?..]"), ("2nd half of 2019", "2019-41"),
    ("March 2019 \u2013 present", "2019-03/.."), ("in the 1950s", "195X"),
    ("ongoing", "/.."), ("ongoing, start unknown", "/.."),
    ("in or before the last third of 2019", "[..2019-39]"),
    ("some month of 2004", "2004-XX"), ("some day of April 1985", "1985-04-XX"),
)  # fmt: skip


@pytest.mark.parametrize(("said", "text"), [pytest.param(*row, id=row[0]) for row in SAID])
def test_what_people_write_is_read(said, text):
    assert parse_words(said) == parse(text)


REFUSED = (
    ("", "empty", 0), ("   ", "empty", 0),
    ("07/11/2019", "ambiguous-date", 0), ("7.11.2019", "ambiguous-date", 0),
    ("07-11-2019", "ambiguous-date", 0), ("25/12/19", "ambiguous-date", 0),
    ("early 2000s", "ambiguous-date", 6), ("13/2019", "no-such-month", 0),
    ("August", "year-missing", 0), ("7 November", "year-missing", 0),
    ("on 7 November", "year-missing", 0), ("Q3", "year-missing", 2), ("spring", "year-missing", 0),
    ("79", "year-digits", 0), ("December 768", "year-digits", 9), ("about 79", "year-digits", 0),
    ("12000 CE or 12000", "year-digits", 12), ("0 BC", "no-such-year", 0),
    ("1914\u201318", "short-year", 5), ("1914-18", "short-year", 5), ("50s", "century-missing", 0),
    ("1955s", "century-missing", 0), ("Wednesday 7 November 2019", "wrong-weekday", 0),
    ("Thursday November 2019", "day-missing", 0), ("31 February 2019", "no-such-day", 0),
    ("February 29, 2019", "no-such-day", 9), ("from 30 to 31 November 2019", "no-such-day", 11),
    ("third half of 2019", "no-such-part", 6), ("Q5 2019", "no-such-part", 1),
    ("first quarter of August 2019", "no-such-part", 0),
    ("7 November 2019 at 13 pm", "no-such-time", 19), ("2019 at 14:30", "time-needs-day", 0),
    ("about 7 November 2019 at 14:30", "time-needs-day", 0),
    ("7 November 2019 at 14:30 UTC+25", "no-such-shift", 29),
    ("7 November 2019 at 14:30 EST", "not-understood", 25),
    ("before 7 November 2019 at 14:30", "time-in-set", 7),
    ("2017\u2013", "end-missing", 5), ("from 2017", "end-missing", 9),
    ("2019 to 2017", "reversed-interval", 0), ("between 2019 and 2017", "reversed-range", 0),
    ("from the 19th century to 1950", "no-single-date", 5),
    ("1000 or 50 BC", "ambiguous-date", 0),
    ("1667, 1668", "list-unclear", 10), ("2019 or 2020 and 2021", "mixed-list", 17),
    ("every year from 1670 to 1672 or 1680", "mixed-list", 36),
    ("either 2017", "incomplete", 11), ("both 2017 to 2019", "incomplete", 10),
    ("7 November 2019 or 9", "year-digits", 19), ("7 November 2019\u201321", "year-digits", 16),
    ("every year since 1670", "not-understood", 11), ("last millennium", "not-understood", 15),
    ("every year from 1670 until 1680", "incomplete", 21), ("decade of 1800", "not-understood", 7),
    ("7, " * 48 + "or 8 November 2019", "too-long", 0), ("November 768 to 2019", "year-digits", 9),
    ("early spring 2019", "not-understood", 6), ("a time", "not-understood", 0),
    ("between 1890", "incomplete", 12), ("between 1890 and", "incomplete", 16),
    ("tomorrow", "not-understood", 0), ("1950ish", "not-understood", 4),
    ("2019 and something", "not-understood", 9), ("seven November 2019", "not-understood", 0),
    ("last century", "not-understood", 12),
    ("summer 2019-2020", "not-understood", 12), ("the decade 1801 to 1810", "not-understood", 11),
    ("\u0667 November 2019", "not-understood", 0), ("2019 \U0001f389", "not-understood", 5),
    ("7-Foo-2019", "no-such-month", 0), ("2019-08 14:30", "time-needs-day", 0),
    ("31-Feb-2019", "no-such-day", 0), ("2019-11-07T14:30:00 15:30", "time-needs-day", 0),
    ("from 2019-02-30 14:30", "end-missing", 21), ("2019-02-30 14:30", "no-such-day", 8),
    ("2019-02-30", "no-such-day", 8), ("[1999", "unclosed-set", 4), ("2008/1964",
     "reversed-interval", 5),
)  # fmt: skip


@pytest.mark.parametrize(("said", "code", "offset"), [pytest.param(*r, id=r[0]) for r in REFUSED])
def test_what_is_not_wholly_understood_is_refused(said, code, offset):
    with pytest.raises(ValueError, match="character") as caught:
        parse_words(said)

    assert (caught.value.code, caught.value.offset, caught.value.text) == (code, offset, said)


def test_a_time_without_a_zone_is_read_in_the_default_zone():
    date = parse_words("7 November 2019 at 08:00", zone=480)

    assert date == parse("2019-11-07T08:00:00", zone=480)


# The kinds that come back from their labels. Unknown digits elsewhere than at the end of a year,
# significant digits, qualifiers of single components and winters BCE are said at such length that
# nobody types it, and are not read.
def years() -> st.SearchStrategy[str]:
    return st.integers(-9999, 9999).map(lambda y: f"{'-' * (y < 0)}{abs(y):04d}")


def common_points() -> st.SearchStrategy[str]:
    late = st.integers(1000, 9998).map(str)
    dates = st.one_of(
        years(),
        st.dates().map(lambda day: day.isoformat()),
        st.dates().map(lambda day: day.isoformat()[:7]),
        st.tuples(late, st.integers(21, 41)).map(lambda p: f"{p[0]}-{p[1]}"),
        late.map(lambda year: year[:3] + "X"),
        late.map(lambda year: year[:2] + "XX"),
        st.integers(10_000, 10**9).map(lambda year: f"Y{year}"),
        late.map(lambda year: f"{year}-XX"),
    )
    return st.tuples(dates, st.sampled_from(["", "", "?", "~", "%"])).map("".join)


def ranges() -> st.SearchStrategy[str]:
    ends = st.tuples(years(), years()).map(lambda pair: sorted(pair, key=int))
    return st.one_of(
        common_points().map(lambda point: f"..{point}"),
        common_points().map(lambda point: f"{point}.."),
        ends.map("..".join),
    )


COMMON = st.one_of(
    common_points(),
    st.tuples(common_points(), common_points()).map("/".join),
    common_points().map(lambda point: f"{point}/.."),
    common_points().map(lambda point: f"{point}/"),
    common_points().map(lambda point: f"../{point}"),
    common_points().map(lambda point: f"/{point}"),
    ranges().map(lambda member: f"[{member}]"),
    st.lists(common_points(), min_size=2, max_size=4).map(lambda m: f"[{','.join(m)}]"),
    st.lists(common_points(), min_size=2, max_size=4).map(lambda m: f"{{{','.join(m)}}}"),
    st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat() + "+05:30"),
)


@given(COMMON)
def test_a_common_date_comes_back_from_its_label(text):
    try:
        date = parse(text)
    except ValueError:
        assume(False)
    again = parse_words(date.label)

    assert again.bounds == date.bounds
    assert again.members == date.members
    assert (again.approximate, again.uncertain) == (date.approximate, date.uncertain)


@given(st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_days_of_one_month_share_its_name(first, last):
    assume(first < last)
    assert parse_words(f"{first}-{last} November 2019") == parse(
        f"{november(first)}/{november(last)}"
    )
