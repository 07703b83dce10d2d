from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from tests.formats.events import (
    CONTEXT,
    SITE,
    TEXTS,
    event,
    identity,
    nasty,
    participation,
    written,
)
from tests.formats.events import date as date_json
from tests.temporal.strategies import TEXTS as DATES
from timeline.formats import Context
from timeline.formats.text import one_line


def read(*events, context: Context = CONTEXT):
    return Calendar.from_ical(written("ics", *events, context=context))


def only(*events):
    (component,) = read(*events).subcomponents
    return component


@pytest.mark.parametrize(
    ("edtf", "start", "end"),
    [
        pytest.param("2019-11-07", date(2019, 11, 7), date(2019, 11, 8), id="day"),
        pytest.param("2019-11-07/2019-11-09", date(2019, 11, 7), date(2019, 11, 10), id="days"),
        pytest.param("0033-04-03", date(33, 4, 3), date(33, 4, 4), id="day of the first century"),
        pytest.param(
            "2019-11-07T14:00:00Z/2019-11-07T15:30:00Z",
            datetime(2019, 11, 7, 14, tzinfo=UTC),
            datetime(2019, 11, 7, 15, 30, tzinfo=UTC),
            id="hearing",
        ),
        pytest.param(
            "2019-11-07T14:00:00+08:00", datetime(2019, 11, 7, 6, tzinfo=UTC), None, id="second"
        ),
    ],
)
def test_an_exact_date_is_exactly_its_days_or_seconds(edtf, start, end):
    shown = only(event(edtf))
    assert shown.name == "VEVENT"
    assert shown.decoded("dtstart") == start
    assert shown.decoded("dtend", None) == end
    assert shown["summary"] == "Accusation"
    assert "not known to the day" not in shown["description"]


@pytest.mark.parametrize(
    ("edtf", "start", "end", "words"),
    [
        pytest.param("2019-08", (2019, 8, 1), (2019, 9, 1), "in August 2019", id="month"),
        pytest.param("2017", (2017, 1, 1), (2018, 1, 1), "in 2017", id="year"),
        pytest.param("201X", (2010, 1, 1), (2020, 1, 1), "in the 2010s", id="decade"),
        pytest.param("2020-21", (2020, 3, 1), (2020, 6, 1), "in spring 2020", id="season"),
        pytest.param("1912~", (1911, 1, 1), (1914, 1, 1), "about 1912", id="approximate"),
        pytest.param(
            "2017/2019-11", (2017, 1, 1), (2019, 12, 1), "2017 to November 2019", id="interval"
        ),
        pytest.param(
            "[2019-11-07,2019-11-09]",
            (2019, 11, 7),
            (2019, 11, 10),
            "7 November 2019 or 9 November 2019",
            id="one of two days",
        ),
        pytest.param(
            "{2019-11-07,2019-11-09}",
            (2019, 11, 7),
            (2019, 11, 10),
            "7 November 2019 and 9 November 2019",
            id="two days",
        ),
        pytest.param(
            "2019-11-07?", (2019, 11, 7), (2019, 11, 8), "possibly 7 November 2019", id="doubtful"
        ),
    ],
)
def test_an_imprecise_date_spans_its_bounds_and_says_so_in_words(edtf, start, end, words):
    shown = only(event(edtf))
    assert shown.decoded("dtstart") == date(*start)
    assert shown.decoded("dtend") == date(*end)
    assert shown["dtstart"].params["VALUE"] == "DATE"
    assert shown["summary"] == f"Accusation ({words})"
    assert shown["description"].startswith(f"Date: {words}. The date is not known to the day.")
    assert shown["x-timeline-edtf"].replace("\\,", ",") == edtf
    assert shown["transp"] == "TRANSPARENT"


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        pytest.param(None, "no date known", id="undated"),
        pytest.param("-0489-09-12", "12 September 490 BCE", id="before the common era"),
        pytest.param("0000", "in 1 BCE", id="year nought"),
        pytest.param("2017/..", "since 2017", id="still going on"),
        pytest.param("[..2019-07]", "in or before July 2019", id="before a month"),
        pytest.param("/..", "ongoing, start unknown", id="no bound"),
        pytest.param("Y170000", "in 170000 CE", id="far future"),
        pytest.param("9999-12-31", "31 December 9999", id="last day that calendars have"),
    ],
)
def test_what_no_days_can_say_is_a_journal_entry_without_a_day(edtf, words):
    shown = only(event(edtf))
    assert shown.name == "VJOURNAL"
    assert "dtstart" not in shown
    assert words in shown["summary"] + shown["description"]
    assert shown["uid"] == f"urn:uuid:{identity('accusation')}"


@pytest.mark.parametrize(
    ("status", "assessment", "shown"),
    [
        pytest.param("occurred", "unassessed", "CONFIRMED", id="occurred"),
        pytest.param("ongoing", "confirmed", "CONFIRMED", id="going on"),
        pytest.param("occurred", "alleged", "TENTATIVE", id="alleged"),
        pytest.param("occurred", "refuted", "TENTATIVE", id="refuted"),
        pytest.param("planned", "unassessed", "TENTATIVE", id="planned"),
        pytest.param("postponed", "unassessed", "TENTATIVE", id="postponed"),
        pytest.param("cancelled", "unassessed", "CANCELLED", id="cancelled"),
    ],
)
def test_the_status_promises_no_more_than_is_known(status, assessment, shown):
    assert only(event(status=status, assessment=assessment))["status"] == shown


def test_a_component_says_which_record_it_is_and_how_new():
    shown = only(event("2019-11-07"))
    assert shown["uid"] == f"urn:uuid:{identity('accusation')}"
    assert shown.decoded("dtstamp") == datetime(2019, 11, 9, 9, 30, 15, tzinfo=UTC)
    assert shown["sequence"] == 3
    assert shown["url"] == f"{SITE}/events/{identity('accusation')}"
    assert shown["categories"].cats == ["Accusation", "fentanyl", "trade"]
    assert (shown["geo"].latitude, shown["geo"].longitude) == (38.9, -77.0)
    assert shown["location"] == "Washington, US"


def test_the_description_tells_who_took_part_and_on_whose_word():
    said = date_json("2019-08", text="In August", basis="inferred", basis_note="Of 2019.")
    shown = only(event(date=said, participations=[participation()]))["description"]
    assert "(“In August” in the source, inferred from what the source says: Of 2019)." in shown
    assert "He accused him." in shown
    assert "Taking part: Xi Jinping (accused)." in shown
    assert "China jails nine https://news.example/nine" in shown


def test_the_calendar_can_be_subscribed_to():
    calendar = read()
    assert calendar["version"] == "2.0"
    assert calendar["calscale"] == "GREGORIAN"
    assert calendar["x-wr-calname"] == calendar["name"] == CONTEXT.title
    assert calendar["source"] == CONTEXT.self_url
    assert calendar.decoded("refresh-interval") == timedelta(hours=1)
    assert "method" not in calendar


def test_a_text_is_escaped_so_that_nothing_of_it_is_lost():
    content = written("ics", event("2019-11-07", title="C:\\New, old; \\n or \\\\?"))
    assert "SUMMARY:C:\\\\New\\, old\\; \\\\n or \\\\\\\\?\r\n" in content.decode()


@given(TEXTS, DATES | st.none())
@example("\r\nEND:VEVENT\r\nBEGIN:VALARM", "2019-08")
@example("\u2028END:VCALENDAR\x85", None)
def test_no_text_can_add_a_line_of_its_own(text, edtf):
    context = Context(title=text, self_url=text, site_url=SITE, description=text)
    content = written("ics", nasty(text, edtf), event("2019-11-07"), context=context)
    # As the most generous reader would split it.
    lines = content.decode().splitlines()
    assert lines == content.decode().removesuffix("\r\n").split("\r\n")
    assert sum(line.startswith("BEGIN:") for line in lines) == 3
    assert not any(line.startswith(("BEGIN:VALARM", "ATTACH", "ORGANIZER")) for line in lines)
    assert all(len(line.encode()) <= 75 for line in lines)
    first, second = Calendar.from_ical(content).subcomponents
    # This reader takes every backslash before an N for the end of a line.
    assert "\\" in text or first["summary"].startswith(one_line(text))
    assert second["summary"] == "Accusation"


@given(DATES)
def test_no_day_is_ever_outside_what_the_date_allows(edtf):
    when = date_json(edtf)
    shown = only(event(edtf))
    if shown.name == "VJOURNAL":
        bounds = when["start"]["earliest"], when["end"]["latest"]
        assert None in bounds or any(b[0] in "-+" or b[:4] in ("0000", "9999") for b in bounds)
        return
    start, end = shown.decoded("dtstart"), shown.decoded("dtend", None)
    if isinstance(start, datetime):
        assert start.isoformat() == when["start"]["earliest"].replace("Z", "+00:00")
        assert (end or start).isoformat() == when["end"]["latest"].replace("Z", "+00:00")
    else:
        assert start.isoformat() == when["start"]["earliest"][:10]
        assert (end - timedelta(days=1)).isoformat() == when["end"]["latest"][:10]
        is_known = when["precision"] == "day" and shown["summary"] == "Accusation"
        assert is_known or when["label"] in shown["summary"]
