"""Allen's thirteen relations between two dates that are not exactly known.

A closed stretch of seconds ``[s, e]`` is taken as the half-open ``[s, e + 1)``: it has a length
even if it is one second, two stretches *meet* when one begins in the second after the other ends,
and exactly one of the thirteen holds between any two. A set that is one of its members may stand
in any relation one of them may; a set of all its members is taken from its first to its last.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from timeline.temporal.bounds import Bounds
from timeline.temporal.value import Edtf


class Allen(StrEnum):
    """How one stretch of time lies to another (Allen 1983)."""

    BEFORE = "before"
    MEETS = "meets"
    OVERLAPS = "overlaps"
    STARTS = "starts"
    DURING = "during"
    FINISHES = "finishes"
    EQUALS = "equals"
    FINISHED_BY = "finished-by"
    CONTAINS = "contains"
    STARTED_BY = "started-by"
    OVERLAPPED_BY = "overlapped-by"
    MET_BY = "met-by"
    AFTER = "after"


# The order of the four edges: start and end of the first (s, e) and of the second (S, E), groups
# of equal ones in rising order.
_ORDERS: Final = {
    Allen.BEFORE: ("s", "e", "S", "E"),
    Allen.MEETS: ("s", "eS", "E"),
    Allen.OVERLAPS: ("s", "S", "e", "E"),
    Allen.STARTS: ("sS", "e", "E"),
    Allen.DURING: ("S", "s", "e", "E"),
    Allen.FINISHES: ("S", "s", "eE"),
    Allen.EQUALS: ("sS", "eE"),
    Allen.FINISHED_BY: ("s", "S", "eE"),
    Allen.CONTAINS: ("s", "S", "E", "e"),
    Allen.STARTED_BY: ("sS", "E", "e"),
    Allen.OVERLAPPED_BY: ("S", "s", "E", "e"),
    Allen.MET_BY: ("S", "sE", "e"),
    Allen.AFTER: ("S", "E", "s", "e"),
}


def allen_possible(a: Edtf, b: Edtf) -> frozenset[Allen]:
    """Every relation ``a`` may have to ``b``.

    >>> from timeline.temporal import parse
    >>> sorted(relation.value for relation in allen_possible(parse("2018"), parse("2019/..")))
    ['before', 'meets']
    """
    found: set[Allen] = set()
    for first in _alternatives(a):
        for second in _alternatives(b):
            found.update(r for r in Allen if r not in found and _fits(_ORDERS[r], first, second))
            if len(found) == len(Allen):
                return frozenset(found)
    return frozenset(found)


def allen_certain(a: Edtf, b: Edtf, *, trust_uncertain: bool = False) -> Allen | None:
    """The relation ``a`` must have to ``b``, if there is just one; none for uncertain dates.

    >>> from timeline.temporal import parse
    >>> allen_certain(parse("2017"), parse("2019"))
    <Allen.BEFORE: 'before'>
    """
    if (a.uncertain or b.uncertain) and not trust_uncertain:
        return None
    possible = allen_possible(a, b)
    return next(iter(possible)) if len(possible) == 1 else None


def _alternatives(date: Edtf) -> tuple[Bounds, ...]:
    return date.members if date.set_kind == "one" else (date.bounds,)


def _fits(order: tuple[str, ...], first: Bounds, second: Bounds) -> bool:
    """Whether the edges can take values in this order: each the least that its ranges allow."""
    ranges = {
        "s": (first.start_min, first.start_max),
        "e": (first.end_min + 1, first.end_max + 1),
        "S": (second.start_min, second.start_max),
        "E": (second.end_min + 1, second.end_max + 1),
    }
    least = None
    for group in order:
        low = max(ranges[edge][0] for edge in group)
        high = min(ranges[edge][1] for edge in group)
        value = low if least is None else max(low, least + 1)
        if value > high:
            return False
        least = value
    return True
