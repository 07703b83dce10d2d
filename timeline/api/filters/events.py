"""The filters of the event list."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.datastructures import MultiValueDict

from timeline.api.filters.base import DatedFilter, RecordFilter, with_exclusions
from timeline.api.filters.parameters import (
    SEARCH,
    Choice,
    Choices,
    Codes,
    Flag,
    Ids,
    Names,
    Numbers,
    Tags,
    Texts,
)
from timeline.models import ActorKind, Assessment, Status, Timeline
from timeline.temporal import Edtf, Relation

LATITUDE, LONGITUDE = (-90, 90), (-180, 180)


class Role(Codes):
    """Anybody in one of these roles; with ``actor`` the two are asked together."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else qs.involving(roles=value)


class ActorKinds(Choices):
    """Any actor of one of these kinds."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else qs.involving(kinds=value)


class OnTimeline(Texts):
    """Entered on a timeline, or matching its saved filter."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value is None:
            return qs
        timelines = Timeline.objects.visible_to(qs.viewer).filter(slug__in=value)
        return EventFilter.on_timelines(qs, list(timelines))


@with_exclusions
class EventFilter(DatedFilter, RecordFilter):
    """What the event list can be asked. ``extra.KEY`` asks for a member of ``extra``."""

    PREFIXES = ("extra.",)
    together = ("actor",)

    q = SEARCH
    highlight = Flag("Whether to show where the words of `q` stand.")
    actor = Ids("Took part. With `role`: in that role.", ask="involving")
    actor_all = Ids("All of these took part. With `role`: in that role.")
    role = Role(
        "Somebody took part in this role (a code of `/vocabularies/roles`).", example=["court"]
    )
    actor_kind = ActorKinds(ActorKind.values, "An actor of this kind took part.")
    place = Ids("Happened at this place or at one within it.", ask="at")
    country = Texts("Happened in this country (ISO 3166-1).", ask="in_countries", example=["CN"])
    bbox = Numbers(
        (LONGITUDE, LATITUDE, LONGITUDE, LATITUDE),
        "west,south,east,north in degrees, as in GeoJSON.",
        ask="within_box",
        example="73,18,135,54",
    )
    near = Numbers(
        (LATITUDE, LONGITUDE, (0, 20_100)),
        "lat,lon,km: no farther than so many kilometres from a point.",
        ask="near",
        example="37.07,114.5,100",
    )
    kind = Codes(
        "Of this kind (a code of `/vocabularies/kinds`).",
        column="kind__code",
        example=["sentencing"],
    )
    tag = Tags("Has one of these tags.", ask="tagged", example=["fentanyl"])
    tag_all = Tags("Has all of these tags.", ask="tagged_all")
    timeline = OnTimeline("Stands on one of these timelines (slugs).", example=["fentanyl-2019"])
    source = Ids("Cites one of these sources.", ask="cited_from")
    publisher = Names(
        "Cites a source of one of these publishers.",
        ask="cited_from_publishers",
        example=["Reuters"],
    )
    has_citation = Flag(
        "Only events that cite a source, or only those that do not.", asks=("cited", "uncited")
    )
    has_dispute = Flag(
        "Only events that are disputed: by the editors, by a passage, or by claims that "
        "contradict each other; or only the others.",
        asks=("contested", "uncontested"),
    )
    related_to = Ids("Stands in a relation to one of these events.", ask="related_to")
    status = Choices(Status.values, "Whether it happened at all.", column="status")
    assessment = Choices(Assessment.values, "How far the editors believe it.", column="assessment")
    dataset = Names("Imported with one of these datasets.", column="dataset", example=["acw"])
    external_id = Names(
        "Has one of these ids in its dataset.", column="external_id", example=["AL001"]
    )
    created_by = Texts("Begun by one of these people. For staff.", ask="begun_by")
    clock = Choice(
        ("occurred", "reported", "recorded"),
        "Which date the questions about time and the order by date are about: when it happened, "
        "when a source first reported it, or when it was recorded here.",
        default="occurred",
    )

    def filter_queryset(self, queryset: QuerySet[Any], without: str = "") -> QuerySet[Any]:
        asked = self.form.cleaned_data
        actors, roles, kinds = (asked[name] or () for name in ("actor", "role", "actor_kind"))
        queryset = super().filter_queryset(queryset, without)
        if actors or (roles and kinds):
            # Roles and kinds alone have been asked; this is for one participation that fits all.
            queryset = queryset.involving(actors, roles, kinds, self._windows())
        if asked["actor_all"]:
            queryset = queryset.involving_all(asked["actor_all"], roles)
        for name, values in extras(self.data).items():
            queryset = queryset.with_extra(name, values)
        return queryset

    def _windows(self) -> list[tuple[Relation, Edtf]]:
        """What is asked of the time of the events themselves."""
        asked = self.form.cleaned_data
        if asked["clock"] not in (None, "occurred"):
            return []
        return [(one, asked[one.value]) for one in Relation if asked[one.value] is not None]

    def ask_time(self, queryset: QuerySet[Any], *question: Any, **trust: bool) -> QuerySet[Any]:
        match self.form.cleaned_data["clock"]:
            case "reported":
                return queryset.reported(*question, **trust)
            case "recorded":
                return queryset.recorded(*question)
            case _:
                return super().ask_time(queryset, *question, **trust)

    @classmethod
    def on_timelines(cls, events: QuerySet[Any], timelines: list[Timeline]) -> QuerySet[Any]:
        """The events entered on one of these timelines, or matching its saved filter."""
        everything = events.model.objects.visible_to(events.viewer)
        entries = events.behind("timeline_entries").filter(timeline__in=timelines)
        shown = Q(pk__in=entries.values("event"))
        for saved in timelines:
            if not saved.filter:
                continue
            filterset = cls(saved_query(saved.filter), queryset=everything)
            if filterset.is_valid():
                shown |= Q(pk__in=filterset.filter_queryset(everything).values("pk"))
        return events.filter(shown)


def extras(query: Any) -> dict[str, list[str]]:
    """The parameters ``extra.KEY`` of a query, by key."""
    return {
        name.removeprefix("extra."): [
            text
            for written in query.getlist(name)
            # A value may hold a comma itself.
            for text in dict.fromkeys((*written.split(","), written))
        ]
        for name in query
        if name.startswith("extra.")
    }


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
