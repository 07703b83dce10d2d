"""Cells that a spreadsheet would run, made harmless, and back.

The rule. A cell is looked at piece by piece: a piece begins the cell, or follows a comma, a
semicolon, a tab or the end of a line, since a program that separates by another character, or
ignores the quotes, would begin a cell there. A piece that begins with ``=``, ``+``, ``-``, ``@``
(or their full-width forms), a tab or a carriage return, be it after spaces or apostrophes, gets
an apostrophe before it. Numbers are left alone, as pieces; dates in EDTF are, as whole cells:
``-34.3``, ``-0489`` and ``-0489-09-12/..`` stay what they are.

:func:`released` takes the apostrophes away again, and gives back the very text.

>>> guarded("=1+1"), guarded("-34.3"), guarded("-0489"), guarded("a;@b")
("'=1+1", '-34.3', '-0489', "a;'@b")
>>> released(guarded("'=1;-5,-x"))
"'=1;-5,-x"
"""

from __future__ import annotations

import re

from timeline.temporal import EdtfError, parse

_BEGIN = "(?:^|(?<=[,;\t\r\n]))"
# No tab or line end among the spaces: each piece is then read once, however many there are.
_LEAD = "[ '\v\f\u00a0\u2000-\u200b\u3000\ufeff]*"
_SIGN = "[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]"

_DANGER = re.compile(f"{_BEGIN}(?={_LEAD}{_SIGN})")
_GUARD = re.compile(f"{_BEGIN}'(?={_LEAD}{_SIGN})")
_NUMBER = re.compile(r" *[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?%? *")
# A piece that is a number, up to where the next one begins.
_NUMERIC_PIECE = re.compile(f"{_NUMBER.pattern}(?=[,;\t\r\n]|\\Z)")
# A piece that would be run, after what comes before it: quick to see that there is none.
_RUN = re.compile(f"[,;\t\r\n](?={_LEAD}{_SIGN})(?!{_NUMERIC_PIECE.pattern})")


def is_harmless(text: str) -> bool:
    """Whether :func:`guarded` would leave every piece of a text, or of cells joined by commas."""
    return _RUN.search(f",{text}") is None


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    if is_harmless(text) or _is_date(text):
        return text
    return _DANGER.sub(lambda found: "" if _NUMERIC_PIECE.match(text, found.start()) else "'", text)


def released(cell: str) -> str:
    """The text that :func:`guarded` was given."""
    return _GUARD.sub("", cell)


def _is_date(text: str) -> bool:
    try:
        parse(text)
    except EdtfError:
        return False
    return True
