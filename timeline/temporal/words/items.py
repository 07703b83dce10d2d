"""Lists: what stands between "or" and "and"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from timeline.temporal.errors import EdtfError
from timeline.temporal.grammar import MOST_MEMBERS
from timeline.temporal.words.dates import read_date, read_qualifiers
from timeline.temporal.words.parts import Parts
from timeline.temporal.words.terms import Term, between, day_after, day_before, term
from timeline.temporal.words.tokens import Cursor
from timeline.temporal.words.vocabulary import (
    AFTER,
    BEFORE,
    NOT_AFTER,
    NOT_BEFORE,
    OR_EARLIER,
    OR_LATER,
)

_UNITS = ("year", "month", "day", "season", "quarter", "quadrimester", "half")
_EVERY = tuple(f"every {unit}" for unit in _UNITS)


# How an item may begin or end, and what it then is.
_OPENINGS: Final = (
    dict.fromkeys(NOT_AFTER, "not after")
    | dict.fromkeys(NOT_BEFORE, "not before")
    | dict.fromkeys(BEFORE, "before")
    | dict.fromkeys(AFTER, "after")
    | {"between": "between"}
)
_ENDINGS: Final = dict.fromkeys(OR_LATER, "not before") | dict.fromkeys(OR_EARLIER, "not after")


@dataclass(frozen=True, slots=True)
class Item:
    """One member of a list: a date, or a range with one or two dates; or every one of a range."""

    kind: str
    dates: tuple[Parts, ...]
    is_every: bool = False

    @property
    def parts(self) -> Parts | None:
        """The date, if it is one and no range."""
        return self.dates[0] if self.kind == "date" else None

    def member(self, text: str) -> str:
        """As a member of a set in EDTF."""
        terms = [term(parts, text) for parts in self.dates]
        for item in terms:
            if "T" in item.low:
                problem = "Only days, months and years can stand here: leave the time out"
                raise EdtfError("time-in-set", item.offset, text, problem)
        return _member(self.kind, terms[0], terms[-1])


def _member(kind: str, first: Term, last: Term) -> str:
    match kind:
        case "before":
            return f"..{day_before(first)}{first.mark}"
        case "after":
            return f"{day_after(first)}{first.mark}.."
        case "not after":
            return f"..{first.high}{first.mark}"
        case "not before":
            return f"{first.low}{first.mark}.."
        case "between":
            return between(first, last)
    return first.alternative


def read_items(cursor: Cursor) -> tuple[list[Item], str]:
    """Read a list, and the word that joins it: "or", "and", or "" for a single item."""
    announced = {"either": "or", "both": "and"}.get(cursor.say("either", "both"), "")
    joined = announced
    items = [_read_item(cursor)]
    while True:
        start = cursor.at
        comma = bool(cursor.say(","))
        word = cursor.say("or", "and")
        if not comma and not word:
            break
        if comma and not word and not _continues(cursor):
            cursor.at = start
            break
        if word and cursor.next.text == "ongoing":
            cursor.at = start
            break
        if word and joined not in ("", word):
            raise cursor.refusal("mixed-list", "Either “or” or “and”, not both in one list")
        joined = word or joined
        if len(items) == MOST_MEMBERS:
            problem = f"A list has at most {MOST_MEMBERS} dates"
            raise cursor.refusal("too-many-members", problem)
        items.append(_read_item(cursor))
    if len(items) == 1 and announced:
        raise cursor.refusal("incomplete", f"“{announced}” and another date are missing here")
    if len(items) > 1 and not joined:
        problem = "Say “or” or “and” before the last of these"
        raise cursor.refusal("list-unclear", problem)
    if any(item.is_every for item in items):
        if joined == "or":
            raise cursor.refusal("mixed-list", "“Every” goes with “and”")
        joined = "and"
    return items, joined


def _continues(cursor: Cursor) -> bool:
    """Whether another item follows a comma, rather than "ongoing" or "end unknown"."""
    return cursor.next.text not in ("ongoing", "still", "start", "end", "")


def _read_item(cursor: Cursor) -> Item:
    start, whole = cursor.at, Parts(0)
    read_qualifiers(cursor, whole)
    cursor.say("sometime", "some time")
    kind = _OPENINGS.get(cursor.say(*_OPENINGS), "")
    if kind:
        dates = _read_pair(cursor, "and", "-") if kind == "between" else (read_date(cursor),)
        for parts in dates:
            parts.mark |= whole.mark
        return Item(kind, dates)
    cursor.at = start
    if cursor.say(*_EVERY):
        return _read_every(cursor)
    only = read_date(cursor)
    return Item(_ENDINGS.get(cursor.say(*_ENDINGS), "date"), (only,))


def _read_pair(cursor: Cursor, *joints: str) -> tuple[Parts, Parts]:
    first = read_date(cursor)
    if not cursor.say(*joints):
        raise cursor.refusal("incomplete", f"“{joints[0]}” and a second date are missing here")
    return first, read_date(cursor)


def _read_every(cursor: Cursor) -> Item:
    """Every year from 1670 to 1672, up to 1984, from 1984 on."""
    if cursor.say("up to"):
        return Item("not after", (read_date(cursor),), is_every=True)
    if not cursor.say("from"):
        raise cursor.not_understood()
    first = read_date(cursor)
    if cursor.say("on", "onwards"):
        return Item("not before", (first,), is_every=True)
    if not cursor.say("to"):
        raise cursor.refusal("incomplete", "“to” and a second date are missing here")
    return Item("between", (first, read_date(cursor)), is_every=True)
