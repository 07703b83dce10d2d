"""The resources."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework import viewsets
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from timeline.api.compiled import Teller, one_told_as_json
from timeline.api.filters import records as filters
from timeline.api.filters.base import StrictFilterBackend, check_parameters
from timeline.api.filters.events import EventFilter
from timeline.api.memory import Remembered
from timeline.api.questions import KeptList
from timeline.api.serializers.events import EventSerializer
from timeline.api.serializers.evidence import (
    CitationSerializer,
    ClaimSerializer,
    SourceSerializer,
)
from timeline.api.serializers.records import (
    ActorSerializer,
    AffiliationSerializer,
    FigureSerializer,
    PlaceSerializer,
    RelationSerializer,
    TimelineSerializer,
)
from timeline.api.versions import tag_of
from timeline.api.viewsets.base import (
    DATE_ORDER,
    ListView,
    PublishedRecordViewSet,
    downwards,
)
from timeline.api.viewsets.batches import BatchMixin
from timeline.api.viewsets.merging import MergeMixin
from timeline.api.viewsets.summaries import CountingMixin, ExplainingMixin
from timeline.errors import Missing
from timeline.models import (
    Actor,
    Affiliation,
    Citation,
    Claim,
    Event,
    Figure,
    Place,
    Relation,
    Source,
    Timeline,
)
from timeline.querysets.keysets import Order
from timeline.querysets.pages import Key
from timeline.services.events import create_event

EVENT_ORDER: Order = (*DATE_ORDER[:3], ("sequence", False), ("uuid", False))
REPORTED: Order = (
    ("clock_undated", False),
    ("clock_key", False),
    ("clock_end", False),
    ("uuid", False),
)
BY_TITLE: Order = (("title", False), ("uuid", False))
BY_NAME: Order = (("name", False), ("uuid", False))


class EventLists:
    """What the lists of events have in common."""

    queryset = Event.objects.all()
    serializer_class = EventSerializer
    filterset_class = EventFilter
    default_ordering = "date"
    own_orderings: ClassVar = {"date": EVENT_ORDER, "title": BY_TITLE}
    # What the list is of, besides what is asked.
    of: tuple[Any, ...] = ()

    def chosen_ordering(self, request: Request) -> tuple[str, Order]:
        name, order = super().chosen_ordering(request)
        clock = request.query_params.get("clock", "occurred")
        if name.lstrip("-") != "date" or clock == "occurred":
            return name, order
        columns = REPORTED if clock == "reported" else self._recorded()
        # The clock is part of the cursor, which fits no other order.
        return f"{name}@{clock}", downwards(columns) if name.startswith("-") else columns

    def _recorded(self) -> Order:
        column = "created_at" if self.by.viewer.unpublished else "published_at"
        return ((column, False), ("uuid", False))

    def get_serializer_context(self) -> dict[str, Any]:
        query = self.request.query_params if self.request else {}
        wanted = query.get("highlight") == "true"
        return super().get_serializer_context() | {"highlight": wanted and query.get("q")}

    @property
    def is_compiled(self) -> bool:
        """Rows told in short and without excerpts."""
        asked = self.request.query_params
        told_otherwise = {
            "list": ("expand", "highlight"),
            "retrieve": ("expand",),
            "export": ("highlight",),
        }
        return self.action in told_otherwise and not any(
            name in asked for name in told_otherwise[self.action]
        )

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        def told() -> HttpResponse:
            page = super(EventLists, self).list(request, *args, **kwargs)
            links = {name: value for name, value in page.headers.items() if name == "Link"}
            body = JSONRenderer().render(page.data)
            return HttpResponse(body, content_type="application/json", headers=links)

        known = Remembered(request, self.by.viewer)
        return known.answer((lambda: self._written_page(known)) if self.is_compiled else told)

    def _written_page(self, known: Remembered) -> HttpResponse:
        _, order = self.chosen_ordering(self.request)
        asked = self.shape
        if order in (EVENT_ORDER, downwards(EVENT_ORDER)):
            keys: Any = self._kept_list()
        else:
            rows = self.filter_queryset(self.get_queryset())
            # As far as they are needed for telling them, and for going on after them.
            keys = rows.values_list("pk", *(column for column, _ in order), named=True)
        page = self.paginator.paginate_queryset(keys, self.request, self)
        rows = known.events([row.pk for row in page], Teller(self.by.viewer))
        return self.paginator.written_response([asked.trim_written(row) for row in rows])

    def _kept_list(self) -> KeptList:
        filters = StrictFilterBackend().read(self.request, self)

        def keys(filters: Any) -> Any:
            events = filters.filter_queryset(self.get_queryset())
            return events.values_list(*Key._fields, named=True)

        return KeptList((self.by.viewer, *self.of), filters, keys)

    def get_queryset(self) -> QuerySet[Event]:
        events = super().get_queryset()
        if self.request.query_params.get("clock") == "reported":
            events = events.on_clock_of_reports()
        return events


class EventViewSet(BatchMixin, MergeMixin, ExplainingMixin, EventLists, PublishedRecordViewSet):
    """Events: what happened, when as far as it is known, who took part, on whose word."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_compiled:
            return super().retrieve(request, *args, **kwargs)
        check_parameters(request, self._detail_parameters())
        return Remembered(request, self.by.viewer).answer_with(self._told_alone)

    def _told_alone(self) -> tuple[str, HttpResponse]:
        """The event, and which entry of the ledger was the newest when it was so."""
        key = self._key(self.kwargs[self.lookup_url_kwarg])
        found = None if key is None else one_told_as_json(key, self.by.viewer)
        if found is None:
            # It was merged, or says so itself.
            raise Missing(f"There is no event “{self._found().uuid}”, or it is not public.")
        head, version, text = found
        body = self.shape.trim_written(text)
        headers = {"ETag": tag_of(body, version)}
        return head, HttpResponse(body, content_type="application/json", headers=headers)

    def perform_create(self, values: dict[str, Any], reason: str) -> Event:
        return create_event(values=values, by=self.by, reason=reason)


class ActorViewSet(MergeMixin, PublishedRecordViewSet):
    """Actors: persons, organisations, groups and governments."""

    queryset = Actor.objects.all()
    serializer_class = ActorSerializer
    filterset_class = filters.ActorFilter
    default_ordering = "name"
    own_orderings: ClassVar = {"name": BY_NAME}


class AffiliationViewSet(PublishedRecordViewSet):
    """Affiliations: who belongs to whom, and when."""

    queryset = Affiliation.objects.all()
    serializer_class = AffiliationSerializer
    filterset_class = filters.AffiliationFilter
    default_ordering = "date"
    own_orderings: ClassVar = {"date": DATE_ORDER}


class PlaceViewSet(MergeMixin, PublishedRecordViewSet):
    """Places."""

    queryset = Place.objects.all()
    serializer_class = PlaceSerializer
    filterset_class = filters.PlaceFilter
    default_ordering = "name"
    own_orderings: ClassVar = {"name": BY_NAME}


class SourceViewSet(MergeMixin, PublishedRecordViewSet):
    """Sources: the documents on whose word something is recorded."""

    queryset = Source.objects.all()
    serializer_class = SourceSerializer
    filterset_class = filters.SourceFilter
    default_ordering = "date"
    own_orderings: ClassVar = {"date": DATE_ORDER, "title": BY_TITLE}


class CitationViewSet(PublishedRecordViewSet):
    """Citations: passages that support, dispute or mention a record."""

    queryset = Citation.objects.all()
    serializer_class = CitationSerializer
    filterset_class = filters.CitationFilter


class ClaimViewSet(PublishedRecordViewSet):
    """Claims: who says what, and how it stands to what others say."""

    queryset = Claim.objects.all()
    serializer_class = ClaimSerializer
    filterset_class = filters.ClaimFilter
    default_ordering = "date"
    own_orderings: ClassVar = {"date": DATE_ORDER}


class FigureViewSet(PublishedRecordViewSet):
    """Figures: quantities that somebody gave."""

    queryset = Figure.objects.all()
    serializer_class = FigureSerializer
    filterset_class = filters.FigureFilter
    default_ordering = "date"
    own_orderings: ClassVar = {"date": DATE_ORDER}


class RelationViewSet(PublishedRecordViewSet):
    """Relations: how events stand to one another."""

    queryset = Relation.objects.all()
    serializer_class = RelationSerializer
    filterset_class = filters.RelationFilter


class TimelineViewSet(PublishedRecordViewSet):
    """Timelines: collections of events for readers."""

    queryset = Timeline.objects.all()
    serializer_class = TimelineSerializer
    filterset_class = filters.TimelineFilter
    lookup_field = "slug"
    lookup_url_kwarg = "slug"
    default_ordering = "title"
    own_orderings: ClassVar = {"title": BY_TITLE}


class TimelineEventsViewSet(CountingMixin, EventLists, ListView, viewsets.GenericViewSet):
    """The events of one timeline, with every parameter of the event list."""

    def get_queryset(self) -> QuerySet[Event]:
        return EventFilter.on_timelines(super().get_queryset(), self._found)

    def listed(self) -> QuerySet[Event]:
        return EventFilter.on_timelines(super().listed(), self._found)

    @property
    def of(self) -> tuple[Any, ...]:
        return tuple((timeline.pk, timeline.version) for timeline in self._found)

    @cached_property
    def _found(self) -> list[Timeline]:
        slug = self.kwargs.get("slug", "")
        timelines = Timeline.objects.visible_to(self.by.viewer)
        found = [] if "\0" in slug else list(timelines.filter(slug=slug))
        if not found:
            raise Missing(f"There is no timeline “{slug[:80]}”, or it is not public.")
        return found
