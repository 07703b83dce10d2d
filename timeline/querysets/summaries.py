"""Events counted: over time, and by what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Count

from timeline.querysets.records import DatedRecordQuerySet
from timeline.temporal import Bounds, Dated, Histogram, Interval, histogram

BOUNDS = ("start_min", "start_max", "end_min", "end_max")


class Facet(NamedTuple):
    """How many events have one value of something."""

    value: str
    label: str
    count: int


class CountedQuerySet(DatedRecordQuerySet):
    """Events, counted as the list would count them."""

    def counted_over_time(
        self, interval: Interval, *, clock: str = "occurred", trust_uncertain: bool = False
    ) -> tuple[Histogram, int]:
        """The dated events by ``interval``, and how many are undated."""
        events = self.order_by()
        match clock:
            case "recorded":
                dates = _instants(events)
            case "reported":
                dates = _dates(events.with_reports().filter(undated=False), trust_uncertain)
            case _:
                dates = [
                    *_dates(events.filter(undated=False, date_set=""), trust_uncertain),
                    *_sets(events.exclude(date_set=""), trust_uncertain),
                ]
        dates = list(dates)
        return histogram(dates, interval), events.count() - sum(d.number for d in dates)

    def with_reports(self) -> Any:
        """The first report of each event, as far as it is dated."""
        first = self._first_report()
        sources = self.of("citations").model._meta.get_field("source").related_model
        rows = self.annotate(
            report=models.Subquery(first.values("source")[:1]),
        ).values("report")
        counts = Counter(row["report"] for row in rows if row["report"] is not None)
        return _Counted(sources._default_manager.filter(pk__in=counts.keys()), counts)

    def counted_by(
        self,
        what: str,
        *,
        actors: Iterable[Any] = (),
        everybody: Iterable[Any] = (),
        roles: Any = (),
        kinds: Any = (),
    ) -> list[Facet]:
        """How many events have each value of ``what``, most first.

        ``actors``, ``everybody``, ``roles`` and ``kinds`` are what the list is filtered by: a role
        is counted for any of these actors, or for all of ``everybody``; an actor in these roles.
        """
        events = self.order_by()
        match what:
            case "status" | "assessment":
                choices = dict(self.model._meta.get_field(what).choices)
                rows = events.values_list(what).annotate(n=Count("pk"))
                found = [Facet(value, str(choices[value]), n) for value, n in rows]
            case "kind":
                rows = events.filter(kind__isnull=False).values_list("kind__code", "kind__label")
                found = [Facet(*row) for row in rows.annotate(n=Count("pk"))]
            case "tag":
                through = self.model.tags.through._base_manager
                tagged = through.filter(event__in=events.values("pk"))
                rows = tagged.values_list("tag__slug", "tag__label").annotate(n=Count("pk"))
                found = [Facet(*row) for row in rows]
            case "actor" | "role":
                found = self._took_part(events, what, actors, roles, kinds)
                if what == "role" and everybody:
                    found = self._in_one_role(events, found, actors, everybody, kinds)
            case "source" | "publisher":
                found = self._cited(events, what)
            case "place" | "country":
                found = self._placed(events, what)
            case _:
                raise ValueError(what)
        return sorted(found, key=lambda facet: (-facet.count, facet.label, facet.value))

    def _took_part(
        self, events: Any, what: str, actors: Any, roles: Any, kinds: Any
    ) -> list[Facet]:
        rows = self.of("participations").filter(event__in=events.values("pk"))
        if kinds:
            rows = rows.filter(actor__kind__in=list(kinds))
        if what == "actor":
            if roles:
                rows = rows.filter(role__code__in=list(roles))
            columns = ("actor__uuid", "actor__name")
        else:
            if actors:
                rows = rows.filter(actor__uuid__in=list(actors))
            columns = ("role__code", "role__label")
        counted = rows.order_by().values_list(*columns).annotate(n=Count("event", distinct=True))
        return [Facet(str(value), label, n) for value, label, n in counted]

    def _in_one_role(
        self, events: Any, roles: list[Facet], actors: Any, everybody: Any, kinds: Any
    ) -> list[Facet]:
        """The roles that all of ``everybody`` had in the same event."""
        counts = [
            events.involving_all(everybody, [role.value])
            .involving(actors, [role.value], kinds)
            .count()
            for role in roles
        ]
        return [role._replace(count=n) for role, n in zip(roles, counts, strict=True) if n]

    def _cited(self, events: Any, what: str) -> list[Facet]:
        rows = self.of("citations").filter(event__in=events.values("pk"))
        columns = ("source__uuid", "source__title")
        if what == "publisher":
            rows = rows.exclude(source__publisher="")
            columns = ("source__publisher", "source__publisher")
        counted = (
            rows.order_by()
            .values(value=models.F(columns[0]), label=models.F(columns[1]))
            .annotate(n=Count("event", distinct=True))
        )
        return [Facet(str(row["value"]), row["label"], row["n"]) for row in counted]

    def _placed(self, events: Any, what: str) -> list[Facet]:
        places = {place.pk: place for place in self.of("place").all()}
        direct = Counter(
            dict(events.filter(place__isnull=False).values_list("place").annotate(n=Count("pk")))
        )
        counts: Counter[Any] = Counter()
        for pk, n in direct.items():
            place = places.get(pk)
            if what == "country" and place is not None and place.country:
                counts[place.country] += n
            # An event at a place is at every place that this lies within.
            seen: set[int] = set()
            while what == "place" and place is not None and place.pk not in seen:
                counts[place] += n
                seen.add(place.pk)
                place = places.get(place.parent_id)
        if what == "country":
            return [Facet(code, code, n) for code, n in counts.items()]
        return [Facet(str(place.uuid), place.name, n) for place, n in counts.items()]


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


def _dates(rows: Any, trust: bool) -> Iterable[Dated]:
    if isinstance(rows, _Counted):
        found: Any = rows
    else:
        grouped = rows.values_list("date_uncertain", *BOUNDS).annotate(n=Count("pk"))
        found = ((row[-1], row[0], row[1:-1]) for row in grouped)
    for count, uncertain, bounds in found:
        yield Dated(Bounds(*bounds), count, uncertain and not trust)


def _sets(rows: Any, trust: bool) -> Iterable[Dated]:
    for event in rows.prefetch_related("date_members"):
        members = tuple(
            Bounds(m.start_min, m.start_max, m.end_min, m.end_max) for m in event.date_members.all()
        )
        bounds = Bounds(event.start_min, event.start_max, event.end_min, event.end_max)
        # A set that is all of its members spans the hull of them.
        first = min(member.start_min for member in members)
        last = max(member.end_max for member in members)
        hull = bounds._replace(start_min=first, end_max=last)
        yield Dated(hull, 1, event.date_uncertain and not trust, members)


def _instants(events: Any) -> Iterable[Dated]:
    column = "created_at" if events.viewer.unpublished else "published_at"
    for instant in events.exclude(**{column: None}).values_list(column, flat=True):
        second = _second(instant)
        yield Dated(Bounds(second, second, second, second))


def _second(instant: datetime) -> int:
    return int(instant.timestamp() // 1)
