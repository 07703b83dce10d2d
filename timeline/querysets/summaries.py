"""Events counted over time, and by what they have in common."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, Self

from django.db import models
from django.db.models import Count, Max, Min, Q

from timeline.db.counting import Keys
from timeline.db.dates import UNDATED
from timeline.db.tallies import tallied_bounds, tallied_in_years
from timeline.db.years import BEGUN, EVER, WITHIN
from timeline.querysets.facets import LOOKED_UP, FacetedQuerySet
from timeline.temporal import (
    NEGATIVE_INFINITY,
    POSITIVE_INFINITY,
    Bounds,
    Dated,
    Extent,
    Histogram,
    Interval,
    Year,
    bucket_of,
    histogram,
    readable,
)

BOUNDS = ("start_min", "start_max", "end_min", "end_max")


class CountedQuerySet(FacetedQuerySet):
    """Events, counted as the list would count them."""

    def counted_over_time(
        self, interval: Interval, *, clock: str = "occurred", trust_uncertain: bool = False
    ) -> tuple[Histogram, int]:
        """The dated events by ``interval``, and how many are undated."""
        events = self.order_by()
        trust, is_tallied = trust_uncertain, clock == "occurred" and self._is_tallied()
        if is_tallied and interval in WITHIN:
            return _in_years(interval, trust)
        if is_tallied:
            events._check_span(interval)
        dates: list[Dated] = []
        extents: list[Extent] = []
        match clock:
            case "recorded":
                extents = _instants(events)
            case "reported":
                dates = list(_reports(events.with_reports().filter(undated=False), trust))
            case _:
                dates, extents = events.filter(undated=False)._dates(trust)
        if clock == "occurred":
            # With a window none is: SQLite sees it from the beginning, and would else look at each.
            undated = events.without_date().filter(start_min__gte=UNDATED).count()
        else:
            counted = sum(d.number for d in dates) + sum(number for *_, number in extents)
            undated = events.count() - counted
        return histogram(dates, interval, extents), undated

    def _check_span(self, interval: Interval) -> None:
        """Refuse to count all events by ``interval`` if they span too many, before they are read."""
        ends = tallied_bounds()
        dated = self.filter(undated=False)
        for bounded in (
            dated.filter(start_min__gt=NEGATIVE_INFINITY).aggregate(end=Min("start_min")),
            dated.filter(end_max__lt=POSITIVE_INFINITY).aggregate(end=Max("end_max")),
        ):
            ends += [second for second in bounded.values() if second is not None]
        if ends:
            readable(*(bucket_of(second, interval) for second in (min(ends), max(ends))))

    def _dates(self, trust: bool) -> tuple[list[Dated], list[Extent]]:
        """The dates of these events: of those with a beginning and an end only these two matter."""
        columns = ("start_min", "end_max", "date_uncertain", "start_max", "end_min", "date_set")
        dates: list[Dated] = []
        extents: list[Extent] = []
        sets: dict[int, tuple[Bounds, bool]] = {}
        # In the order of the index, so that nothing need be sorted.
        rows = self.values_list(*columns).annotate(
            n=Count("pk"), of_sets=Keys(filter=~Q(date_set=""))
        )
        for s, e, uncertain, s_max, e_min, is_set, n, keys in rows:
            doubted = uncertain and not trust
            if is_set:
                sets |= dict.fromkeys(
                    map(int, keys.split(",")), (Bounds(s, s_max, e_min, e), doubted)
                )
            elif s > NEGATIVE_INFINITY and e < POSITIVE_INFINITY:
                extents.append((s, e, doubted, n))
            else:
                dates.append(Dated(Bounds(s, s_max, e_min, e), n, doubted))
        return [*dates, *self._sets_of(sets)], extents

    def _sets_of(self, sets: dict[int, tuple[Bounds, bool]]) -> Iterable[Dated]:
        """Sets of dates, by the keys of their events."""
        kept = self.model._meta.get_field("date_members").related_model._base_manager
        members: defaultdict[int, list[Bounds]] = defaultdict(list)
        keys = iter(sets)
        while some := list(islice(keys, LOOKED_UP)):
            for event, *bounds in kept.filter(event__in=some).values_list("event", *BOUNDS):
                members[event].append(Bounds(*bounds))
        for key, (bounds, doubted) in sets.items():
            yield Dated(bounds, 1, doubted, tuple(members[key]))

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


def _in_years(interval: Interval, trust: bool) -> tuple[Histogram, int]:
    """All public events as the tallies have them, and how many of them are undated."""
    years: list[Year] = []
    sets: list[Dated] = []
    bounds: list[Extent] = []
    numbers: Counter[str] = Counter()
    for told, members, *row in tallied_in_years(WITHIN[interval], trust):
        match told:
            case "year":
                years.append(tuple(row))
            case "set":
                sets.append(_set(list(map(int, members.split())), row[1]))
            case "bound":
                bounds.append((row[0], row[0], True, 0))
            case _:
                numbers[told] += row[1]
    found = histogram(sets, interval, bounds, years, unbegun=numbers[EVER])
    unplaced = found.unplaced + numbers[EVER] + numbers[BEGUN]
    return found._replace(unplaced=unplaced), numbers["undated"]


def _set(bounds: list[int], number: int) -> Dated:
    """Sets of dates by the first and last second of each of their members."""
    members = tuple(
        Bounds(first, first, last, last)
        for first, last in zip(bounds[::2], bounds[1::2], strict=True)
    )
    first, last = min(bounds), max(bounds)
    return Dated(Bounds(first, first, last, last), number, members=members)


def _reports(rows: Any, trust: bool) -> Iterable[Dated]:
    for count, uncertain, bounds in rows:
        yield Dated(Bounds(*bounds), count, uncertain and not trust)


def _instants(events: Any) -> list[Extent]:
    column = "created_at" if events.viewer.unpublished else "published_at"
    instants = events.exclude(**{column: None}).values_list(column).annotate(n=Count("pk"))
    return [(_second(instant), _second(instant), False, n) for instant, n in instants]


def _second(instant: datetime) -> int:
    return int(instant.timestamp() // 1)
