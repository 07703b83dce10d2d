"""The date as a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from timeline.temporal.bounds import NEGATIVE_INFINITY, POSITIVE_INFINITY, Bounds
from timeline.temporal.canonical import write
from timeline.temporal.errors import EdtfError
from timeline.temporal.grammar import LONGEST_TEXT, read
from timeline.temporal.labels import say
from timeline.temporal.meaning import Meaning, understand
from timeline.temporal.precision import Precision
from timeline.temporal.shape import EndState, SetKind, Shape


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Edtf:
    """A date as it was written, with everything that follows from it.

    Two are equal when text and default zone are. ``text`` is kept exactly, ``bounds`` are the
    four numbers in seconds since 1970-01-01T00:00:00Z. ``approximate`` and ``uncertain`` say
    whether any part of it is. ``members`` has the bounds of each member of a set, a range being
    one member with the bounds of its hull, and is empty for all other dates. ``level`` is the
    lowest conformance level with every feature used; ``is_extension`` marks an interval with
    times of day, which no level has.
    """

    text: str
    zone: int
    _shape: Shape = field(repr=False)
    _meaning: Meaning = field(repr=False)

    @property
    def bounds(self) -> Bounds:
        return self._meaning.bounds

    @property
    def start_min(self) -> int:
        return self._meaning.bounds.start_min

    @property
    def start_max(self) -> int:
        return self._meaning.bounds.start_max

    @property
    def end_min(self) -> int:
        return self._meaning.bounds.end_min

    @property
    def end_max(self) -> int:
        return self._meaning.bounds.end_max

    @property
    def sort_key(self) -> int:
        """The known edge: the first of start_min, start_max, end_min that is finite, or end_max."""
        for edge in self._meaning.bounds[:3]:
            if NEGATIVE_INFINITY < edge < POSITIVE_INFINITY:
                return edge
        return self._meaning.bounds.end_max

    @property
    def precision(self) -> Precision:
        """Of an interval or a set, the coarsest of its dates."""
        return self._meaning.precision

    @property
    def approximate(self) -> bool:
        return self._meaning.approximate

    @property
    def uncertain(self) -> bool:
        return self._meaning.uncertain

    @property
    def start_state(self) -> EndState:
        return self._meaning.start_state

    @property
    def end_state(self) -> EndState:
        return self._meaning.end_state

    @property
    def set_kind(self) -> SetKind | None:
        return self._meaning.set_kind

    @property
    def members(self) -> tuple[Bounds, ...]:
        return self._meaning.members

    @property
    def level(self) -> int:
        return self._meaning.level

    @property
    def is_extension(self) -> bool:
        return self._meaning.is_extension

    @property
    def canonical(self) -> str:
        """The one text for dates written in several ways; it has the same bounds.

        >>> parse("?2004-~06-~11").canonical, parse("Y-17E7").canonical
        ('2004?-~06-~11', 'Y-170000000')
        """
        return write(self._shape, self.zone)

    @property
    def label(self) -> str:
        """The date in English, with no precision that is not in it.

        >>> parse("2019-08~").label, parse("2017/..").label, parse("[..2019-07]").label
        ('about August 2019', 'since 2017', 'in or before July 2019')
        """
        return say(self._shape, self.zone)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Edtf({self.text!r})" if not self.zone else f"Edtf({self.text!r}, zone={self.zone})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Edtf):
            return NotImplemented
        return self.text == other.text and self.zone == other.zone

    def __hash__(self) -> int:
        return hash((self.text, self.zone))

    def __reduce__(self) -> tuple[Callable[[str, int], Edtf], tuple[str, int]]:
        return _read, (self.text, self.zone)


def parse(text: str, *, zone: int = 0) -> Edtf:
    """Read a date in EDTF, levels 0 to 2 of the Library of Congress specification of 2019.

    ``zone`` is the shift in minutes ahead of UTC, within a day, of times that name none. Raises
    :class:`EdtfError`, and nothing else, for every text that is not such a date.

    >>> date = parse("2004-06-~01/2004-06-~20")
    >>> date.level, date.approximate, date.precision.value
    (2, True, 'day')
    >>> parse("2019-08").bounds
    Bounds(start_min=1564617600, start_max=1567295999, end_min=1564617600, end_max=1567295999)
    """
    if not isinstance(text, str):
        raise EdtfError("not-text", 0, "", "A date is written as text")
    if len(text) > LONGEST_TEXT:
        problem = f"A date has at most {LONGEST_TEXT} characters"
        raise EdtfError("too-long", LONGEST_TEXT, text, problem)
    if not -1440 < zone < 1440:
        raise ValueError("zone is in minutes and lies within a day of UTC")
    return _read(text, zone)


@lru_cache(maxsize=1024)
def _read(text: str, zone: int) -> Edtf:
    shape = read(text, zone)
    return Edtf(text, zone, shape, understand(shape))
