"""What pages read: always as a stranger does, whoever is logged in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet

from timeline.models import (
    Affiliation,
    Citation,
    Claim,
    Event,
    Figure,
    Participation,
    Timeline,
    TimelineEntry,
)
from timeline.querysets.visibility import PUBLIC
from timeline.temporal import NEGATIVE_INFINITY, POSITIVE_INFINITY
from timeline.web.saved import saved_events


def cited() -> Prefetch:
    """The passages that bear on a record, without the texts of their sources."""
    passages = Citation.objects.visible_to(PUBLIC).select_related("source").defer("source__text")
    return Prefetch("citations", passages.order_by("source__sort_key", "source__uuid", "uuid"))


def events() -> Any:
    """Events with what they are told with, claims apart."""
    public = Event.objects.visible_to(PUBLIC)
    takers = public.of("participations").select_related("actor", "role").order_by("position")
    onward = public.of("relations_out").select_related("type", "object").order_by("uuid")
    backward = public.of("relations_in").select_related("type", "subject").order_by("uuid")
    return public.select_related("kind", "place__parent").prefetch_related(
        public.seen("participations", takers.prefetch_related(cited())),
        cited(),
        public.seen("relations_out", onward.prefetch_related(cited())),
        public.seen("relations_in", backward.prefetch_related(cited())),
        "tags",
    )


def claims() -> Any:
    """Claims with their speakers and passages."""
    public = Claim.objects.visible_to(PUBLIC)
    return (
        public.select_related("speaker", "said_in", "about")
        .prefetch_related(cited())
        .chronological()
    )


def figures() -> Any:
    return (
        Figure.objects.visible_to(PUBLIC)
        .select_related("place__parent", "speaker")
        .prefetch_related(cited())
        .chronological()
    )


def affiliations() -> Any:
    return (
        Affiliation.objects.visible_to(PUBLIC)
        .select_related("actor", "organisation", "type")
        .prefetch_related(cited())
        .chronological()
    )


def participations() -> Any:
    """Who took part in what, in the order of the events."""
    return (
        Participation.objects.visible_to(PUBLIC)
        .select_related("event", "role")
        .order_by(
            "event__undated",
            "event__sort_key",
            "event__end_max",
            "event__sequence",
            "event__uuid",
            "position",
        )
    )


def timeline_events(timeline: Timeline) -> Any:
    """The events of a timeline: those entered, and those that its saved filter finds."""
    public = Event.objects.visible_to(PUBLIC)
    shown = Q(pk__in=public.on_timelines([timeline.slug]).values("pk"))
    if timeline.filter:
        shown |= Q(pk__in=saved_events(timeline.filter).values("pk"))
    return events().filter(shown).chronological()


def timelines_showing(event: Event) -> list[tuple[str, str]]:
    """Title and slug of the timelines on which the event is entered."""
    shown = Timeline.objects.visible_to(PUBLIC).showing([event.uuid])
    return list(shown.order_by("title", "uuid").values_list("title", "slug"))


def entry_notes(timeline: Timeline, shown: Iterable[Event]) -> dict[int, str]:
    """What the timeline says of each event."""
    entries = TimelineEntry.objects.visible_to(PUBLIC).filter(timeline=timeline, event__in=shown)
    return dict(entries.exclude(note="").values_list("event_id", "note"))


def figures_beside(shown: QuerySet[Any]) -> Any:
    """The figures that stand in the sources which these events cite."""
    passages = Citation.objects.visible_to(PUBLIC)
    theirs = passages.filter(event__in=shown.order_by().values("pk"))
    beside = passages.filter(figure__isnull=False, source__in=theirs.values("source"))
    return figures().filter(pk__in=beside.values("figure"))


def extent(shown: QuerySet[Any]) -> dict[str, Any]:
    """How many events, and between which known edges they lie."""
    return shown.order_by().aggregate(**_EXTENT)


def extents(timelines: Iterable[Timeline]) -> dict[int, dict[str, Any]]:
    """The same for the entries of several timelines, in one query."""
    public = Event.objects.visible_to(PUBLIC).filter(timeline_entries__timeline__in=timelines)
    rows = public.order_by().values("timeline_entries__timeline").annotate(**_EXTENT)
    return {row.pop("timeline_entries__timeline"): row for row in rows}


def _known(edge: str) -> Q:
    known = {f"{edge}__gt": NEGATIVE_INFINITY, f"{edge}__lt": POSITIVE_INFINITY}
    return Q(undated=False, **known)


_EXTENT = {
    "count": Count("pk"),
    "first_start": Min("start_min", filter=_known("start_min")),
    "first_end": Min("end_min", filter=_known("end_min")),
    "last_start": Max("start_max", filter=_known("start_max")),
    "last_end": Max("end_max", filter=_known("end_max")),
    "beginningless": Count("pk", filter=Q(undated=False, start_min=NEGATIVE_INFINITY)),
    "endless": Count("pk", filter=Q(undated=False, end_max=POSITIVE_INFINITY)),
}
