"""Dates in figures: EDTF among words, 7-Nov-2019, 25/12/2019 where only one reading is possible."""

from __future__ import annotations

import re

from timeline.temporal.groupings import GROUPINGS
from timeline.temporal.words.parts import Parts
from timeline.temporal.words.tokens import Cursor
from timeline.temporal.words.vocabulary import MONTHS


def read_iso(cursor: Cursor, parts: Parts) -> None:
    """Read 2019-11-07 as it stands; 1914-18 is refused, for it may be 1914 to 1918."""
    token = cursor.next
    month = int(token.text[5:7])
    if len(token.text) == 7 and month > 12 and month not in GROUPINGS:
        problem = "A year must not be shortened: write both years in full"
        raise cursor.refusal("short-year", problem, token.offset + 5)
    cursor.at += 1
    parts.whole = token.text
    if len(token.text) == 10:
        parts.year, parts.month, parts.day = int(token.text[:4]), month, int(token.text[8:])
        parts.day_offset = token.offset + 8


def read_numeric(cursor: Cursor, parts: Parts) -> None:
    """Read a date in figures, unless its day and month could be exchanged."""
    token = cursor.next
    cursor.at += 1
    numbers = re.split(r"[/.-]", token.text)
    if numbers[1].isalpha():
        if numbers[1] not in MONTHS:
            raise cursor.refusal("no-such-month", "There is no month of this name", token.offset)
        parts.day, parts.month, parts.year = int(numbers[0]), MONTHS[numbers[1]], int(numbers[2])
        parts.day_offset = token.offset
        return
    first, second = int(numbers[0]), int(numbers[1])
    if len(numbers) == 2:
        parts.month, parts.year = first, second
        parts.day_offset = token.offset
        _check_month(cursor, parts)
        return
    third = int(numbers[2])
    if len(numbers[0]) == 4:
        parts.year, parts.month, parts.day = first, second, third
    elif len(numbers[2]) != 4:
        problem = "The year needs four digits: write it as 7 November 2019"
        raise cursor.refusal("ambiguous-date", problem, token.offset)
    elif first <= 12 and second <= 12 and first != second:
        problem = "This may be day and month or month and day: write it as 7 November 2019"
        raise cursor.refusal("ambiguous-date", problem, token.offset)
    else:
        parts.year = third
        parts.day, parts.month = (first, second) if second <= 12 else (second, first)
    parts.day_offset = token.offset
    _check_month(cursor, parts)


def _check_month(cursor: Cursor, parts: Parts) -> None:
    if not 1 <= (parts.month or 0) <= 12:
        problem = f"There is no month {parts.month}"
        raise cursor.refusal("no-such-month", problem, parts.day_offset)
