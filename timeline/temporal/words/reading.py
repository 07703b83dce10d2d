"""The phrases around dates, and the way from words to EDTF."""

from __future__ import annotations

from timeline.temporal.errors import EdtfError
from timeline.temporal.grammar import LONGEST_TEXT
from timeline.temporal.value import Edtf, parse
from timeline.temporal.words.dates import read_date
from timeline.temporal.words.items import Item, read_items
from timeline.temporal.words.parts import Parts, complete, fill, refuse_unclear_eras
from timeline.temporal.words.terms import Term, term
from timeline.temporal.words.tokens import Cursor
from timeline.temporal.words.vocabulary import ONWARDS, PRESENT, TO, UNTIL

# What says less than the error of a text that was meant to be EDTF.
_VAGUE = frozenset({"not-understood", "incomplete", "year-digits"})
_EDTF = frozenset("0123456789XYEST:Z?~%+-.,/[]{}")


def parse_words(text: str, *, zone: int = 0) -> Edtf:
    """Read a date written in English, or in EDTF.

    The result carries the EDTF text it stands for; ``zone`` is the default shift of times in
    minutes. Raises :class:`EdtfError` for whatever is not wholly understood or has two meanings.

    >>> parse_words("c. 1912").text, parse_words("Thursday, November 7th, 2019").text
    ('1912~', '2019-11-07')
    >>> parse_words("before 1890").text, parse_words("44 BC").text
    ('[..1889]', '-0043')
    >>> parse_words("07/11/2019")
    Traceback (most recent call last):
    ...
    timeline.temporal.errors.EdtfError: This may be day and month or month and day: write it as \
7 November 2019 (character 1 of “07/11/2019”).
    """
    try:
        return parse(text, zone=zone)
    except EdtfError as error:
        if error.code in ("not-text", "too-long", "empty"):
            raise
        as_edtf = error
    try:
        return _read(text, zone)
    except EdtfError as error:
        if error.code in _VAGUE | {as_edtf.code} and _EDTF.issuperset(text):
            raise as_edtf from None
        raise


def _read(text: str, zone: int) -> Edtf:
    cursor = Cursor(text)
    if cursor.next.kind == "end":
        raise cursor.refusal("empty", "There is no date here")
    edtf = _read_phrase(cursor)
    if cursor.next.kind != "end":
        raise cursor.not_understood()
    if len(edtf) > LONGEST_TEXT:
        raise cursor.refusal("too-long", "This is too long for a date", 0)
    try:
        return parse(edtf, zone=zone)
    except EdtfError as error:
        first = len(text) - len(text.lstrip())
        raise EdtfError(error.code, first, text, error.problem) from None


def _read_phrase(cursor: Cursor) -> str:
    """A whole phrase as EDTF."""
    if cursor.say("ongoing , start unknown", "ongoing") and cursor.next.kind == "end":
        return "/.."
    cursor.at = 0
    if cursor.say("ongoing since", "since"):
        start = _one(cursor)
        _skip_ongoing(cursor)
        return f"{start}/.."
    if cursor.say("from"):
        return _read_from(cursor)
    if cursor.say(*UNTIL):
        end = _one(cursor)
        return f"/{end}" if cursor.say(", start unknown") else f"../{end}"
    if cursor.say("unknown to", "unknown -"):
        return f"/{_one(cursor)}"
    items, joined = read_items(cursor)
    if len(items) == 1 and isinstance(items[0].parts, Parts):
        return _read_after_one(cursor, items[0].parts)
    return _set(items, joined, cursor.text)


def _read_from(cursor: Cursor) -> str:
    start = read_date(cursor)
    if cursor.say(*ONWARDS):
        return f"{_end_of(start, cursor)}/.."
    if cursor.say(", end unknown", "end unknown"):
        return f"{_end_of(start, cursor)}/"
    if not cursor.say(*TO):
        problem = "The end is missing: say to when, “onwards” or “end unknown”"
        raise cursor.refusal("end-missing", problem)
    return _read_end(cursor, start)


def _read_after_one(cursor: Cursor, start: Parts) -> str:
    """What may follow a single date: an end, or nothing."""
    if cursor.say(*TO):
        if cursor.next.kind == "end":
            problem = "The end is missing: write “2017 to present” or “from 2017, end unknown”"
            raise cursor.refusal("end-missing", problem)
        return _read_end(cursor, start)
    if cursor.say("onwards", "onward", ", ongoing", "ongoing", "and ongoing"):
        return f"{_end_of(start, cursor)}/.."
    complete([start], cursor.text)
    only = term(start, cursor.text)
    return f"[{only.alternative}]" if only.is_stretch else only.alternative


def _read_end(cursor: Cursor, start: Parts) -> str:
    cursor.say("the")
    if cursor.say(*PRESENT):
        return f"{_end_of(start, cursor)}/.."
    if cursor.say("unknown", "?"):
        return f"{_end_of(start, cursor)}/"
    end = read_date(cursor)
    complete([start, end], cursor.text)
    return f"{_point(term(start, cursor.text), cursor)}/{_point(term(end, cursor.text), cursor)}"


def _one(cursor: Cursor) -> str:
    return _end_of(read_date(cursor), cursor)


def _end_of(parts: Parts, cursor: Cursor) -> str:
    complete([parts], cursor.text)
    return _point(term(parts, cursor.text), cursor)


def _point(item: Term, cursor: Cursor) -> str:
    """A date fit to begin or end an interval."""
    if item.is_stretch:
        problem = "An interval begins and ends with a year, month, season or day: name it"
        raise cursor.refusal("no-single-date", problem, item.offset)
    return item.alternative


def _skip_ongoing(cursor: Cursor) -> None:
    cursor.say(", ongoing", "and ongoing", "ongoing", ", still ongoing", "to the present")


def _set(items: list[Item], joined: str, text: str) -> str:
    """One of several dates, or all of them."""
    for item in items:
        fill(list(item.dates))
    everything = [parts for item in items for parts in item.dates]
    refuse_unclear_eras(everything, text)
    complete(everything, text)
    members = ",".join(item.member(text) for item in items)
    return f"{{{members}}}" if joined == "and" else f"[{members}]"
