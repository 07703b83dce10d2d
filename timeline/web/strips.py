"""The extent of dates, drawn: solid where certain, pale where possible, fading where open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from timeline.temporal import NEGATIVE_INFINITY, POSITIVE_INFINITY, Bounds, Edtf
from timeline.temporal.calendar import DAY
from timeline.web.axis import MARGIN, Scale, Tick, percent, ticks

# What is narrower than this many percent is drawn as a mark of this width.
LEAST = 0.7


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a drawn extent; ``fade`` is the side on which it has no known end."""

    x: str
    width: str
    kind: str
    fade: str = ""

    @property
    def gradient(self) -> str:
        return f"fade-{self.fade}-{self.kind}" if self.fade else ""


@dataclass(frozen=True, slots=True)
class Strip:
    """The extent of one date."""

    bars: list[Bar]
    uncertain: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A common scale for some dates, with a strip for each."""

    ticks: list[Tick]
    strips: list[Strip]


def chart(dates: Iterable[Edtf]) -> Chart | None:
    """Draw some dates on one scale; ``None`` where no edge of any of them is known."""
    dates = list(dates)
    edges = [edge for date in dates for edge in date.bounds if _is_known(edge)]
    if not edges:
        return None
    first, last = min(edges), max(edges)
    # A single moment gets the day around it.
    scale = Scale(first // DAY * DAY, max(last, first // DAY * DAY + DAY - 1))
    strips = [Strip(list(_strip(date, scale)), date.uncertain) for date in dates]
    return Chart(ticks(scale), strips)


def _is_known(edge: int) -> bool:
    return NEGATIVE_INFINITY < edge < POSITIVE_INFINITY


def _strip(date: Edtf, scale: Scale) -> Iterator[Bar]:
    # Of a set each member is drawn, since nothing is said of what lies between them.
    for bounds in date.members or (date.bounds,):
        yield from _extent(bounds, scale)


def _extent(bounds: Bounds, scale: Scale) -> Iterator[Bar]:
    start, begun, ending, end = bounds
    if begun >= ending:
        yield from _bars(start, end, "possible", scale)
        return
    if start < begun:
        yield from _bars(start, begun - 1, "possible", scale)
    yield from _bars(begun, ending, "certain", scale)
    if ending < end:
        yield from _bars(ending + 1, end, "possible", scale)


def _bars(first: int, last: int, kind: str, scale: Scale) -> Iterator[Bar]:
    left = scale.at(first) if _is_known(first) else MARGIN
    right = scale.at(last + 1) if _is_known(last) else 100.0 - MARGIN
    if not _is_known(first):
        yield Bar(percent(0.0), percent(MARGIN), kind, "in")
    if right - left >= LEAST:
        yield Bar(percent(left), percent(right - left), kind)
    elif _is_known(first) and _is_known(last):
        middle = (left + right) / 2
        yield Bar(percent(middle - LEAST / 2), percent(LEAST), f"{kind} mark")
    if not _is_known(last):
        yield Bar(percent(100.0 - MARGIN), percent(MARGIN), kind, "out")
