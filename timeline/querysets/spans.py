"""Windows as ranges of keys, one for each span of :class:`~timeline.db.dates.Span`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import BigIntegerField, SmallIntegerField

from timeline.db.dates import BEFORE, ENDLESS, LONG, LONG_BEFORE, SPANS, WITHIN_BEFORE
from timeline.db.statements import Slot
from timeline.querysets.dates import Edges
from timeline.temporal import NEGATIVE_INFINITY, POSITIVE_INFINITY, Relation

LENGTHS = {BEFORE: WITHIN_BEFORE, **dict(enumerate(SPANS))}


SPAN = Slot("span", SmallIntegerField())
FIRST, LAST = Slot("first", BigIntegerField()), Slot("last", BigIntegerField())


def spans(
    windows: Iterable[tuple[Relation, Edges]], keys: dict[str, int]
) -> Iterator[tuple[int, int, int]]:
    """Each span, with the first and the last key that events in the windows have."""
    for span in (LONG_BEFORE, BEFORE, *range(LONG), LONG, ENDLESS):
        first = keys.get("sort_key__gte", NEGATIVE_INFINITY)
        last = min(keys.get("sort_key__lte", POSITIVE_INFINITY), POSITIVE_INFINITY)
        for relation, window in windows:
            a, b = window.start_min, window.end_max
            whole = relation is Relation.CONTAINING
            if relation is not Relation.BEFORE and span in LENGTHS:
                # What is not over before the window begins (or ends) began no longer before.
                first = max(first, (b if whole else a) - LENGTHS[span])
            if relation is not Relation.AFTER and span >= 0:
                # What has a beginning begins before the window is over (or begins).
                last = min(last, a if whole or relation is Relation.BEFORE else b)
        if first <= last:
            yield span, first, last
