"""Texts made to hurt are refused like any other; how fast is measured in benchmarks."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.temporal import Edtf, EdtfError, parse, parse_words

HOSTILE = (
    pytest.param("X" * 1_000_000, id="a million X"),
    pytest.param("9" * 1_000_000, id="a million digits"),
    pytest.param("[" * 500, id="nested brackets"),
    pytest.param("{[" * 250, id="nested sets"),
    pytest.param("[" + "1," * 249 + "]", id="many commas"),
    pytest.param("Y" + "9" * 499, id="a year of 499 digits"),
    pytest.param("Y9E" + "9" * 497, id="an exponent of 497 digits"),
    pytest.param("Y9E99999999", id="a year of a hundred million digits"),
    pytest.param("-" * 500, id="minus signs"),
    pytest.param("?" * 500, id="qualifiers"),
    pytest.param("/" * 500, id="slashes"),
    pytest.param("." * 500, id="dots"),
    pytest.param("\x00" * 500, id="NULs"),
    pytest.param("\u0665" * 4, id="digits of another script"),
    pytest.param("1985-04-12T" * 45, id="many times"),
    pytest.param("early " * 83, id="early, early, early"),
    pytest.param("circa " * 83, id="circa, circa, circa"),
    pytest.param("a." * 250, id="abbreviations"),
    pytest.param("between " * 60, id="between what"),
    pytest.param("1 or " * 99 + "1", id="a hundred alternatives"),
    pytest.param("(?" * 250, id="brackets and doubts"),
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("read", [parse, parse_words], ids=["as EDTF", "as words"])
def test_a_hostile_text_is_refused(read, text):
    with pytest.raises(EdtfError):
        read(text)


def test_a_set_holds_fifty_members_and_no_more():
    fifty = ",".join(str(year) for year in range(1900, 1950))

    assert len(parse(f"[{fifty}]").members) == 50
    with pytest.raises(EdtfError) as caught:
        parse(f"[{fifty},1950]")
    assert caught.value.code == "too-many-members"


def test_a_text_has_five_hundred_characters_and_no_more():
    with pytest.raises(EdtfError) as caught:
        parse("1" * 501)
    assert caught.value.code == "too-long"


def read_or_refuse(read: Callable[[str], Edtf], text: str) -> Edtf | None:
    """The date, or None where the text was refused as it should be."""
    try:
        return read(text)
    except EdtfError as error:
        refusal = error
    assert 0 <= refusal.offset <= len(text)
    assert refusal.text == text
    assert str(refusal).isprintable()
    return None


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_an_error_and_nothing_else(text):
    for read in (parse, parse_words):
        date = read_or_refuse(read, text)
        assert date is None or parse(date.text) == date


@given(st.text(alphabet="0123456789XYEST:Z?~%+-.,/[]{}", max_size=24))
def test_any_text_in_the_characters_of_edtf_is_a_date_or_an_error(text):
    date = read_or_refuse(parse, text)
    if date is not None:
        assert date.text == text
        assert date.label
        assert parse(date.canonical).bounds == date.bounds


WORDS = [
    "the",
    "of",
    "in",
    "on",
    "at",
    "from",
    "to",
    "until",
    "since",
    "before",
    "after",
    "between",
    "and",
    "or",
    "early",
    "mid",
    "late",
    "first",
    "second",
    "last",
    "third",
    "half",
    "quarter",
    "century",
    "decade",
    "c.",
    "about",
    "possibly",
    "?",
    "7",
    "7th",
    "19th",
    "30",
    "79",
    "1950s",
    "2017",
    "2019",
    "2019-08",
    "August",
    "Nov.",
    "May",
    "Thursday",
    "spring",
    "winter",
    "Q3",
    "H1",
    "BC",
    "AD",
    "-",
    ",",
    "(",
    ")",
    "/",
    "14:30",
    "pm",
    "UTC",
    "+8",
    "present",
    "ongoing",
    "every",
    "year",
    "day",
    "up",
    "some",
    "month",
    "07/11/2019",
    "either",
    "both",
]


@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))
def test_any_row_of_known_words_is_a_date_or_an_error(text):
    date = read_or_refuse(parse_words, text)
    if date is not None:
        assert parse(date.text) == date
        assert date.label
