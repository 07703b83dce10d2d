"""Markdown as HTML and as plain text, whatever a stranger wrote.

The parser reads from every opening bracket to the one that closes it, so that brackets which
nothing closes cost the square of their number: twenty thousand take a minute. Text with brackets
open more than a few deep is no Markdown that anybody meant, and is shown as it stands; and so is
text that the parser fails on.
"""

from __future__ import annotations

import html
import re
import threading
from functools import lru_cache

import markdown  # type: ignore[import-untyped]  # it has no types
import nh3

from timeline.formats.text import legible

_TAGS = {
    *("p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("h3", "h4", "h5", "h6"),
}
_SCHEMES = {"http", "https"}
_BRACKETS = re.compile(r"[][()<>]")
_CLOSES = {"]": "[", ")": "(", ">": "<"}
_DEEPEST = 20

_ENDS_A_PARAGRAPH = re.compile("</(?:p|h[1-6]|ul|ol|blockquote|pre)>|<hr>")
_ENDS_A_LINE = re.compile("</li>|<br>")
_AROUND_A_BREAK = re.compile(" *\n *")
_BLANK_LINES = re.compile("\n{3,}")

_local = threading.local()


def to_html(text: object) -> str:
    """Markdown as HTML in which nothing runs and nothing is fetched."""
    return _to_html(legible(text))


def to_plain(text: object) -> str:
    """Markdown as plain text, paragraph by paragraph."""
    told = " ".join(to_html(text).split())
    broken = _ENDS_A_LINE.sub("\n", _ENDS_A_PARAGRAPH.sub("\n\n", told))
    bare = html.unescape(nh3.clean(broken, tags=set(), attributes={}))
    return _BLANK_LINES.sub("\n\n", _AROUND_A_BREAK.sub("\n", legible(bare))).strip()


# Remembers little: a format asks for the HTML and for the plain text of one event in turn.
@lru_cache(maxsize=8)
def _to_html(text: str) -> str:
    clean = nh3.clean(_parsed(text), tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES)
    # Character references may bring back what legible() took away.
    return legible(clean)


def _parsed(text: str) -> str:
    if _is_deep(text):
        return _as_it_stands(text)
    try:
        written: str = _parser().reset().convert(text)
    except Exception:  # noqa: BLE001 - whatever a text does to the parser, the export goes on
        # A parser that stopped midway remembers where; the next text gets a new one.
        del _local.parser
        return _as_it_stands(text)
    return written


def _as_it_stands(text: str) -> str:
    return "".join(f"<p>{html.escape(part)}</p>\n" for part in text.split("\n\n") if part.strip())


def _is_deep(text: str) -> bool:
    """Whether brackets of a kind are open more than a few deep anywhere."""
    depths = dict.fromkeys(_CLOSES.values(), 0)
    for found in _BRACKETS.finditer(text):
        bracket = found[0]
        if bracket in depths:
            depths[bracket] += 1
            if depths[bracket] > _DEEPEST:
                return True
        elif depths[_CLOSES[bracket]]:
            depths[_CLOSES[bracket]] -= 1
    return False


def _parser() -> markdown.Markdown:
    """The parser of this thread: to make one takes as long as to read a summary."""
    if not hasattr(_local, "parser"):
        _local.parser = markdown.Markdown(
            extensions=["sane_lists", "toc"],
            # The title of the event is the heading above.
            extension_configs={"toc": {"baselevel": 3}},
        )
    return _local.parser
