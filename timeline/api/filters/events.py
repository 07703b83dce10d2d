"""The filters of the event list."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.datastructures import MultiValueDict

from timeline.api.filters.base import DatedFilter, RecordFilter
from timeline.api.filters.parameters import SEARCH, Choices, Ids, Texts
from timeline.models import ActorKind, Assessment, Status, Timeline


class EventFilter(DatedFilter, RecordFilter):
    """What the event list can be asked."""

    q = SEARCH
    actor = Ids("Took part. With `role`: in that role.")
    role = Texts(
        "Somebody took part in this role (a code of `/vocabularies/roles`).", example=["court"]
    )
    actor_kind = Choices(ActorKind.values, "An actor of this kind took part.")
    place = Ids("Happened at this place or at one within it.", ask="at")
    country = Texts("Happened in this country (ISO 3166-1).", ask="in_countries", example=["CN"])
    kind = Texts(
        "Of this kind (a code of `/vocabularies/kinds`).",
        column="kind__code",
        example=["sentencing"],
    )
    tag = Texts("Has one of these tags.", ask="tagged", example=["fentanyl"])
    timeline = Texts("Stands on one of these timelines (slugs).", example=["fentanyl-2019"])
    source = Ids("Cites one of these sources.", ask="cited_from")
    status = Choices(Status.values, "Whether it happened at all.", column="status")
    assessment = Choices(Assessment.values, "How far the editors believe it.", column="assessment")
    dataset = Texts("Imported with one of these datasets.", column="dataset", example=["acw"])
    external_id = Texts(
        "Has one of these ids in its dataset.", column="external_id", example=["AL001"]
    )

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        queryset = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        if asked["actor"] or asked["role"] or asked["actor_kind"]:
            queryset = queryset.involving(
                asked["actor"] or (), asked["role"] or (), asked["actor_kind"] or ()
            )
        if asked["timeline"]:
            queryset = self.on_timelines(queryset, asked["timeline"])
        return queryset

    @classmethod
    def on_timelines(cls, events: QuerySet[Any], slugs: list[str]) -> QuerySet[Any]:
        """The events entered on one of these timelines, or matching its saved filter."""
        entered = events.model.objects.visible_to(events.viewer).on_timelines(slugs)
        shown = Q(pk__in=entered.values("pk"))
        timelines = Timeline.objects.visible_to(events.viewer).filter(slug__in=slugs)
        for saved in timelines.exclude(filter={}):
            everything = events.model.objects.visible_to(events.viewer)
            filterset = cls(saved_query(saved.filter), queryset=everything)
            if filterset.is_valid():
                shown |= Q(pk__in=filterset.filter_queryset(everything).values("pk"))
        return events.filter(shown)


def saved_query(saved: dict[str, Any]) -> MultiValueDict[str, str]:
    """A saved filter as the query it stands for."""
    return MultiValueDict(
        {
            name: [_spelled(one) for one in (value if isinstance(value, list) else [value])]
            for name, value in saved.items()
        }
    )


def _spelled(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
