"""One date in words, perhaps not a whole one."""

from __future__ import annotations

from timeline.temporal.shape import APPROXIMATE, UNCERTAIN
from timeline.temporal.words import spans
from timeline.temporal.words.clock import begins_time, read_time
from timeline.temporal.words.numeric import read_iso, read_numeric
from timeline.temporal.words.parts import Parts
from timeline.temporal.words.tokens import Cursor
from timeline.temporal.words.vocabulary import (
    ABOUT,
    ERAS,
    LETTERED,
    MONTHS,
    ON_OR_ABOUT,
    POSSIBLY,
    SEASONS,
    THIRDS,
    WEEKDAYS,
    WITHIN,
)


def read_date(cursor: Cursor) -> Parts:
    """Read one date with its qualifiers."""
    parts = Parts(cursor.next.offset)
    read_qualifiers(cursor, parts)
    cursor.say(*WITHIN)
    cursor.say("the")
    cursor.say("year")
    read_qualifiers(cursor, parts)
    cursor.say("the")
    if begins_time(cursor):
        read_time(cursor, parts)
        cursor.say(",")
        if cursor.say("on") or _begins_date(cursor):
            _read_core(cursor, parts)
    else:
        _read_core(cursor, parts)
        _read_time_after(cursor, parts)
    if cursor.say("?", "( ? )"):
        parts.mark |= UNCERTAIN
    return parts


def read_qualifiers(cursor: Cursor, parts: Parts) -> None:
    """Read about, possibly and their like, in any number."""
    if cursor.say(*ON_OR_ABOUT):
        parts.mark |= APPROXIMATE
    while cursor.next.text in ABOUT or cursor.next.text in POSSIBLY:
        parts.mark |= APPROXIMATE if cursor.next.text in ABOUT else UNCERTAIN
        cursor.at += 1
        cursor.say(",")


def _begins_date(cursor: Cursor) -> bool:
    token = cursor.next
    return token.kind in ("number", "ordinal", "iso") or token.text in MONTHS | WEEKDAYS


def _read_time_after(cursor: Cursor, parts: Parts) -> None:
    start = cursor.at
    cursor.say(",")
    cursor.say("at")
    if begins_time(cursor):
        read_time(cursor, parts)
    else:
        cursor.at = start


def _read_core(cursor: Cursor, parts: Parts) -> None:
    """The date itself, by the kind of word it begins with."""
    if cursor.next.text in WEEKDAYS:
        parts.weekday = WEEKDAYS[cursor.next.text]
        cursor.at += 1
        cursor.say(",")
        cursor.say("the")
    token = cursor.next
    if token.kind == "iso":
        read_iso(cursor, parts)
    elif token.kind == "numeric":
        read_numeric(cursor, parts)
    elif token.kind == "decade":
        spans.read_decade(cursor, parts)
    elif token.text in THIRDS:
        cursor.at += 1
        cursor.say("-", "in")
        parts.portion = (THIRDS[token.text], 3)
        _read_unit(cursor, parts)
    elif _read_year(cursor, parts):
        _read_after_year(cursor, parts)
    elif token.kind == "number":
        cursor.at += 1
        _read_after_day(cursor, parts, int(token.text))
    elif token.kind == "word":
        _read_word(cursor, parts)
    elif (ordinal := spans.take_ordinal(cursor)) is not None:
        _read_after_ordinal(cursor, parts, ordinal)
    else:
        raise cursor.not_understood()


def _read_word(cursor: Cursor, parts: Parts) -> None:
    word = cursor.next.text
    if word in MONTHS:
        _read_month_first(cursor, parts)
    elif word in SEASONS:
        spans.read_season(cursor, parts)
    elif word in LETTERED and cursor.peek(1).kind == "number":
        spans.read_lettered(cursor, parts)
        cursor.say(",")
        cursor.say("of")
        if not _read_year(cursor, parts):
            raise _year_missing(cursor)
    elif word == "decade":
        spans.read_named_decade(cursor, parts)
    elif cursor.say("some month of", "some day of"):
        _read_some(cursor, parts, word_before=cursor.peek(-2).text)
    elif (ordinal := spans.take_ordinal(cursor)) is not None:
        _read_after_ordinal(cursor, parts, ordinal)
    else:
        raise cursor.not_understood()


def _read_some(cursor: Cursor, parts: Parts, *, word_before: str) -> None:
    cursor.say("the")
    if cursor.next.text in MONTHS and word_before == "day":
        parts.month = MONTHS[cursor.next.text]
        cursor.at += 1
    if not _read_year(cursor, parts):
        raise _year_missing(cursor)
    parts.unknown = word_before


def _read_after_ordinal(cursor: Cursor, parts: Parts, ordinal: int) -> None:
    """7th November; 19th century; third quarter of 2019."""
    if spans.read_century(cursor, parts, ordinal):
        return
    if spans.read_part(cursor, parts, ordinal):
        cursor.say("of")
        cursor.say("the")
        _read_unit(cursor, parts)
    elif ordinal > 0:
        _read_after_day(cursor, parts, ordinal)
    else:
        raise cursor.not_understood()


def _read_unit(cursor: Cursor, parts: Parts) -> None:
    """What something is a part of: a century, a decade, a year or a month."""
    cursor.say("the")
    if cursor.next.kind == "decade":
        spans.read_decade(cursor, parts)
    elif cursor.next.text in MONTHS:
        parts.month = MONTHS[cursor.next.text]
        cursor.at += 1
        _read_year_after(cursor, parts)
    elif not _read_year(cursor, parts):
        ordinal = spans.take_ordinal(cursor)
        if ordinal is None or not spans.read_century(cursor, parts, ordinal):
            raise cursor.not_understood()


def _read_after_day(cursor: Cursor, parts: Parts, number: int) -> None:
    """A number that is a day if a month follows; else its neighbours tell."""
    parts.bare = number
    cursor_at = cursor.at
    cursor.say("of")
    if cursor.next.text in MONTHS:
        parts.day, parts.day_offset, parts.bare = number, parts.offset, None
        parts.day_offset = cursor.tokens[cursor_at - 1].offset
        parts.month = MONTHS[cursor.next.text]
        cursor.at += 1
    else:
        cursor.at = cursor_at
    _read_year_after(cursor, parts)


def _read_month_first(cursor: Cursor, parts: Parts) -> None:
    """November 2019; November 7, 2019; Nov 7."""
    parts.month = MONTHS[cursor.next.text]
    cursor.at += 1
    start = cursor.at
    cursor.say("the")
    if cursor.next.kind in ("number", "ordinal") and not _is_year(cursor, 0):
        digits = cursor.next.text[:2] if cursor.next.kind == "ordinal" else cursor.next.text
        if len(digits) > 2:
            raise cursor.refusal("year-digits", "A year has four digits here: write AD or BC")
        parts.day, parts.day_offset = int(digits.rstrip("sndrth")), cursor.next.offset
        cursor.at += 1
    else:
        cursor.at = start
    _read_year_after(cursor, parts)


def _read_after_year(cursor: Cursor, parts: Parts) -> None:
    """2019 November 7; 2019 Q3; 2019 spring."""
    if cursor.next.text in MONTHS:
        parts.month = MONTHS[cursor.next.text]
        cursor.at += 1
        if cursor.next.kind in ("number", "ordinal") and len(cursor.next.text) <= 4:
            digits = cursor.next.text.rstrip("sndrth")
            if len(digits) <= 2:
                parts.day, parts.day_offset = int(digits), cursor.next.offset
                cursor.at += 1
    elif cursor.next.text in LETTERED and cursor.peek(1).kind == "number":
        spans.read_lettered(cursor, parts)
    elif cursor.next.text in SEASONS:
        parts.month = SEASONS[cursor.next.text][0]
        cursor.at += 1


def _is_year(cursor: Cursor, ahead: int) -> bool:
    """Whether a year comes: four digits, or any number with an era."""
    token, after = cursor.peek(ahead), cursor.peek(ahead + 1)
    if token.text in ERAS:
        return after.kind == "number"
    return token.kind == "number" and (len(token.text) >= 4 or after.text in ERAS)


def _read_year(cursor: Cursor, parts: Parts) -> bool:
    """Read 2019, AD 79 or 44 BC."""
    if not _is_year(cursor, 0):
        return False
    offset = cursor.next.offset
    era = cursor.say(*ERAS)
    digits = cursor.next.text
    cursor.at += 1
    era = era or cursor.say(*ERAS)
    if len(digits) > 4 and not era:
        problem = "A year of more than four digits needs AD or BC"
        raise cursor.refusal("year-digits", problem, offset)
    parts.year, parts.era = int(digits), ERAS.get(era, "")
    if era and not parts.year:
        raise cursor.refusal("no-such-year", "There is no year 0 of an era", offset)
    return True


def _read_year_after(cursor: Cursor, parts: Parts) -> None:
    """A year after a day or month: November 2019; November 7, 2019; November of 2019."""
    start = cursor.at
    cursor.say(",", "of", "in")
    if not _read_year(cursor, parts):
        cursor.at = start


def _year_missing(cursor: Cursor) -> Exception:
    return cursor.refusal("year-missing", "The year is missing here")
