"""Events counted over time, and by what they have in common."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q

from timeline.querysets.facets import FacetedQuerySet
from timeline.temporal import (
    NEGATIVE_INFINITY,
    POSITIVE_INFINITY,
    Bounds,
    Dated,
    Extent,
    Histogram,
    Interval,
    histogram,
)

BOUNDS = ("start_min", "start_max", "end_min", "end_max")
BOUNDED = Q(start_min__gt=NEGATIVE_INFINITY, end_max__lt=POSITIVE_INFINITY)


class CountedQuerySet(FacetedQuerySet):
    """Events, counted as the list would count them."""

    def counted_over_time(
        self, interval: Interval, *, clock: str = "occurred", trust_uncertain: bool = False
    ) -> tuple[Histogram, int]:
        """The dated events by ``interval``, and how many are undated."""
        events = self.order_by()
        dates: list[Dated] = []
        extents: list[Extent] = []
        match clock:
            case "recorded":
                extents = _instants(events)
            case "reported":
                dates = list(_dates(events.with_reports().filter(undated=False), trust_uncertain))
            case _:
                plain = events.filter(undated=False, date_set="")
                extents = _extents(plain.filter(BOUNDED), trust_uncertain)
                dates = [
                    *_dates(plain.exclude(BOUNDED), trust_uncertain),
                    *_sets(events.exclude(date_set=""), trust_uncertain),
                ]
        if clock == "occurred":
            # A flag by itself is no condition that SQLite looks up in an index.
            undated = events.filter(undated__in=[True]).count()
        else:
            counted = sum(d.number for d in dates) + sum(number for *_, number in extents)
            undated = events.count() - counted
        return histogram(dates, interval, extents), undated

    def with_reports(self) -> Any:
        """The first report of each event, as far as it is dated."""
        first = self._first_report()
        sources = self.of("citations").model._meta.get_field("source").related_model
        rows = self.annotate(
            report=models.Subquery(first.values("source")[:1]),
        ).values("report")
        counts = Counter(row["report"] for row in rows if row["report"] is not None)
        return _Counted(sources._default_manager.filter(pk__in=counts.keys()), counts)


class _Counted:
    """Rows that each stand for several events."""

    def __init__(self, rows: Any, counts: Counter[int]) -> None:
        self.rows, self.counts = rows, counts

    def filter(self, **conditions: Any) -> Self:
        self.rows = self.rows.filter(**conditions)
        return self

    def __iter__(self) -> Any:
        for row in self.rows.values_list("pk", "date_uncertain", *BOUNDS):
            yield self.counts[row[0]], row[1], row[2:]


def _extents(rows: Any, trust: bool) -> list[Extent]:
    """Of dates with a beginning and an end only these two are asked for, in the index's order."""
    grouped = rows.values_list("start_min", "end_max", "date_uncertain").annotate(n=Count("pk"))
    return [(s, e, uncertain and not trust, n) for s, e, uncertain, n in grouped]


def _dates(rows: Any, trust: bool) -> Iterable[Dated]:
    if isinstance(rows, _Counted):
        found: Any = rows
    else:
        grouped = rows.values_list("date_uncertain", *BOUNDS).annotate(n=Count("pk"))
        found = ((row[-1], row[0], row[1:-1]) for row in grouped)
    for count, uncertain, bounds in found:
        yield Dated(Bounds(*bounds), count, uncertain and not trust)


def _sets(rows: Any, trust: bool) -> Iterable[Dated]:
    kept = rows.model._meta.get_field("date_members").related_model._base_manager
    members: defaultdict[int, list[Bounds]] = defaultdict(list)
    for event, *bounds in kept.filter(event__in=rows.values("pk")).values_list("event", *BOUNDS):
        members[event].append(Bounds(*bounds))
    for key, uncertain, *bounds in rows.values_list("pk", "date_uncertain", *BOUNDS):
        of_set = tuple(members[key])
        # A set that is all of its members spans the hull of them.
        first = min(member.start_min for member in of_set)
        last = max(member.end_max for member in of_set)
        hull = Bounds(*bounds)._replace(start_min=first, end_max=last)
        yield Dated(hull, 1, uncertain and not trust, of_set)


def _instants(events: Any) -> list[Extent]:
    column = "created_at" if events.viewer.unpublished else "published_at"
    instants = events.exclude(**{column: None}).values_list(column).annotate(n=Count("pk"))
    return [(_second(instant), _second(instant), False, n) for instant, n in instants]


def _second(instant: datetime) -> int:
    return int(instant.timestamp() // 1)
