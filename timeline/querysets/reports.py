"""Events on the clock of their reports: by when the first source that one cites was published.

When that was hangs on many rows, and on who reads. So a page is not sorted from all events: sources
are followed in order, for what they are the first to report is in this order too.
"""

from __future__ import annotations

from typing import Any, Self

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from timeline.db.dates import UNDATED
from timeline.db.past import is_past
from timeline.db.planning import led_by
from timeline.querysets.keysets import Order, beyond, page, spelled
from timeline.querysets.pages import PagedQuerySet
from timeline.temporal import Edtf, Match, Relation

# As many sources are followed at first as rows are wanted, and then so many times more.
MORE = (1, 3, 10, 100)


class ReportedQuerySet(PagedQuerySet):
    """Events, asked when they were first reported."""

    # What is asked of the first report: a relation to a window, with how it is meant.
    reports: tuple[tuple[tuple[Relation, Edtf, Match], dict[str, bool]], ...] = ()

    def _clone(self) -> Self:
        clone = super()._clone()
        clone.reports = self.reports
        return clone

    def _first_report(self) -> Any:
        """The earliest published source that an event cites, for each event."""
        reports = self.behind("citations").filter(event=OuterRef("pk"), source__undated=False)
        return reports.order_by("source__sort_key", "source__end_max", "source__uuid")

    def reported(
        self, relation: Relation, window: Edtf, match: Match = "possible", **trust: bool
    ) -> Self:
        """Those whose first report stands in ``relation`` to ``window``."""
        events = self.alias(first_report=Subquery(self._first_report().values("source")[:1]))
        then = self._of_another("citations", "source").related(relation, window, match, **trust)
        found = events.filter(first_report__in=then.values("pk"))
        found.reports = (*self.reports, ((relation, window, match), trust))
        return found

    def on_clock_of_reports(self) -> Self:
        """With ``clock_undated``, ``clock_key`` and ``clock_end`` of the first report."""
        first = self._first_report()
        return self.annotate(
            clock_undated=Coalesce(Subquery(first.values("source__undated")[:1]), Value(True)),
            clock_key=Coalesce(Subquery(first.values("source__sort_key")[:1]), Value(UNDATED)),
            clock_end=Coalesce(Subquery(first.values("source__end_max")[:1]), Value(UNDATED)),
        )

    def page(self, order: Order, after: Any, number: int) -> list[Any]:
        (first, undated_first), *_ = order
        is_past_now = is_past(self.model._meta.db_table)
        if first != "clock_undated" or is_past_now or self.is_led_by_few():
            return super().page(order, after, number)
        rows: list[Any] = []
        for undated in (True, False) if undated_first else (False, True):
            start = after if after and bool(after[0]) == undated else None
            if after and start is None and undated == undated_first:
                continue
            missing = number - len(rows)
            if undated:
                rows += page(self.filter(clock_undated=True), order, start, missing)
            else:
                rows += self._as_reported(order, start, missing)
            if len(rows) == number:
                break
        return rows

    def _as_reported(self, order: Order, start: Any, number: int) -> list[Any]:
        """The dated, by the sources that may be the first, as many of them as it takes."""
        sources = self._of_another("citations", "source").filter(undated=False)
        # Those without a date are at the end of the index, from which one may come.
        sources = sources.filter(sort_key__lt=UNDATED)
        for asked, trust in self.reports:
            sources = sources.related(*asked, **trust)
        down = order[1][1]
        if start:
            sources = sources.filter(**{"sort_key__lte" if down else "sort_key__gte": start[1]})
        in_order = sources.order_by("-sort_key" if down else "sort_key")
        for more in MORE:
            length = more * number
            last = in_order.values_list("sort_key", flat=True)[length : length + 1].first()
            if last is None:
                break
            near = "gte" if down else "lte"
            rows = self._citing(sources.filter(**{f"sort_key__{near}": last}))
            found = _first(rows.filter(**{f"clock_key__{near}": last}), order, start, number)
            if len(found) == number:
                return found
        return _first(self._citing(sources), order, start, number)

    def _citing(self, sources: Any) -> Self:
        cited = self.behind("citations").filter(source__in=sources.order_by().values("pk"))
        return self.filter(pk__in=cited.filter(event__isnull=False).order_by().values("event"))


def _first(rows: Any, order: Order, start: Any, number: int) -> list[Any]:
    if start:
        rows = rows.filter(beyond(order, start))
    return list(led_by(rows.order_by(*spelled(order))[:number], "NOT INDEXED"))
