"""Text written by people, made safe to print: Markdown as HTML, addresses as links."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from urllib.parse import urlsplit

import markdown  # type: ignore[import-untyped]
import nh3
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

# No image: it would ask another host. Headings begin below those of the page.
TAGS = {
    *("p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("h3", "h4", "h5", "h6"),
}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https"}
LINK_REL = "noopener noreferrer nofollow"
EXTENSIONS = ["sane_lists", "toc"]
HEADINGS = {"toc": {"baselevel": 3}}
# The parser's time grows with the square of these or worse: 20,000 brackets took a minute. Nobody
# writes so many in earnest, and the text is as readable without its markup.
MOST = {"[": 300, "<": 500}

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")


@lru_cache(maxsize=512)
def to_html(text: str) -> SafeString:
    """Markdown as HTML in which nothing runs and nothing is fetched."""
    if any(text.count(sign) > most for sign, most in MOST.items()):
        return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 - escaped
    written = markdown.markdown(text, extensions=EXTENSIONS, extension_configs=HEADINGS)
    clean = nh3.clean(
        written, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=LINK_REL
    )
    return mark_safe(clean)  # noqa: S308 - what nh3 lets through is what it is for


def to_plain(text: str, words: int = 45) -> str:
    """The first words of a Markdown text, without any markup."""
    bare = html.unescape(nh3.clean(to_html(text), tags=set(), attributes={}))
    return Truncator(" ".join(bare.split())).words(words, truncate=" \N{HORIZONTAL ELLIPSIS}")


def web_address(url: str | None) -> str:
    """The address if a browser may follow it, or nothing."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return str(url) if parts.scheme.lower() in SCHEMES and parts.netloc else ""


def host_of(url: str) -> str:
    """Where a link leads, as readers know it."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def language_tag(tag: str) -> str:
    """The BCP 47 tag if it has the form of one, for ``lang``."""
    return tag if _LANGUAGE.fullmatch(tag) else ""
