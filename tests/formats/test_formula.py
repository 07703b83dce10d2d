import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.formats.events import TEXTS
from tests.temporal.strategies import TEXTS as DATES
from timeline.formats.formula import guarded, released
from timeline.temporal import EdtfError, parse

# What some spreadsheet may begin a cell with.
BEGINNINGS = re.compile(
    "(?:^|[,;\t\n\r])[ \u00a0\u3000]*([=+\\-@\t\r\uff1d\uff0b\uff0d\uff20][^,;\t\n\r]*)"
)
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?%? *")


def is_date(text):
    try:
        parse(text)
    except EdtfError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        pytest.param("=1+1", "'=1+1", id="equals sign"),
        pytest.param("+1+cmd", "'+1+cmd", id="plus sign"),
        pytest.param("-1+cmd", "'-1+cmd", id="minus sign"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at sign"),
        pytest.param("\t=1", "'\t'=1", id="tab"),
        pytest.param("\r=1", "'\r'=1", id="carriage return"),
        pytest.param("  =1", "'  =1", id="after spaces"),
        pytest.param("\uff1d1+1", "'\uff1d1+1", id="full-width sign"),
        pytest.param("a;=1", "a;'=1", id="after a semicolon"),
        pytest.param("a, =1", "a,' =1", id="after a comma and a space"),
        pytest.param("a\t=1", "a\t'=1", id="after a tab"),
        pytest.param("a\n=1", "a\n'=1", id="after a line"),
        pytest.param('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")', id="a link"),
        pytest.param("'=1", "''=1", id="an apostrophe of the text's own"),
        pytest.param("-", "'-", id="a minus sign alone"),
        pytest.param("-34.3;=1", "-34.3;'=1", id="a number and a formula"),
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text, cell):
    assert guarded(text) == cell


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("-34.3", id="latitude"),
        pytest.param("-.5", id="number without a leading nought"),
        pytest.param("-1.5e-07", id="small number"),
        pytest.param("+5%", id="percentage"),
        pytest.param("-0489", id="year before the common era"),
        pytest.param("-0489-09-12", id="day before the common era"),
        pytest.param("-0489-09-12/-0480", id="interval"),
        pytest.param("-0489~", id="approximate year"),
        pytest.param("[-0489,-0480]", id="set of years"),
        pytest.param("{..-0489,-0480}", id="open set of years"),
        pytest.param("-0490-01-01T00:00:00Z", id="instant before the common era"),
        pytest.param("-5, -3", id="several numbers"),
        pytest.param("", id="nothing"),
        pytest.param("a - b = c @ d", id="signs within"),
        pytest.param("well-known; e-mail a@b.example", id="signs within words"),
    ],
)
def test_what_is_no_formula_stays_as_it_is(text):
    assert guarded(text) == text


@given(TEXTS)
@example("' \t =")
@example("'\r'\n''-5;'-5,-5")
def test_the_guard_can_be_taken_off_again(text):
    assert released(guarded(text)) == text


@given(st.text(" '=-+@\t\r\n,;1.x"))
def test_the_guard_can_be_taken_off_again_whatever_signs_come_together(text):
    assert released(guarded(text)) == text


@given(TEXTS | st.text(" '=-+@\t\r\n,;1.x"))
def test_nothing_that_is_guarded_begins_as_a_formula_anywhere(text):
    for found in BEGINNINGS.finditer(guarded(text)):
        assert NUMBER.fullmatch(found[1]) or is_date(text)


@given(DATES)
def test_no_date_is_ever_touched(edtf):
    assert guarded(edtf) == edtf


@pytest.mark.parametrize("piece", ["\t", "'", " ", "\t'", ",", "-", "- ", "=,"])
def test_a_long_run_of_signs_is_read_once(piece):
    text = piece * 20_000
    assert released(guarded(text)) == text
