"""Texts of people and of strangers, made fit for files that have a syntax."""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urlsplit

import markdown  # type: ignore[import-untyped]  # it has no types
import nh3

# Everything that some reader takes for the end of a line, so that no text can begin a line of
# the file's own.
_LINE_BREAKS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
# What XML 1.0 forbids or discourages, which calendars and spreadsheets refuse too, and the byte
# order mark, which readers drop at some places and not at others.
_ILLEGIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_ENDS_A_PARAGRAPH = re.compile("</(?:p|h[1-6]|ul|ol|blockquote|pre)>|<hr>")
_ENDS_A_LINE = re.compile("</li>|<br>")
_AROUND_A_BREAK = re.compile(" *\n *")
_BLANK_LINES = re.compile("\n{3,}")

_TAGS = {
    *("p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("h3", "h4", "h5", "h6"),
}
_SCHEMES = {"http", "https"}
_EXTENSIONS = ["sane_lists", "toc"]
# The title of the event is the heading above.
_HEADINGS = {"toc": {"baselevel": 3}}


def legible(text: object) -> str:
    """The text with lines ended by LF alone and without control characters."""
    return _ILLEGIBLE.sub("", _LINE_BREAKS.sub("\n", str(text or "")))


def one_line(text: object) -> str:
    """The text on a single line."""
    return " ".join(legible(text).split())


def as_words(code: object) -> str:
    """A code of a vocabulary as a reader would write it.

    >>> as_words("court_record")
    'Court record'
    """
    words = one_line(code).replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def web_address(url: object) -> str:
    """The address if a reader may follow it, with nothing in it that could end it; or nothing."""
    # A percent sign is kept: what is quoted already is not quoted twice.
    address = quote(one_line(url), safe="/:?#@!$&()*+,;=%[]~", errors="replace")
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in _SCHEMES and parts.netloc else ""


def to_html(text: object) -> str:
    """Markdown as HTML in which nothing runs and nothing is fetched."""
    written = markdown.markdown(legible(text), extensions=_EXTENSIONS, extension_configs=_HEADINGS)
    # The Markdown of numeric character references may bring back what legible() took away.
    return legible(nh3.clean(written, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES))


def to_plain(text: object) -> str:
    """Markdown as plain text, paragraph by paragraph."""
    told = " ".join(to_html(text).split())
    broken = _ENDS_A_LINE.sub("\n", _ENDS_A_PARAGRAPH.sub("\n\n", told))
    bare = html.unescape(nh3.clean(broken, tags=set(), attributes={}))
    return _BLANK_LINES.sub("\n\n", _AROUND_A_BREAK.sub("\n", legible(bare))).strip()
