import re
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.formats.events import CONTEXT, SITE, TEXTS, date, event, identity, nasty, written
from tests.temporal.strategies import TEXTS as DATES
from timeline.formats import Context
from timeline.formats.text import one_line

ATOM = "{http://www.w3.org/2005/Atom}"


def read(*events, context: Context = CONTEXT):
    feed = feedparser.parse(written("atom", *events, context=context))
    assert not feed.bozo
    return feed


def only(*events):
    (entry,) = read(*events).entries
    return entry


def test_the_feed_says_what_it_is():
    feed = read().feed
    assert feed.title == CONTEXT.title
    assert feed.subtitle == CONTEXT.description
    assert feed.id == CONTEXT.self_url
    assert feed.updated == CONTEXT.updated
    assert feed.author == "Timeline"
    assert [link.href for link in feed.links if link.rel == "self"] == [CONTEXT.self_url]


def test_an_entry_is_an_event():
    entry = only(event())
    assert entry.id == f"urn:uuid:{identity('accusation')}"
    assert entry.title == "Accusation"
    assert entry.link == f"{SITE}/events/{identity('accusation')}"
    assert entry.published == "2019-11-08T12:00:00Z"
    assert entry.updated == "2019-11-09T09:30:15.654321Z"
    assert [tag.term for tag in entry.tags] == ["accusation", "fentanyl", "trade"]
    assert entry.where.coordinates == (-77.0, 38.9)
    assert "Xi Jinping (accused)" in entry.content[0].value
    assert 'href="https://news.example/nine"' in entry.content[0].value


@pytest.mark.parametrize(
    ("when", "begins"),
    [
        pytest.param(date("2019-08"), "In August 2019. He accused him.", id="month"),
        pytest.param(date("1912~"), "About 1912. ", id="approximate"),
        pytest.param(date("-0489"), "In 490 BCE. ", id="before the common era"),
        pytest.param(None, "Date not known. ", id="undated"),
        pytest.param(
            date("2019-08", text="In August", basis="inferred"),
            "In August 2019 (“In August” in the source, inferred from what the source says). ",
            id="inferred",
        ),
    ],
)
def test_the_summary_begins_with_the_date_in_words(when, begins):
    assert only(event(date=when)).summary.startswith(begins)


def test_a_feed_that_nobody_dated_is_as_new_as_its_first_entry():
    undated = Context(title="All", self_url=f"{SITE}/events.atom", site_url=SITE)
    assert read(event(), context=undated).feed.updated == "2019-11-09T09:30:15.654321Z"
    assert read(context=undated).feed.updated == "1970-01-01T00:00:00Z"


@given(TEXTS, DATES | st.none())
@example("</summary></entry><entry>", None)
@example("]]>&amp;\ufffe\x0b", "2019")
def test_another_reader_takes_any_text_and_any_date(text, edtf):
    context = Context(title=text, self_url=text, site_url=SITE, description=text)
    content = written("atom", nasty(text, edtf), event(), context=context)
    # The strictest reader first: every element is where it belongs, once.
    root = ET.fromstring(content)
    first, second = root.findall(f"{ATOM}entry")
    assert one_line(first.findtext(f"{ATOM}title")) == (one_line(text) or "(no title)")
    assert second.findtext(f"{ATOM}title") == "Accusation"
    for parent in (root, first, second):
        for required in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{required}")) == 1
    assert len(feedparser.parse(content).entries) == 2


@pytest.mark.parametrize(
    "summary",
    [
        pytest.param("<script>alert(1)</script>", id="script"),
        pytest.param("[x](javascript:alert(1))", id="address that runs"),
        pytest.param('<img src=x onerror="alert(1)">', id="picture that runs"),
        pytest.param("<a href='data:text/html,x'>x</a>", id="address that is a page"),
    ],
)
def test_no_summary_brings_anything_that_runs(summary):
    root = ET.fromstring(written("atom", event(summary=summary)))
    content = root.find(f"{ATOM}entry/{ATOM}content").text
    assert not any(bad in content for bad in ("<script", "<img"))
    assert not re.search("<[^>]*(javascript:|data:|onerror)", content)
