"""Markdown as HTML and as plain text, whatever a stranger wrote."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

from timeline.formats.text import legible, one_line

# No image: it would ask another host. The title of the event or of the page is the heading above.
_TAGS = {
    *("p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("h3", "h4", "h5", "h6"),
}
_ATTRIBUTES = {"a": {"href"}}
_SCHEMES = {"http", "https"}
_LINK_REL = "noopener noreferrer nofollow"
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}

_ENDS_A_PARAGRAPH = re.compile("</(?:p|h[1-6]|ul|ol|blockquote|pre)>|<hr>")
_ENDS_A_LINE = re.compile("</li>|<br>")
_AROUND_A_BREAK = re.compile(" *\n *")
_BLANK_LINES = re.compile("\n{3,}")


# Tags are shown as they were written, and a link is written where it stands: a few hundred tags that
# nothing closes, or one long address referred to everywhere, would turn 20 kB into 20 MB.
_PARSER = MarkdownIt("commonmark", {"html": False}).disable("reference")


# What Markdown or HTML may mark something with in the midst of a line.
_MARKS = ("\\", "`", "*", "_", "[", "]", "<", ">", "&")


def to_html(text: object) -> str:
    """Markdown as HTML in which nothing runs and nothing is fetched."""
    written = legible(text)
    return f"<p>{written}</p>\n" if _is_plain(written) else _to_html(written)


def to_plain(text: object) -> str:
    """Markdown as plain text, paragraph by paragraph."""
    if _is_plain(written := legible(text)):
        return one_line(written) if "  " in written else written
    told = " ".join(to_html(text).split())
    broken = _ENDS_A_LINE.sub("\n", _ENDS_A_PARAGRAPH.sub("\n\n", told))
    bare = html.unescape(nh3.clean(broken, tags=set(), attributes={}))
    return _BLANK_LINES.sub("\n\n", _AROUND_A_BREAK.sub("\n", legible(bare))).strip()


def _is_plain(text: str) -> bool:
    """Whether it is a line that begins with a letter, and in which nothing is marked."""
    if not (text[:1].isalpha() and text[-1] != " " and text.isprintable()):
        return False
    return not any(map(text.__contains__, _MARKS))


# Remembers little: a format asks for the HTML and for the plain text of one event in turn.
@lru_cache(maxsize=8)
def _to_html(text: str) -> str:
    tokens = _PARSER.parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    written: str = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(
        written, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=_LINK_REL
    )
    # Character references may bring back what legible() took away.
    return legible(clean)
