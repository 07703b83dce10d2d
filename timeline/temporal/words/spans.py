"""Decades, centuries, seasons, and the parts of them."""

from __future__ import annotations

from timeline.temporal.groupings import GROUPINGS
from timeline.temporal.words.parts import Parts
from timeline.temporal.words.tokens import Cursor
from timeline.temporal.words.vocabulary import ERAS, LETTERED, ORDINALS, PARTS, SEASONS

_GROUPED = {4: 33, 3: 37, 2: 40}
_NAMED = {"q": "quarters, Q1 to Q4", "h": "halves, H1 and H2"}


def take_ordinal(cursor: Cursor) -> int | None:
    """Read 7th, seventh or twenty-first as a number; "last" is -1."""
    token = cursor.next
    if token.kind == "ordinal":
        cursor.at += 1
        return int(token.text[:-2])
    if cursor.say("last"):
        return -1
    if cursor.say("twenty - first"):
        return 21
    if token.text in ORDINALS:
        cursor.at += 1
        return ORDINALS[token.text]
    return None


def read_century(cursor: Cursor, parts: Parts, ordinal: int) -> bool:
    """Read what follows "19th": century or millennium, with its era."""
    start = cursor.at
    cursor.say("-")
    length = 100 if cursor.say("century", "cent", "c") else 1000 if cursor.say("millennium") else 0
    if not length:
        cursor.at = start
        return False
    if ordinal < 1:
        raise cursor.refusal("not-understood", "Which century is meant is not said here")
    era = ERAS.get(cursor.say(*ERAS), "")
    if era == "bc":
        parts.years = (1 - ordinal * length, -(ordinal - 1) * length)
    else:
        parts.years = ((ordinal - 1) * length + 1, ordinal * length)
    parts.era = era
    return True


def read_part(cursor: Cursor, parts: Parts, ordinal: int) -> bool:
    """Read what follows "first": half, third or quarter."""
    count = PARTS.get(cursor.next.text)
    if count is None:
        return False
    if ordinal > count:
        raise cursor.refusal("no-such-part", f"There are only {count} of these")
    cursor.at += 1
    parts.portion = (count - 1 if ordinal < 0 else ordinal - 1, count)
    return True


def read_lettered(cursor: Cursor, parts: Parts) -> None:
    """Read Q3 or H1."""
    letter, digits = cursor.next.text, cursor.peek(1)
    count = LETTERED[letter]
    if not 1 <= int(digits.text) <= count:
        problem = f"A year has {count} {_NAMED[letter]}"
        raise cursor.refusal("no-such-part", problem, digits.offset)
    cursor.at += 2
    parts.month = _GROUPED[count] + int(digits.text) - 1


def read_decade(cursor: Cursor, parts: Parts) -> None:
    """Read 1950s, 1800s, 440s BC."""
    token = cursor.next
    cursor.at += 1
    first = int(token.text.rstrip("'s"))
    era = ERAS.get(cursor.say(*ERAS), "")
    if first % 10 or (len(token.text.rstrip("'s")) < 4 and not era):
        problem = "A decade is written with its century, such as 1950s"
        raise cursor.refusal("century-missing", problem, token.offset)
    if first % 100 == 0 and parts.portion:
        problem = "This may be a decade or a century: write the years"
        raise cursor.refusal("ambiguous-date", problem, token.offset)
    length = 10 if first % 100 else 100
    if era == "bc":
        last = max(first, 1)
        parts.years = (1 - (first + length - 1), 1 - last)
    else:
        parts.years = (first, first + length - 1)
        if not parts.portion:
            known = f"{first:04d}"[: 3 if length == 10 else 2]
            parts.whole = known.ljust(4, "X")
    parts.era = era


def read_named_decade(cursor: Cursor, parts: Parts) -> None:
    """Read "decade 1800 to 1809", the words for a decade that "1800s" is too wide for."""
    cursor.at += 1
    first, last = cursor.next, cursor.peek(2)
    if not (first.kind == last.kind == "number" and len(first.text) == 4):
        raise cursor.not_understood()
    cursor.at += 1
    cursor.say("to", "-")
    cursor.at = cursor.at + 1 if cursor.next is last else cursor.at
    if int(first.text) % 10 or int(last.text) != int(first.text) + 9:
        problem = "A decade goes from a year that ends with 0 to the one that ends with 9"
        raise cursor.refusal("not-understood", problem, first.offset)
    cursor.say("ad", "ce")
    parts.whole = first.text[:3] + "X"


def read_season(cursor: Cursor, parts: Parts) -> None:
    """Read spring 2020, winter 2019-2020, spring 2020 (southern hemisphere)."""
    anywhere, north, south = SEASONS[cursor.next.text]
    cursor.at += 1
    cursor.say(",", "of", "in")
    parts.month = anywhere
    number, two_years = cursor.next, None
    # The text "2019-20" looks like a year and a month, and stands for two years here.
    if number.kind == "iso" and number.text[5:] == f"{(int(number.text[:4]) + 1) % 100:02d}":
        parts.year, two_years = int(number.text[:4]), number.offset + 5
        cursor.at += 1
    elif number.kind == "number" and (len(number.text) == 4 or cursor.peek(1).text in ERAS):
        parts.year = int(number.text)
        cursor.at += 1
        two_years = _take_next_year(cursor, parts.year)
    if parts.year is not None:
        parts.era = ERAS.get(cursor.say(*ERAS), "")
    for hemisphere, code in (("northern hemisphere", north), ("southern hemisphere", south)):
        if cursor.say(f"( {hemisphere} )", f", {hemisphere}", f"in the {hemisphere}"):
            parts.month = code
    if two_years is not None and GROUPINGS[parts.month].first_month != 12:
        problem = "This season lies within one year"
        raise cursor.refusal("not-understood", problem, two_years)


def _take_next_year(cursor: Cursor, year: int) -> int | None:
    """Read the second year of a season, as in 2019-2020 or 2019/20; its offset if there is one."""
    sign, number = cursor.peek(0), cursor.peek(1)
    if sign.text not in ("-", "/") or number.text not in (
        str(year + 1),
        f"{(year + 1) % 100:02d}",
    ):
        return None
    cursor.at += 2
    return number.offset
