"""Lists of events that are composed once for all questions of the same shape.

Most questions differ from others in a few values alone: whose events, of which years. For these the
filters are asked with slots, and what they compose is kept. All else (words, flags, the reader) is
part of the shape. What looks something up while it is composed, such as the places within a place,
would keep what it found then: that is composed anew for each question.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

from django.db import connections

from timeline.api.filters.filterset import Filters
from timeline.db.past import has_past
from timeline.querysets.keysets import Order
from timeline.querysets.pages import Pages

# So many are kept; with its statements one takes some 100 kB.
MOST = 100
_KEPT: dict[Hashable, Pages | None] = {}


class LookedUp(Exception):
    """Something was asked of the database."""


class KeptList:
    """A list in date order, of which pages are asked; ``compose`` makes it of its filters."""

    def __init__(self, of: Hashable, filters: Filters, compose: Callable[[Filters], Any]) -> None:
        self.of, self.filters, self.compose = of, filters, compose

    def order_by(self) -> Any:
        return self._anew().order_by()

    def page(self, order: Order, after: Any, number: int) -> list[Any]:
        """The first ``number`` rows in ``order``, or those that come after the values ``after``."""
        shape, given = self.filters.shape()
        pages = None if has_past() else self._pages((self.of, shape, order), order)
        if pages is None:
            return self._anew().page(order, after, number)
        return pages.page(after, number, given)

    def _anew(self) -> Any:
        return self.compose(self.filters)

    def _pages(self, key: Hashable, order: Order) -> Pages | None:
        if key in _KEPT:
            return _KEPT[key]
        pages = self._composed(order)
        if len(_KEPT) >= MOST:
            _KEPT.clear()
        _KEPT[key] = pages
        return pages

    def _composed(self, order: Order) -> Pages | None:
        try:
            with _nothing_looked_up():
                events = self.compose(self.filters.with_slots())
        except LookedUp:
            return None
        return Pages(events, order) if Pages.know(events) else None


def _refuse(*_: Any) -> NoReturn:
    raise LookedUp


@contextmanager
def _nothing_looked_up() -> Iterator[None]:
    with ExitStack() as refusing:
        for connection in connections.all():
            refusing.enter_context(connection.execute_wrapper(_refuse))
        yield
