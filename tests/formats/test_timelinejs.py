import json
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.events import CONTEXT, SITE, TEXTS, date, event, identity, nasty, written
from tests.temporal.strategies import TEXTS as DATES
from timeline.formats.text import one_line

# What TimelineJS reads of a date (its documentation of the JSON format).
PARTS = ["year", "month", "day", "hour", "minute", "second"]


def read(*events):
    return json.loads(written("timelinejs.json", *events))


def slide(*events):
    (shown,) = read(*events)["events"]
    return shown


def parts(*numbers):
    return dict(zip(PARTS, numbers, strict=False))


@pytest.mark.parametrize(
    ("edtf", "start", "end", "words"),
    [
        pytest.param("2017", (2017,), None, "2017", id="a year stays a year"),
        pytest.param("2019-08", (2019, 8), None, "August 2019", id="a month stays a month"),
        pytest.param("2019-11-07", (2019, 11, 7), None, "7 November 2019", id="day"),
        pytest.param(
            "2019-11-07T13:29:21Z",
            (2019, 11, 7, 13, 29, 21),
            None,
            "7 November 2019 at 13:29:21 UTC",
            id="second",
        ),
        pytest.param("201X", (2010,), (2019,), "the 2010s", id="decade"),
        pytest.param("1912~", (1911,), (1913,), "about 1912", id="approximate year"),
        pytest.param("2019-11-07?", (2019, 11, 7), None, "possibly 7 November 2019", id="doubtful"),
        pytest.param("2020-24", (2020, 12), (2021, 2), "winter 2020–2021", id="winter"),
        pytest.param(
            "2017/2019-11-07", (2017,), (2019, 11, 7), "2017 to 7 November 2019", id="interval"
        ),
        pytest.param("2017/..", (2017,), None, "since 2017", id="still going on"),
        pytest.param("2017/", (2017,), None, "from 2017, end unknown", id="end unknown"),
        pytest.param("../2019-07", (2019, 7), None, "until July 2019", id="start unbounded"),
        pytest.param("[..2019-07]", (2019, 7), None, "in or before July 2019", id="before a month"),
        pytest.param("[1760-12..]", (1760, 12), None, "in or after December 1760", id="after one"),
        pytest.param(
            "[2019-11-07,2019-11-09]",
            (2019, 11, 7),
            (2019, 11, 9),
            "7 November 2019 or 9 November 2019",
            id="one of two days",
        ),
    ],
)
def test_a_date_has_the_parts_that_are_known(edtf, start, end, words):
    shown = slide(event(edtf))
    assert shown["start_date"] == parts(*start)
    assert shown.get("end_date") == (parts(*end) if end else None)
    assert shown["display_date"] == words


@pytest.mark.parametrize(
    ("edtf", "start", "end", "words"),
    [
        pytest.param("-0489", (-490,), None, "490 BCE", id="490 BCE"),
        pytest.param("-0489-09-12", (-490, 9, 12), None, "12 September 490 BCE", id="day"),
        pytest.param("0000", (-1,), None, "1 BCE", id="1 BCE, the year nought of EDTF"),
        pytest.param("0001", (1,), None, "1 CE", id="the year after it"),
        pytest.param("-0044/0014", (-45,), (14,), "45 BCE to 14 CE", id="across the eras"),
        # The browser takes -5 for a year without a leap day.
        pytest.param("-0004-02-29", (-5, 2), None, "29 February 5 BCE", id="leap day"),
    ],
)
def test_years_before_the_common_era_are_numbered_as_timelinejs_prints_them(
    edtf, start, end, words
):
    shown = slide(event(edtf))
    assert shown["start_date"] == parts(*start)
    assert shown.get("end_date") == (parts(*end) if end else None)
    assert shown["display_date"] == words


def test_years_that_no_browser_has_ask_for_the_other_scale():
    assert "scale" not in read(event("-0489"))
    assert read(event("Y-2000000"))["scale"] == "cosmological"
    assert read(event("2000/Y300000"))["scale"] == "cosmological"


def test_what_has_no_known_edge_is_listed_on_the_title_slide():
    shown = read(event(None, title="A <b>tip</b>"), event("/..", title="War"), event())
    assert len(shown["events"]) == 1
    text = shown["title"]["text"]["text"]
    assert "A &lt;b&gt;tip&lt;/b&gt;</a> (no date known)" in text
    assert f'<a href="{SITE}/events/{identity("War")}">War</a> (ongoing, start unknown)' in text
    assert shown["title"]["text"]["headline"] == CONTEXT.title


def test_of_very_many_that_have_no_edge_the_rest_are_counted():
    shown = read(*(event(None, title=f"Tip {number}") for number in range(130)))
    assert shown["events"] == []
    assert shown["title"]["text"]["text"].count("no date known") == 100
    assert "<li>and 30 more</li>" in shown["title"]["text"]["text"]


def test_a_slide_is_an_event():
    shown = slide(event())
    assert shown["unique_id"] == identity("accusation")
    assert shown["group"] == "Accusation"
    assert shown["text"]["headline"] == "Accusation"
    assert "<p>He <strong>accused</strong> him.</p>" in shown["text"]["text"]
    assert "Xi Jinping (accused)" in shown["text"]["text"]
    assert "media" not in shown


def test_a_picture_comes_with_its_credit():
    image = "https://pictures.example/court.jpg"
    shown = slide(event(image=image, extra={"image_credit": "Photo: A. & B."}))
    assert shown["media"]["url"] == image
    assert shown["media"]["credit"] == "Photo: A. &amp; B."


@pytest.mark.parametrize(
    "image",
    [
        pytest.param("javascript:alert(1)", id="script"),
        pytest.param("data:image/png;base64,xx", id="data"),
        pytest.param("https://", id="no host"),
        pytest.param("http://[", id="no address"),
    ],
)
def test_an_address_that_is_no_web_address_is_no_picture(image):
    assert "media" not in slide(event(image=image))


@given(TEXTS, DATES)
def test_no_text_becomes_markup(text, edtf):
    shown = read(nasty(text, edtf), event(None, title=text))
    slides = [*shown["events"], shown["title"]]
    for each in slides:
        html = each["text"].get("text", "")
        assert not re.search(
            r"<(?!/?(p|a|ul|ol|li|em|strong|h[3-6]|code|pre|br|hr|blockquote)\b)", html
        )
        assert not re.search(r"<[^>]*(javascript:|onerror)", html)
        assert "<" not in each["text"].get("headline", "") + each.get("display_date", "")
    if shown["events"]:
        assert unescape(slides[0]["text"].get("headline", "")) == one_line(text)


@given(DATES | st.none())
def test_nothing_is_lost_and_no_part_is_finer_than_the_date(edtf):
    shown = read(event(edtf))
    if not shown["events"]:
        when = date(edtf)
        assert when is None or not {*when["start"].values(), *when["end"].values()} - {None}
        assert identity("accusation") in shown["title"]["text"]["text"]
        return
    when, (only,) = date(edtf), shown["events"]
    assert unescape(only["display_date"]) == when["label"]
    for side in ("start_date", "end_date"):
        given_parts = only.get(side, {})
        assert list(given_parts) == PARTS[: len(given_parts)]
        assert given_parts.get("year") != 0
    if "/" not in edtf and when["precision"] in ("year", "decade", "century", "era"):
        assert len(only["start_date"]) == 1 or "X" in edtf or edtf[0] in "[{"
