"""The ``when`` member of Linked Places, which GeoJSON-T and the Linked Pasts ontology share.

A time span has a start and an end, each between an earliest and a latest date. Years are ISO
8601: 0000 is 1 BCE, -0489 is 490 BCE.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from timeline.formats.when import When

# How it names doubt; what is neither is left unsaid.
_UNCERTAIN, _APPROXIMATE = "uncertain", "less-certain"


# There is one of each date, so that to find it again is quick.
@lru_cache(maxsize=256)
def when_member(when: When) -> dict[str, Any]:
    """The date as a time span, with its words.

    Only what bounds it is there: "in or before July 2019" has two latest dates and no earliest.
    """
    span = {"start": _moment(*when.bounds[:2]), "end": _moment(*when.bounds[2:])}
    member: dict[str, Any] = {"timespans": [{side: dates for side, dates in span.items() if dates}]}
    if not member["timespans"][0]:
        member["timespans"] = []
    member["label"] = when.label
    if when.uncertain:
        member["certainty"] = _UNCERTAIN
    elif when.approximate:
        member["certainty"] = _APPROXIMATE
    return member


def _moment(earliest: str | None, latest: str | None) -> dict[str, str]:
    """A day where the instant is its edge, else the second."""
    dates = {}
    if earliest:
        dates["earliest"] = earliest.removesuffix("T00:00:00Z")
    if latest:
        dates["latest"] = latest.removesuffix("T23:59:59Z")
    return dates
