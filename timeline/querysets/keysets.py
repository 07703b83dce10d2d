"""Orders that are total, and the rows beyond one of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from timeline.db.dates import UNDATED
from timeline.db.row_values import ComesAfter

# Columns in the order they decide, each with whether it runs downwards.
Order = tuple[tuple[str, bool], ...]


def reversed_order(order: Order) -> Order:
    return tuple((column, not down) for column, down in order)


def spelled(order: Order) -> list[str]:
    """The order as ``order_by`` takes it."""
    return [f"-{column}" if down else column for column, down in order]


def beyond(order: Order, values: Iterable[Any]) -> Q:
    """The rows that come after ``values`` in ``order``.

    If all of it runs one way, they are compared as a whole, as an index has them; else each level
    repeats the bound of the level above, so that the index is walked from there instead of from the
    start.
    """
    columns, ways = zip(*order, strict=True)
    if len({*ways}) == 1:
        return Q(ComesAfter(columns, tuple(values), down=ways[0]))
    return level_by_level(order, values)


def level_by_level(order: Order, values: Iterable[Any]) -> Q:
    """The same, as a condition on the first column and one on those that follow it."""
    condition = Q()
    for (column, down), value in reversed(list(zip(order, values, strict=True))):
        strict = Q(**{f"{column}__{'lt' if down else 'gt'}": value})
        if condition:
            condition = Q(**{f"{column}__{'lte' if down else 'gte'}": value}) & (strict | condition)
        else:
            condition = strict
    return condition


def page(rows: QuerySet[Any], order: Order, after: Iterable[Any] | None, number: int) -> list[Any]:
    """The first ``number`` rows in ``order``, or those that come after ``after``."""
    if order[0][0] == "published_at":
        # Whatever is public has it; the others would all be met on the way.
        rows = rows.filter(published_at__isnull=False)
    if after is not None:
        rows = rows.filter(beyond(order, after))
    return list(rows.order_by(*spelled(order))[:number])


def stretches(rows: QuerySet[Any], order: Order) -> list[QuerySet[Any]]:
    """All rows in ``order``, one stretch after the other, each as an index has it.

    There the undated have the highest key: to sort a million by two columns takes 100 MB.
    """
    if order[0] != ("undated", False):
        return [rows.order_by(*spelled(order))]
    by_key = rows.order_by(*spelled(order[1:]))
    if not order[1][1]:
        return [by_key]
    return [by_key.filter(sort_key__lt=UNDATED), by_key.filter(sort_key__gte=UNDATED)]
