"""The grammar of EDTF above single dates: intervals and sets.

LoC EDTF: level 0 "Time Interval", level 1 "Extended Interval", level 2 "Set representation" and
"Interval". Beyond it, and flagged as an extension, an interval may run from a date with a time
to another. What implementations disagree about is settled so: an interval is reversed, and
refused, when its end lies wholly before its start; the two ends of a range in a set have the
same components; a range without a first (or last) date stands first (or last) in its set.
"""

from __future__ import annotations

from timeline.temporal.clock import read_datetime
from timeline.temporal.dates import read_date
from timeline.temporal.errors import EdtfError
from timeline.temporal.faults import fault, foreign_character
from timeline.temporal.groupings import GROUPINGS
from timeline.temporal.shape import Choice, EndState, Interval, Point, SetKind, Shape, Stretch
from timeline.temporal.years import read_long_year

LONGEST_TEXT = 500
MOST_MEMBERS = 50

_KINDS: dict[str, tuple[str, SetKind]] = {"[": ("]", "one"), "{": ("}", "all")}


def read(text: str, zone: int) -> Shape:
    """Read a whole EDTF text of at most ``LONGEST_TEXT`` characters, or raise EdtfError."""
    if not text:
        raise EdtfError("empty", 0, text, "There is no date here")
    if text[0] in _KINDS:
        return _read_set(text)
    slash = text.find("/")
    if slash < 0:
        return _read_point(text, 0, len(text), zone)
    return _read_interval(text, slash, zone)


def _read_point(text: str, start: int, end: int, zone: int) -> Point:
    """One date, with or without a time."""
    point = (
        read_date(text, start, end)
        or read_datetime(text, start, end, zone)
        or read_long_year(text, start, end)
    )
    if point is None:
        raise fault(text, start, end)
    return point


def _read_interval(text: str, slash: int, zone: int) -> Interval:
    again = text.find("/", slash + 1)
    if again >= 0:
        raise foreign_character(text, 0, len(text)) or EdtfError(
            "second-slash", again, text, "An interval has two ends and one slash"
        )
    start, end = _read_end(text, 0, slash, zone), _read_end(text, slash + 1, len(text), zone)
    if isinstance(start, Point) and isinstance(end, Point):
        if bool(start.time) != bool(end.time):
            problem = "Either both ends of an interval have a time of day or neither"
            raise EdtfError("one-sided-time", slash + 1, text, problem)
        if end.last < start.first:
            problem = "The interval ends before it begins: put the earlier date first"
            raise EdtfError("reversed-interval", slash + 1, text, problem)
    return Interval(start, end)


def _read_end(text: str, start: int, end: int, zone: int) -> Point | EndState:
    if start == end:
        return EndState.UNKNOWN
    if end - start == 2 and text.startswith("..", start):
        return EndState.OPEN
    return _read_point(text, start, end, zone)


def _read_set(text: str) -> Choice:
    closing, kind = _KINDS[text[0]]
    close = len(text) - 1
    if close == 0 or text[close] != closing:
        raise foreign_character(text, 0, len(text)) or EdtfError(
            "unclosed-set", close, text, f"A set that begins with {text[0]} ends with {closing}"
        )
    if close == 1:
        raise EdtfError("empty-set", 1, text, "A set needs at least one date")
    members: list[Point | Stretch] = []
    start = 1
    while start <= close:
        comma = text.find(",", start, close)
        end = close if comma < 0 else comma
        if len(members) == MOST_MEMBERS:
            problem = f"A set has at most {MOST_MEMBERS} members"
            raise EdtfError("too-many-members", start, text, problem)
        members.append(_read_member(text, start, end, start == 1, end == close))
        start = end + 1
    return Choice(kind, tuple(members))


def _read_member(text: str, start: int, end: int, first: bool, last: bool) -> Point | Stretch:
    dots = text.find("..", start, end)
    if dots < 0:
        return _read_date(text, start, end)
    before = _read_date(text, start, dots) if dots > start else None
    after = _read_date(text, dots + 2, end) if dots + 2 < end else None
    if before is None and after is None:
        raise EdtfError("empty-range", dots, text, "A range in a set needs a date at one end")
    if before is None and not first:
        problem = "“All before” stands only at the beginning of a set"
        raise EdtfError("open-range-inside", dots, text, problem)
    if after is None and not last:
        problem = "“All after” stands only at the end of a set"
        raise EdtfError("open-range-inside", dots, text, problem)
    if before is not None and after is not None:
        if _components(before) != _components(after):
            problem = "Both ends of a range in a set have the same precision"
            raise EdtfError("range-precision", dots + 2, text, problem)
        if after.last < before.first:
            problem = "The range ends before it begins: put the earlier date first"
            raise EdtfError("reversed-range", dots + 2, text, problem)
    return Stretch(before, after)


def _read_date(text: str, start: int, end: int) -> Point:
    """A member of a set: a date without a time."""
    if any(character in "[]{}/" for character in text[start:end]):
        at = next(at for at in range(start, end) if text[at] in "[]{}/")
        problem = "A set holds dates and ranges with .., no intervals and no further sets"
        raise EdtfError("nested", at, text, problem)
    point = _read_point(text, start, end, 0)
    if point.time:
        raise EdtfError("time-in-set", start, text, "A set holds dates without a time of day")
    return point


def _components(point: Point) -> tuple[str, bool]:
    """What is written of a date: the year, its month or some grouping of months, its day."""
    month = point.month
    if not month or not month.isdigit():
        return ("month" if month else "year"), bool(point.day)
    grouping = GROUPINGS.get(int(month))
    return (grouping.precision if grouping else "month"), bool(point.day)
