"""Rows by relevance, of which there may be hundreds of thousands when a few dozen are wanted.

Relevance hangs on the words of a row alone. To rank all rows that hold a common word would be to read
them all; the index knows those in which a word is prominent, and whatever ranks high is among them.
So the first rows, and those after a given one, are the very rows of the full ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Self

from django.db.models import F, Q, QuerySet

from timeline.db.json_text import IsAmong
from timeline.db.search import prominent
from timeline.db.words import read_query

DOWNWARDS, UPWARDS = ("-relevance", "uuid"), ("relevance", "-uuid")
# How many prominent rows are looked at: first, then further down the ranking.
LOOKED_AT = (2_000, 20_000)


class BestFirst:
    """Stands for a queryset where it is filtered, ordered by relevance, and cut."""

    def __init__(
        self, rows: QuerySet[Any], others: Any, query: str, lowest: int | None = None
    ) -> None:
        # ``others`` are these rows and those that do not match the query.
        self.rows, self.others, self.query, self.lowest = rows, others, query, lowest
        self.order: tuple[str, ...] = ()

    def _each(self, change: Callable[[Any], Any], lowest: int | None = None) -> Self:
        changed = type(self)(change(self.rows), change(self.others), self.query, lowest)
        changed.order = self.order
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
        terms = [term for term in read_query(self.query) if not term.excluded]
        for most in LOOKED_AT if self.order in (DOWNWARDS, UPWARDS) else ():
            found = prominent(self.others.model, terms, most)
            if found is None:
                break
            known = self.others.filter(IsAmong(F("pk"), found.keys)).holding_each(self.query)
            if self.order == DOWNWARDS:
                page = list(known.filter(relevance__gte=found.floor)[part])
                if len(page) == part.stop - (part.start or 0):
                    return page
            elif self.lowest is not None and self.lowest >= found.floor:
                return list(known[part])
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
