"""Texts of people and of strangers, made fit for files that have a syntax."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

# Everything that some reader takes for the end of a line, so that no text can begin a line of
# the file's own.
_LINE_BREAKS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
# What XML 1.0 forbids or discourages, which calendars and spreadsheets refuse too, and the byte
# order mark, which readers drop at some places and not at others.
_ILLEGIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_SCHEMES = {"http", "https"}
# Most addresses are such, in which there is nothing to quote.
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:-]+(?:[/?#][A-Za-z0-9/:?#@!$&()*+,;=%~_.-]*)?")


def legible(text: object) -> str:
    """The text with lines ended by LF alone and without control characters."""
    # Most texts are, and to see it is quick.
    if not text:
        return ""
    if isinstance(text, str) and (text.isprintable() or text.replace("\n", "").isprintable()):
        return text
    return _ILLEGIBLE.sub("", _LINE_BREAKS.sub("\n", str(text)))


def one_line(text: object) -> str:
    """The text on a single line."""
    if not text:
        return ""
    # Of all white space what is printable holds spaces alone.
    if (
        isinstance(text, str)
        and text.isprintable()
        and "  " not in text
        and text[:1] != " " != text[-1:]
    ):
        return text
    return " ".join(legible(text).split())


# There are few codes.
@lru_cache(maxsize=1024)
def as_words(code: object) -> str:
    """A code of a vocabulary as a reader would write it.

    >>> as_words("court_record")
    'Court record'
    """
    words = one_line(code).replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def web_address(url: object) -> str:
    """The address if a reader may follow it, with nothing in it that could end it; or nothing."""
    if isinstance(url, str) and _PLAIN_ADDRESS.fullmatch(url):
        return url
    # A percent sign is kept: what is quoted already is not quoted twice.
    address = quote(one_line(url), safe="/:?#@!$&()*+,;=%[]~", errors="replace")
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in _SCHEMES and parts.netloc else ""
