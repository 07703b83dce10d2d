"""From what was read to what it means: bounds, precision, states."""

from __future__ import annotations

from typing import NamedTuple

from timeline.temporal.bounds import NEGATIVE_INFINITY, POSITIVE_INFINITY, Bounds, some_time_within
from timeline.temporal.precision import Precision, coarsest
from timeline.temporal.shape import (
    APPROXIMATE,
    UNCERTAIN,
    Choice,
    EndState,
    Interval,
    Point,
    SetKind,
    Shape,
    Stretch,
)


class Meaning(NamedTuple):
    """What a date says; see :class:`~timeline.temporal.Edtf` for each."""

    bounds: Bounds
    precision: Precision
    approximate: bool
    uncertain: bool
    level: int
    start_state: EndState = EndState.CLOSED
    end_state: EndState = EndState.CLOSED
    set_kind: SetKind | None = None
    members: tuple[Bounds, ...] = ()
    is_extension: bool = False


def understand(shape: Shape) -> Meaning:
    """Derive what follows from a date, an interval or a set."""
    if isinstance(shape, Point):
        marks = shape.qualified
        return Meaning(
            some_time_within(shape.low, shape.high),
            shape.precision,
            bool(marks & APPROXIMATE),
            bool(marks & UNCERTAIN),
            shape.level,
        )
    return _of_interval(shape) if isinstance(shape, Interval) else _of_choice(shape)


def _of_interval(interval: Interval) -> Meaning:
    """Throughout: the start lies in one date, the end in another, in this order."""
    start, end = interval
    points = [end for end in interval if isinstance(end, Point)]
    start_min, start_max = NEGATIVE_INFINITY, POSITIVE_INFINITY
    if isinstance(start, Point):
        start_min, start_max = start.low, start.high
    elif start is EndState.OPEN:
        start_max = NEGATIVE_INFINITY
    end_min, end_max = NEGATIVE_INFINITY, POSITIVE_INFINITY
    if isinstance(end, Point):
        end_min, end_max = end.low, end.high
    elif end is EndState.OPEN:
        end_min = POSITIVE_INFINITY
    # Nothing ends before it begins, which also narrows what both ends can be.
    bounds = Bounds(start_min, min(start_max, end_max), max(start_min, end_min), end_max)
    is_extension = any(point.time for point in points)
    unspecified = any("X" in point.year + point.month + point.day for point in points)
    level = 2 if is_extension or unspecified else max((point.level for point in points), default=1)
    if len(points) < 2:
        level = max(level, 1)
    return _combined(
        points,
        bounds,
        level=level,
        start_state=EndState.CLOSED if isinstance(start, Point) else start,
        end_state=EndState.CLOSED if isinstance(end, Point) else end,
        is_extension=is_extension,
    )


def _of_choice(choice: Choice) -> Meaning:
    """A set. For "one of" the bounds are the hull of the members.

    For "all of" they are those of the whole: it begins with its first member and ends with its
    last, so that before, after and within can be read from them.
    """
    parts = [_of_member(member, choice.kind) for member in choice.members]
    members = tuple(hull for hull, _ in parts)
    wholes = [whole for _, whole in parts]
    ends = _least if choice.kind == "one" else _first_and_last
    ahead, behind = choice.members[0], choice.members[-1]
    beyond = EndState.UNKNOWN if choice.kind == "one" else EndState.OPEN
    return _combined(
        [point for member in choice.members for point in _points(member)],
        ends(wholes),
        level=2,
        start_state=beyond if isinstance(ahead, Stretch) and not ahead.start else EndState.CLOSED,
        end_state=beyond if isinstance(behind, Stretch) and not behind.end else EndState.CLOSED,
        set_kind=choice.kind,
        members=members,
    )


def _least(members: list[Bounds]) -> Bounds:
    return Bounds(
        min(m.start_min for m in members),
        max(m.start_max for m in members),
        min(m.end_min for m in members),
        max(m.end_max for m in members),
    )


def _first_and_last(members: list[Bounds]) -> Bounds:
    return Bounds(
        min(m.start_min for m in members),
        min(m.start_max for m in members),
        max(m.end_min for m in members),
        max(m.end_max for m in members),
    )


def _points(member: Point | Stretch) -> list[Point]:
    if isinstance(member, Point):
        return [member]
    return [point for point in member if point is not None]


def _of_member(member: Point | Stretch, kind: SetKind) -> tuple[Bounds, Bounds]:
    """The hull of a member, and what it adds to the bounds of the set."""
    if isinstance(member, Point):
        hull = some_time_within(member.low, member.high)
        return hull, hull
    start, end = member
    first = (start.low, start.high) if start else (NEGATIVE_INFINITY, NEGATIVE_INFINITY)
    last = (end.low, end.high) if end else (POSITIVE_INFINITY, POSITIVE_INFINITY)
    hull = some_time_within(first[0], last[1])
    if kind == "one":
        return hull, hull
    return hull, Bounds(first[0], min(first[1], last[1]), max(first[0], last[0]), last[1])


def _combined(
    points: list[Point],
    bounds: Bounds,
    *,
    level: int,
    start_state: EndState,
    end_state: EndState,
    set_kind: SetKind | None = None,
    members: tuple[Bounds, ...] = (),
    is_extension: bool = False,
) -> Meaning:
    marks = 0
    for point in points:
        marks |= point.qualified
    precisions = [point.precision for point in points]
    return Meaning(
        bounds,
        coarsest(*precisions) if precisions else Precision.UNKNOWN,
        bool(marks & APPROXIMATE),
        bool(marks & UNCERTAIN),
        level,
        start_state,
        end_state,
        set_kind,
        members,
        is_extension,
    )
