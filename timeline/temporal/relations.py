"""The five relations of a date to a window, each possible or certain.

The window is a date itself: it runs from ``a``, its earliest start, to ``b``, its latest end.
``RULES`` are the conditions, every one of which must hold; ``DECIDED_BY`` says for sets what they
must hold for. Both are data, so that a database can be asked the same question.

A set that is *one of* its members is any of them: what is certain must be so for every member,
which its own bounds (the hull) tell exactly; what is possible must be so for a single member
wherever two conditions meet, for otherwise a window in a gap would match. A set that is *all of*
its members happens in each: it lies before, after or within a window when every member does,
which its own bounds tell exactly; it overlaps or contains a window when some member does.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal, NamedTuple, TypeAlias

from timeline.temporal.bounds import Bounds
from timeline.temporal.value import Edtf

Match: TypeAlias = Literal["possible", "certain"]
Edge: TypeAlias = Literal["start_min", "start_max", "end_min", "end_max"]
Comparison: TypeAlias = Literal["<", "<=", ">", ">="]
Side: TypeAlias = Literal["a", "b"]


class Relation(StrEnum):
    """How a date lies to a window."""

    BEFORE = "before"
    AFTER = "after"
    OVERLAPPING = "overlapping"
    WITHIN = "within"
    CONTAINING = "containing"


class Condition(NamedTuple):
    """An edge of the date compared with a side of the window."""

    edge: Edge
    comparison: Comparison
    side: Side


class Decision(StrEnum):
    """What must fulfil the conditions: the bounds of the date, or those of one member."""

    BOUNDS = "bounds"
    SOME_MEMBER = "some-member"


RULES: Final[Mapping[tuple[Relation, Match], tuple[Condition, ...]]] = {
    (Relation.BEFORE, "possible"): (Condition("end_min", "<", "a"),),
    (Relation.BEFORE, "certain"): (Condition("end_max", "<", "a"),),
    (Relation.AFTER, "possible"): (Condition("start_max", ">", "b"),),
    (Relation.AFTER, "certain"): (Condition("start_min", ">", "b"),),
    (Relation.OVERLAPPING, "possible"): (
        Condition("start_min", "<=", "b"),
        Condition("end_max", ">=", "a"),
    ),
    (Relation.OVERLAPPING, "certain"): (
        Condition("start_max", "<=", "b"),
        Condition("end_min", ">=", "a"),
    ),
    (Relation.WITHIN, "possible"): (
        Condition("start_max", ">=", "a"),
        Condition("end_min", "<=", "b"),
    ),
    (Relation.WITHIN, "certain"): (
        Condition("start_min", ">=", "a"),
        Condition("end_max", "<=", "b"),
    ),
    (Relation.CONTAINING, "possible"): (
        Condition("start_min", "<=", "a"),
        Condition("end_max", ">=", "b"),
    ),
    (Relation.CONTAINING, "certain"): (
        Condition("start_max", "<=", "a"),
        Condition("end_min", ">=", "b"),
    ),
}

# For sets only; a date without members is decided by its bounds.
DECIDED_BY: Final[Mapping[tuple[Literal["one", "all"], Match, Relation], Decision]] = {
    (kind, match, relation): (
        Decision.SOME_MEMBER
        if (kind == "one" and match == "possible" and len(RULES[relation, match]) > 1)
        or (kind == "all" and relation in (Relation.OVERLAPPING, Relation.CONTAINING))
        else Decision.BOUNDS
    )
    for kind in ("one", "all")
    for match in ("possible", "certain")
    for relation in Relation
}


def possibly(relation: Relation, when: Edtf, window: Edtf) -> bool:
    """Whether ``when``, for all that is known, may lie so to ``window``.

    >>> from timeline.temporal import parse
    >>> possibly(Relation.WITHIN, parse("2019"), parse("2019-08"))
    True
    """
    return _decide(relation, "possible", when, window)


def certainly(
    relation: Relation, when: Edtf, window: Edtf, *, trust_uncertain: bool = False
) -> bool:
    """Whether ``when`` must lie so to ``window``; what is uncertain never must, unless trusted.

    >>> from timeline.temporal import parse
    >>> certainly(Relation.WITHIN, parse("2019-08"), parse("2019"))
    True
    >>> certainly(Relation.WITHIN, parse("2019-08?"), parse("2019"))
    False
    """
    if when.uncertain and not trust_uncertain:
        return False
    return _decide(relation, "certain", when, window)


def _decide(relation: Relation, match: Match, when: Edtf, window: Edtf) -> bool:
    conditions = RULES[relation, match]
    a, b = window.start_min, window.end_max
    kind = when.set_kind
    if kind is not None and DECIDED_BY[kind, match, relation] is Decision.SOME_MEMBER:
        return any(_holds(conditions, member, a, b) for member in when.members)
    return _holds(conditions, when.bounds, a, b)


def _holds(conditions: tuple[Condition, ...], bounds: Bounds, a: int, b: int) -> bool:
    for edge, comparison, side in conditions:
        here, there = getattr(bounds, edge), a if side == "a" else b
        if comparison == "<":
            fulfilled = here < there
        elif comparison == "<=":
            fulfilled = here <= there
        elif comparison == ">":
            fulfilled = here > there
        else:
            fulfilled = here >= there
        if not fulfilled:
            return False
    return True
