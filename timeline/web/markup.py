"""Text written by people, made safe to print: Markdown as HTML, addresses as links."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from timeline.formats import prose

SCHEMES = {"http", "https"}

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")


@lru_cache(maxsize=512)
def to_html(text: str) -> SafeString:
    """Markdown as HTML in which nothing runs and nothing is fetched."""
    return mark_safe(prose.to_html(text))  # noqa: S308 - cleaned there


def to_plain(text: str, words: int = 45) -> str:
    """The first words of a Markdown text, without any markup."""
    told = " ".join(prose.to_plain(text).split())
    return Truncator(told).words(words, truncate=" \N{HORIZONTAL ELLIPSIS}")


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
