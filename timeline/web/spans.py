"""How far a timeline reaches, in years: the coarsest true thing to say of it."""

from __future__ import annotations

from typing import Any

from timeline.temporal.calendar import DAY, civil
from timeline.temporal.wording import DASH, name_year


def span_in_words(extent: dict[str, Any]) -> str:
    """The first and the last year that the dates name, and whether there is anything beyond."""
    edges = [
        extent[name]
        for name in ("first_start", "first_end", "last_start", "last_end")
        if extent[name] is not None
    ]
    if not edges:
        return ""
    begins, ends = _year(min(edges)), _year(max(edges))
    between = begins if begins == ends else f"{begins}{DASH}{ends}"
    open_ends = [
        word for word, some in (("beginning", "beginningless"), ("end", "endless")) if extent[some]
    ]
    if not open_ends:
        return between
    return f"{between}, some without a known {' or '.join(open_ends)}"


def count_in_words(count: int) -> str:
    return f"{count:,} event" if count == 1 else f"{count:,} events"


def _year(second: int) -> str:
    return name_year(civil(second // DAY)[0])
