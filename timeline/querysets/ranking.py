"""Rows by relevance, of which there may be hundreds of thousands when a few dozen are wanted.

Relevance hangs on the words of a row alone. To rank all rows that hold a common word would be to read
them all; the index knows those in which a word is prominent, and whatever ranks high is among them.
So the first rows, and those after a given one, are the very rows of the full ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Self

from django.db import connections
from django.db.models import F, Q, QuerySet

from timeline.db.json_text import IsOneOf, written_keys
from timeline.db.search import prominent
from timeline.db.words import Term

DOWNWARDS, UPWARDS = ("-relevance", "uuid"), ("relevance", "-uuid")
# How many prominent rows are looked at: first, then further down the ranking.
LOOKED_AT = (2_000, 20_000)


class BestFirst:
    """Stands for a queryset where it is filtered, ordered by relevance, and cut.

    ``term`` is the one thing that is looked for; of several all rows are ranked.
    """

    looked_at = LOOKED_AT

    def __init__(
        self, rows: QuerySet[Any], others: Any, term: Term | None, lowest: int | None = None
    ) -> None:
        # ``others`` are these rows and those that do not match the query.
        self.rows, self.others, self.term, self.lowest = rows, others, term, lowest
        self.order: tuple[str, ...] = ()

    def _each(self, change: Callable[[Any], Any], lowest: int | None = None) -> Self:
        changed = type(self)(change(self.rows), change(self.others), self.term, lowest)
        changed.order, changed.looked_at = self.order, self.looked_at
        return changed

    def filter(self, *conditions: Q) -> Self:
        bounds = [bound for condition in conditions for bound in _lower_bounds(condition)]
        lowest = max(bounds, default=self.lowest)
        return self._each(lambda rows: rows.filter(*conditions), lowest)

    def values_list(self, *columns: str, **options: Any) -> Self:
        return self._each(lambda rows: rows.values_list(*columns, **options), self.lowest)

    def values(self, *columns: str) -> Self:
        return self._each(lambda rows: rows.values(*columns), self.lowest)

    def order_by(self, *order: str) -> Self:
        ordered = self._each(lambda rows: rows.order_by(*order), self.lowest)
        ordered.order = order
        return ordered

    def count(self) -> int:
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Any]:
        for most in self.looked_at if self.order in (DOWNWARDS, UPWARDS) else ():
            found = self.term and prominent(self.others.model, self.term, most)
            if not found:
                break
            # What has any relevance holds the term, and so is of these rows.
            keys = written_keys(found.keys, connections[self.others.db].vendor)
            known = self.others.filter(IsOneOf(F("pk"), keys), relevance__gte=found.floor)
            page = list(known[part])
            if self.order == DOWNWARDS:
                is_whole = len(page) == part.stop - (part.start or 0)
            else:
                is_whole = self.lowest is not None and self.lowest >= found.floor
            if is_whole:
                return page
            if found.are_all:
                break
        return list(self.rows[part])


def _lower_bounds(condition: Any) -> Iterator[int]:
    """The relevance that ``condition`` asks for at least."""
    if isinstance(condition, Q) and condition.connector == Q.AND and not condition.negated:
        for child in condition.children:
            yield from _lower_bounds(child)
    elif isinstance(condition, tuple) and condition[0] in ("relevance__gte", "relevance__gt"):
        yield condition[1]
