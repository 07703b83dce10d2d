import re
import time

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
        pytest.param("so <b>bold</b>", "so <b>bold</b>", id="tags"),
        pytest.param(
            "[a]: https://x.example\n\n[a]", "[a]: https://x.example\n\n[a]", id="footnote"
        ),
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
    assert re.findall("<[^/].*?>", shown) == ["<p>"]


@pytest.mark.parametrize("address", ["mailto:x@y.example", "ftp://x.example/y"])
def test_a_link_leads_to_the_web_or_nowhere(address):
    assert "href" not in to_html(f"[x]({address})")


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "[",
            "[^",
            "\\[",
            "![",
            "[a](",
            "[a][",
            '[a]("',
            "(",
            "]",
            "<",
            "<a ",
            "<http://a",
            "<b>",
        ),
        *("<!--", "<![", "&", "\\", "1. ", "- ", "\n- ", "> ", "# ", "#\n", "=\n", "x\n=\n", "a\n"),
        *("*", "*a", "*a**b", "***a", "_a ", "__a", "`", "`a", "``a`", "```\n", "    a\n", "\t"),
    ],
)
def test_the_longest_text_made_to_be_slow_is_read_at_once(piece):
    text = (piece * LONGEST_SUMMARY)[:LONGEST_SUMMARY]
    began = time.process_time()
    to_html(text)
    # Measured at 0.3 s or less; what takes the square of the length takes minutes.
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"[a]: {'b' * 5_000}\n\n{'[a] ' * 3_700}", id="one address, many references"),
        pytest.param(
            "".join(f"<em a{number}>" for number in range(1_100)) + "<p>x" * 500,
            id="tags that nothing closes",
        ),
        pytest.param("<blockquote>" * 1_600, id="tags in tags"),
        pytest.param("=\n" * 10_000, id="headings"),
        pytest.param("- a\n" * 5_000, id="lists"),
    ],
)
def test_a_short_text_never_becomes_a_long_page(text):
    assert len(to_html(text)) < 10 * LONGEST_SUMMARY


def test_brackets_that_nothing_closes_are_shown_as_they_stand():
    assert to_html("[" * LONGEST_SUMMARY) == f"<p>{'[' * LONGEST_SUMMARY}</p>\n"


@given(st.from_regex(r"[a-zß中][a-z0-9 ß中.,;:!?()\"'=#+~|$%^{}/@–-]{0,40}", fullmatch=True))
def test_a_line_without_marks_reads_alone_as_it_reads_before_another(line):
    line = line.strip()
    assert to_html(f"{line}\n\n*x*") == to_html(line) + "<p><em>x</em></p>\n"
    assert to_plain(f"{line}\n\n*x*") == to_plain(line) + "\n\nx"


@given(TEXTS | st.text(" []()<>!#*_`-+>1.\n\t&;\\~=:\"'ab", max_size=60))
def test_any_text_can_be_shown(text):
    assert "<script" not in to_html(text)
    assert isinstance(to_plain(text), str)
