import pytest

from tests.temporal.examples import ACCEPTED, SPECIFICATION
from timeline.temporal import format_instant, parse


def day(seconds: int) -> str:
    return (format_instant(seconds) or "").partition("T")[0]


@pytest.mark.parametrize(
    ("text", "level", "precision", "first", "last"),
    [pytest.param(*row, id=row[0]) for row in SPECIFICATION],
)
def test_an_example_of_the_specification_means_what_it_says(text, level, precision, first, last):
    date = parse(text)

    assert date.text == text == str(date)
    assert date.level == level
    assert date.precision == precision
    assert (day(date.start_min), day(date.end_max)) == (first, last)


@pytest.mark.parametrize("text", [pytest.param(text, id=text) for text in ACCEPTED])
def test_what_the_specification_allows_is_accepted(text):
    date = parse(text)

    assert date.text == text
    assert date.start_min <= date.start_max <= date.end_max
    assert date.start_min <= date.end_min <= date.end_max


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        pytest.param("21", "2019-03-01", "2019-05-31", id="spring"),
        pytest.param("22", "2019-06-01", "2019-08-31", id="summer"),
        pytest.param("23", "2019-09-01", "2019-11-30", id="autumn"),
        pytest.param("24", "2019-12-01", "2020-02-29", id="winter runs into the next year"),
        pytest.param("25", "2019-03-01", "2019-05-31", id="northern spring"),
        pytest.param("26", "2019-06-01", "2019-08-31", id="northern summer"),
        pytest.param("27", "2019-09-01", "2019-11-30", id="northern autumn"),
        pytest.param("28", "2019-12-01", "2020-02-29", id="northern winter"),
        pytest.param("29", "2019-09-01", "2019-11-30", id="southern spring"),
        pytest.param("30", "2019-12-01", "2020-02-29", id="southern summer"),
        pytest.param("31", "2019-03-01", "2019-05-31", id="southern autumn"),
        pytest.param("32", "2019-06-01", "2019-08-31", id="southern winter"),
        pytest.param("33", "2019-01-01", "2019-03-31", id="first quarter"),
        pytest.param("34", "2019-04-01", "2019-06-30", id="second quarter"),
        pytest.param("35", "2019-07-01", "2019-09-30", id="third quarter"),
        pytest.param("36", "2019-10-01", "2019-12-31", id="fourth quarter"),
        pytest.param("37", "2019-01-01", "2019-04-30", id="first quadrimester"),
        pytest.param("38", "2019-05-01", "2019-08-31", id="second quadrimester"),
        pytest.param("39", "2019-09-01", "2019-12-31", id="third quadrimester"),
        pytest.param("40", "2019-01-01", "2019-06-30", id="first half"),
        pytest.param("41", "2019-07-01", "2019-12-31", id="second half"),
    ],
)
def test_a_grouping_of_months_has_its_months(code, first, last):
    date = parse(f"2019-{code}")

    assert (day(date.start_min), day(date.end_max)) == (first, last)
