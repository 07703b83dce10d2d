"""Why a text is not a date: the first place where it leaves the grammar."""

from __future__ import annotations

from timeline.temporal.errors import EdtfError

_ALPHABET = frozenset("0123456789XYEST:Z?~%+-.,/[]{}")
_DIGITS = frozenset("0123456789X")
_MARKS = frozenset("?~%")


def fault(text: str, start: int, end: int) -> EdtfError:
    """The error for ``text[start:end]``, which has the form of no date."""
    foreign = foreign_character(text, start, end)
    if foreign is not None:
        return foreign
    if start == end:
        return EdtfError("empty-date", start, text, "A date is missing here")
    if text[start] == "Y" or text.startswith(("-Y", "?Y", "~Y", "%Y"), start):
        return EdtfError(
            "not-a-long-year", start, text, "After Y comes a year of five digits or more, alone"
        )
    at = text.find("T", start, end)
    if at >= 0:
        return _time_fault(text, at, end)
    return _date_fault(text, start, end)


def foreign_character(text: str, start: int, end: int) -> EdtfError | None:
    """An error for the first character that no EDTF text contains."""
    for at in range(start, end):
        character = text[at]
        if character not in _ALPHABET:
            if character.isspace():
                return EdtfError("space", at, text, "A date in EDTF has no spaces: leave it out")
            if character in "xyestz":
                problem = f"Letters in EDTF are capitals: write {character.upper()}"
                return EdtfError("lower-case", at, text, problem)
            return EdtfError("bad-character", at, text, "This character does not belong in a date")
    return None


def _time_fault(text: str, at: int, end: int) -> EdtfError:
    """A date with a T in it that is not a date and time."""
    clock = text[at + 1 : end]
    if len(clock) >= 5 and clock[2] == ":" and not clock[5:6].startswith(":"):
        problem = "A time needs its seconds: write hh:mm:ss"
        return EdtfError("time-without-seconds", at + 6, text, problem)
    if _MARKS & set(text[:end]):
        problem = "A date with a time takes no ?, ~ or %: leave the time out"
        return EdtfError("qualified-time", at, text, problem)
    problem = "A time is written YYYY-MM-DDThh:mm:ss, then Z, +hh:mm or nothing"
    return EdtfError("not-a-time", at, text, problem)


def _date_fault(text: str, start: int, end: int) -> EdtfError:
    """The component at which a calendar date breaks off."""
    at = _past_mark(text, start, end)
    if text.startswith("-", at, end):
        at += 1
    for width, code, problem in (
        (4, "year-digits", "A year has four digits: write 0079 for 79, 19XX for the 1900s"),
        (2, "month-digits", "A month has two digits: write 08 for August"),
        (2, "day-digits", "A day has two digits: write 07 for the 7th"),
    ):
        run = at
        while run < end and text[run] in _DIGITS:
            run += 1
        if run - at != width:
            return EdtfError(code, at, text, problem)
        at = _past_mark(text, run, end)
        if not text.startswith("-", at, end):
            break
        at = _past_mark(text, at + 1, end)
    return EdtfError("unexpected", min(at, end - 1), text, "The date should have ended here")


def _past_mark(text: str, at: int, end: int) -> int:
    return at + 1 if at < end and text[at] in _MARKS else at
