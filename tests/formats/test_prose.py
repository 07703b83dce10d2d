import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.events import TEXTS
from timeline.formats.prose import to_html, to_plain

LONGEST_SUMMARY = 20_000


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        pytest.param("He **accused** him.", "He accused him.", id="emphasis"),
        pytest.param("one\ntwo\n\nthree", "one two\n\nthree", id="paragraphs"),
        pytest.param("- a\n- b\n\nc", "a\nb\n\nc", id="list"),
        pytest.param("# Title\nand text", "Title\n\nand text", id="heading"),
        pytest.param("[the report](https://x.example)", "the report", id="link"),
        pytest.param("a < b & c", "a < b & c", id="signs of markup"),
        pytest.param("&lt;b&gt;", "<b>", id="references"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_markdown_reads_as_plain_text(text, plain):
    assert to_plain(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<script>alert(1)</script>", id="script"),
        pytest.param("[x](javascript:alert(1))", id="address that runs"),
        pytest.param("![x](https://spy.example/x.png)", id="picture"),
        pytest.param('<p onclick="alert(1)">x</p>', id="attribute that runs"),
        pytest.param("<style>p{}</style>", id="style"),
        pytest.param('<a href="data:text/html,x">x</a>', id="address that is a page"),
    ],
)
def test_nothing_runs_and_nothing_is_fetched(text):
    shown = to_html(text)
    bad = ("<script", "javascript:", "<img", "onclick", "<style", "data:")
    assert not any(word in shown for word in bad)


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "![",
        "[a](",
        '[a]("',
        "<a ",
        "<!--",
        "<![",
        "(",
        "1. ",
        "> ",
        "- ",
        "\n- ",
        "*",
        "_a ",
        "`",
    ],
)
def test_a_summary_made_to_be_slow_is_shown_all_the_same(piece):
    text = (piece * LONGEST_SUMMARY)[:LONGEST_SUMMARY]
    assert isinstance(to_html(text), str)


def test_brackets_that_nothing_closes_are_shown_as_they_stand():
    assert to_html("[" * LONGEST_SUMMARY) == f"<p>{'[' * LONGEST_SUMMARY}</p>\n"


def test_a_text_that_the_parser_fails_on_spoils_no_other():
    to_html("1. " * 5_000)
    assert to_plain("He **accused** him: again.") == "He accused him: again."


@given(TEXTS | st.text(" []()<>!#*_`-+>1.\n\t&;\\~=:\"'ab", max_size=60))
def test_any_text_can_be_shown(text):
    assert "<script" not in to_html(text)
    assert isinstance(to_plain(text), str)
