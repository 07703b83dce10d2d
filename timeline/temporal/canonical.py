"""The canonical text of a date.

Times carry their shift in hours and minutes (``Z`` for none), 24:00:00 becomes the next day,
exponents are written out, superfluous significant digits and qualifiers dropped. The order of a
set's members is the writer's and stays.
"""

from __future__ import annotations

from timeline.temporal.calendar import DAY, civil
from timeline.temporal.shape import MARKS, EndState, Interval, Point, Shape, Stretch

_ENDS = {EndState.OPEN: "..", EndState.UNKNOWN: ""}
_BRACKETS = {"one": ("[", "]"), "all": ("{", "}")}


def write(shape: Shape, zone: int) -> str:
    """The canonical text; ``zone`` is the default shift of times that name none."""
    if isinstance(shape, Point):
        return _point(shape, zone)
    if isinstance(shape, Interval):
        ends = (_point(e, zone) if isinstance(e, Point) else _ENDS[e] for e in shape)
        return "/".join(ends)
    opening, closing = _BRACKETS[shape.kind]
    return f"{opening}{','.join(_member(member) for member in shape.members)}{closing}"


def _member(member: Point | Stretch) -> str:
    if isinstance(member, Point):
        return _point(member, 0)
    return "..".join("" if end is None else _point(end, 0) for end in member)


def _point(point: Point, zone: int) -> str:
    if point.time:
        return _datetime(point, zone)
    year = f"{point.year}S{point.significant}" if point.significant else point.year
    parts = [part for part in (year, point.month, point.day) if part]
    marks = point.marks[: len(parts)]
    # Equal qualifiers from the left are one group, marked once at its right.
    group = 0
    while marks[0] and group < len(parts) and marks[group] == marks[0]:
        group += 1
    written = [
        part if index < group else MARKS[mark] + part
        for index, (part, mark) in enumerate(zip(parts, marks, strict=True))
    ]
    if group:
        written[group - 1] += MARKS[marks[0]]
    return "-".join(written)


def _datetime(point: Point, zone: int) -> str:
    shift = zone if point.shift is None else point.shift
    year, month, day = civil((point.first + shift * 60) // DAY)
    time = point.time
    date = f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"
    if time == "24:00:00":
        # The day after 9999-12-31 cannot be written with four digits.
        date, time = (point_date(point), time) if year > 9999 else (date, "00:00:00")
    return f"{date}T{time}{written_shift(shift)}"


def point_date(point: Point) -> str:
    """Year, month and day without qualifiers.

    >>> from timeline.temporal.dates import read_date
    >>> point_date(read_date("?2004-06", 0, 8))
    '2004-06'
    """
    return "-".join(part for part in (point.year, point.month, point.day) if part)


def written_shift(shift: int) -> str:
    """``Z``, ``+05:30``…

    >>> written_shift(0), written_shift(-240)
    ('Z', '-04:00')
    """
    if not shift:
        return "Z"
    hours, minutes = divmod(abs(shift), 60)
    return f"{'+' if shift > 0 else '-'}{hours:02d}:{minutes:02d}"
