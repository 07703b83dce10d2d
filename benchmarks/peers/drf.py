"""Django REST framework as its tutorial builds it: model serializers, nested; a viewset; filters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import django_filters
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import include, path
from rest_framework import serializers, viewsets
from rest_framework.pagination import CursorPagination, LimitOffsetPagination
from rest_framework.routers import DefaultRouter

from benchmarks.peers.models import (
    ORDER,
    Actor,
    Citation,
    Event,
    Participation,
    Place,
    Source,
)


class DateSerializer(serializers.Serializer):
    edtf = serializers.CharField(source="date")
    text = serializers.CharField(source="date_text")
    start_min = serializers.IntegerField()
    start_max = serializers.IntegerField()
    end_min = serializers.IntegerField()
    end_max = serializers.IntegerField()


class PlaceSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")

    class Meta:
        model = Place
        fields = ("id", "name", "country", "latitude", "longitude")


class ActorSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")

    class Meta:
        model = Actor
        fields = ("id", "name", "kind", "identity", "count")


class SourceSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    published = DateSerializer(source="*")

    class Meta:
        model = Source
        fields = ("id", "title", "kind", "publisher", "url", "published")


class ParticipationSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    actor = ActorSerializer()
    role = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = Participation
        fields = ("id", "actor", "role", "note", "outcome")


class CitationSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    source = SourceSerializer()

    class Meta:
        model = Citation
        fields = ("id", "source", "bearing", "quote", "locator", "note", "anchor")


class EventSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    kind = serializers.SlugRelatedField("code", read_only=True)
    date = DateSerializer(source="*")
    place = PlaceSerializer()
    tags = serializers.SlugRelatedField("slug", many=True, read_only=True)
    participations = ParticipationSerializer(many=True)
    citations = CitationSerializer(many=True)

    class Meta:
        model = Event
        fields = (
            *("id", "version", "title", "summary", "kind", "date", "place", "status"),
            *("assessment", "sequence", "tags", "dataset", "external_id", "extra"),
            *("participations", "citations", "published_at", "updated_at"),
        )


class EventFilter(django_filters.FilterSet):
    actor = django_filters.UUIDFilter(method="involving")
    kind = django_filters.CharFilter(field_name="kind__code")
    start = django_filters.NumberFilter(field_name="end_max", lookup_expr="gte")
    end = django_filters.NumberFilter(method="beginning_by")
    word = django_filters.CharFilter(method="holding")

    def involving(self, events: Any, name: str, value: Any) -> Any:
        return events.involving(value)

    def beginning_by(self, events: Any, name: str, value: Any) -> Any:
        return events.filter(undated=False, start_min__lte=value)

    def holding(self, events: Any, name: str, value: Any) -> Any:
        return events.holding(value)


class ByCursor(CursorPagination):
    ordering = ORDER


class EventViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Event.objects.for_list()
    serializer_class = EventSerializer
    filterset_class = EventFilter
    pagination_class = ByCursor
    lookup_field = "uuid"


class EventByOffsetViewSet(EventViewSet):
    pagination_class = LimitOffsetPagination


def export(request: HttpRequest) -> StreamingHttpResponse:
    """Every event on a line of its own."""
    filtered = EventFilter(request.GET, queryset=Event.objects.for_list()).qs

    def lines() -> Iterator[str]:
        serializer = EventSerializer()
        for event in filtered.iterator(chunk_size=300):
            yield json.dumps(serializer.to_representation(event), default=str) + "\n"

    return StreamingHttpResponse(lines(), content_type="application/x-ndjson")


router = DefaultRouter(trailing_slash=False)
router.register("events-by-offset", EventByOffsetViewSet, "event-by-offset")
router.register("events", EventViewSet, "event")
urlpatterns = [path("events.ndjson", export), path("", include(router.urls))]
