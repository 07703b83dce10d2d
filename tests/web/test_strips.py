from __future__ import annotations

import pytest

from timeline.temporal import parse
from timeline.web.strips import Bar, chart


def bars(*edtf: str) -> list[list[Bar]]:
    drawn = chart([parse(text) for text in edtf])
    assert drawn is not None
    return [strip.bars for strip in drawn.strips]


def kinds(edtf: str, beside: str = "2010/2020") -> list[str]:
    """The pieces from left to right, a fading one with its side."""
    strip = bars(edtf, beside)[0]
    ordered = sorted(strip, key=lambda bar: float(bar.x.rstrip("%")))
    return [f"{bar.kind} {bar.fade}".strip() for bar in ordered]


@pytest.mark.parametrize(
    ("edtf", "pieces"),
    [
        pytest.param("2017", ["possible"], id="some time within a year is nowhere certain"),
        pytest.param(
            "2012/2017", ["possible", "certain", "possible"], id="throughout, from year to year"
        ),
        pytest.param("2017/..", ["possible", "certain", "certain out"], id="it goes on"),
        pytest.param("2017/", ["possible", "possible out"], id="nobody knows how long"),
        pytest.param("../2017", ["certain in", "certain", "possible"], id="it always was"),
        pytest.param("[..2017]", ["possible in", "possible"], id="some time before"),
        pytest.param("../..", ["certain in", "certain", "certain out"], id="always"),
        pytest.param("[2012,2017]", ["possible", "possible"], id="one of two years"),
        pytest.param("2017-03-04", ["possible mark"], id="a day among years"),
    ],
)
def test_only_what_is_certain_is_drawn_as_certain(edtf: str, pieces: list[str]) -> None:
    assert kinds(edtf) == pieces


def test_a_strip_lies_where_its_date_does() -> None:
    year, _ = bars("2018", "2017/2019")

    # A third of the nine tenths between the margins, from the end of the first third.
    assert year == [Bar(x="35.00%", width="30.00%", kind="possible")]


def test_a_day_gets_a_mark_in_the_middle_of_the_day() -> None:
    day = bars("2017-07-02", "2017")[0][0]

    assert float(day.x.rstrip("%")) + float(day.width.rstrip("%")) / 2 == pytest.approx(50, abs=0.2)


def test_a_doubted_date_is_drawn_as_doubted() -> None:
    drawn = chart([parse("2017?"), parse("2017")])

    assert drawn is not None
    assert [strip.uncertain for strip in drawn.strips] == [True, False]


@pytest.mark.parametrize("edtf", ["../..", "/", "../"])
def test_dates_without_a_known_edge_have_no_scale(edtf: str) -> None:
    assert chart([parse(edtf)]) is None


def test_nothing_is_drawn_where_there_is_nothing_to_draw() -> None:
    assert chart([]) is None


@pytest.mark.parametrize(
    ("edtf", "labels"),
    [
        pytest.param("2017/2019", ["2017", "2018", "2019", "2020"], id="years"),
        pytest.param("2019-11-07", ["7 Nov 2019", "8 Nov 2019"], id="a day"),
        pytest.param("2019-11-07T13:29:21Z", ["7 Nov 2019", "8 Nov 2019"], id="a moment"),
        pytest.param(
            "2019-08/2019-11",
            ["Aug 2019", "Sep 2019", "Oct 2019", "Nov 2019", "Dec 2019"],
            id="months",
        ),
        pytest.param(
            "-0099/0100", ["100 BCE", "50 BCE", "1 CE", "50 CE", "100 CE"], id="across the eras"
        ),
        pytest.param(
            "Y-170000000/2000",
            ["150000000 BCE", "100000000 BCE", "50000000 BCE", "1 CE"],
            id="the depth of time",
        ),
    ],
)
def test_the_scale_names_a_few_round_dates(edtf: str, labels: list[str]) -> None:
    drawn = chart([parse(edtf)])

    assert drawn is not None
    assert [tick.label for tick in drawn.ticks] == labels


@pytest.mark.parametrize(
    "edtf", ["Y-199999999999/Y199999999999", "2019-11-07", "0000", "9999-12-31", "1950~/.."]
)
def test_every_scale_has_between_one_and_six_names_within_the_drawing(edtf: str) -> None:
    drawn = chart([parse(edtf)])

    assert drawn is not None
    assert 1 <= len(drawn.ticks) <= 6
    assert all(0 <= float(tick.x.rstrip("%")) <= 100 for tick in drawn.ticks)
