"""Actors, affiliations, places, figures, relations and timelines as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from timeline.api.filters.events import EventFilter, saved_query
from timeline.api.problems import unknown_parameter
from timeline.api.serializers.base import (
    MAX_LINKS,
    CodeReference,
    ObjectField,
    PartListSerializer,
    RecordSerializer,
    Reference,
    StrictSerializer,
)
from timeline.api.serializers.dates import DateSerializer
from timeline.api.serializers.summaries import (
    ActorSummarySerializer,
    EventSummarySerializer,
    PlaceSummarySerializer,
)
from timeline.models import (
    Actor,
    ActorName,
    Affiliation,
    Event,
    Figure,
    Place,
    Relation,
    Term,
    Timeline,
    TimelineEntry,
)


class IdentifiersField(ObjectField):
    """What the thing is called elsewhere: scheme → identifier."""

    child = serializers.CharField(max_length=300)


class ActorNameSerializer(StrictSerializer, serializers.ModelSerializer):
    """A further name."""

    date = DateSerializer(
        required=False, allow_null=True, help_text="When it was the actor's name."
    )

    class Meta:
        model = ActorName
        list_serializer_class = PartListSerializer
        fields = ("text", "language", "kind", "date")
        validators: list[Any] = []


class ActorSerializer(RecordSerializer):
    """A person, organisation, group or government, known well or hardly."""

    names = ActorNameSerializer(
        many=True, required=False, max_length=MAX_LINKS, help_text="Further names, in any script."
    )
    identifiers = IdentifiersField(required=False, help_text="Ids elsewhere, by scheme.")

    class Meta:
        model = Actor
        fields = (
            *RecordSerializer.HEAD,
            "name",
            "kind",
            "identity",
            "count",
            "names",
            "description",
            "identifiers",
            "protected",
            *RecordSerializer.TAIL,
        )
        extra_kwargs = {"count": {"min_value": 1}}


class AffiliationSerializer(RecordSerializer):
    """One actor belongs to another, perhaps for a time."""

    actor = Reference(Actor.objects.all(), ActorSummarySerializer, help_text="Who belongs.")
    organisation = Reference(
        Actor.objects.all(), ActorSummarySerializer, help_text="To whom it belongs."
    )
    type = CodeReference(
        Term.objects.all(),
        "affiliation-types",
        help_text="A code of `/vocabularies/affiliation-types`.",
    )
    date = DateSerializer(required=False, allow_null=True, help_text="While it held.")

    class Meta:
        model = Affiliation
        fields = (
            *RecordSerializer.HEAD,
            "actor",
            "organisation",
            "type",
            "title",
            "date",
            *RecordSerializer.TAIL,
        )


@extend_schema_field({"type": "string", "pattern": "^([A-Z]{2})?$"})
class CountryField(serializers.RegexField):
    """A code of two letters, or nothing."""


class PlaceSerializer(RecordSerializer):
    """A place with a name, perhaps a point, perhaps within another place."""

    country = CountryField(
        r"^([A-Z]{2})?$",
        required=False,
        allow_blank=True,
        error_messages={"invalid": "Two capital letters, such as CN."},
        help_text="ISO 3166-1 code of two letters.",
    )
    latitude = serializers.FloatField(
        required=False, allow_null=True, min_value=-90, max_value=90, help_text="Degrees, WGS 84."
    )
    longitude = serializers.FloatField(
        required=False, allow_null=True, min_value=-180, max_value=180, help_text="Degrees, WGS 84."
    )
    parent = Reference(
        Place.objects.all(),
        PlaceSummarySerializer,
        required=False,
        allow_null=True,
        help_text="The place it lies within.",
    )
    identifiers = IdentifiersField(required=False, help_text="Ids elsewhere, by scheme.")

    class Meta:
        model = Place
        fields = (
            *RecordSerializer.HEAD,
            "name",
            "country",
            "region",
            "latitude",
            "longitude",
            "point_precision",
            "parent",
            "identifiers",
            *RecordSerializer.TAIL,
        )


class FigureSerializer(RecordSerializer):
    """A quantity that somebody gave."""

    period = DateSerializer(required=False, allow_null=True, help_text="The time it is for.")
    place = Reference(
        Place.objects.all(),
        PlaceSummarySerializer,
        required=False,
        allow_null=True,
        help_text="Where it is for.",
    )
    speaker = Reference(
        Actor.objects.all(),
        ActorSummarySerializer,
        required=False,
        allow_null=True,
        help_text="Who gives it.",
    )
    value = serializers.DecimalField(
        max_digits=30,
        decimal_places=6,
        required=False,
        write_only=True,
        help_text="One number, in place of the same as `low` and as `high`.",
    )

    class Meta:
        model = Figure
        fields = (
            *RecordSerializer.HEAD,
            "measure",
            "low",
            "high",
            "value",
            "text",
            "unit",
            "population",
            "place",
            "period",
            "speaker",
            *RecordSerializer.TAIL,
        )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "value" in attrs:
            if "low" in attrs or "high" in attrs:
                problem = "Give one number as “value”, or its bounds as “low” and “high”."
                raise serializers.ValidationError({"value": [problem]}, code="ambiguous")
            attrs["low"] = attrs["high"] = attrs.pop("value")
        return attrs


class RelationSerializer(RecordSerializer):
    """How one event stands to another."""

    subject = Reference(
        Event.objects.all(), EventSummarySerializer, help_text="The event it starts from."
    )
    type = CodeReference(
        Term.objects.all(), "relation-types", help_text="A code of `/vocabularies/relation-types`."
    )
    object = Reference(
        Event.objects.all(), EventSummarySerializer, help_text="The event it leads to."
    )

    class Meta:
        model = Relation
        fields = (
            *RecordSerializer.HEAD,
            "subject",
            "type",
            "object",
            "note",
            *RecordSerializer.TAIL,
        )


class TimelineEntrySerializer(StrictSerializer, serializers.ModelSerializer):
    """An event's place in a timeline."""

    event = Reference(Event.objects.all(), EventSummarySerializer, help_text="The event.")

    class Meta:
        model = TimelineEntry
        list_serializer_class = PartListSerializer
        fields = ("event", "note")
        validators: list[Any] = []


class TimelineSerializer(RecordSerializer):
    """A named, ordered collection of events, or a saved filter."""

    entries = TimelineEntrySerializer(
        many=True, required=False, max_length=1000, help_text="Its events, in order."
    )
    filter = ObjectField(
        required=False,
        help_text="Parameters of the event list; whatever matches is shown after the entries.",
    )

    class Meta:
        model = Timeline
        fields = (
            *RecordSerializer.HEAD,
            "slug",
            "title",
            "introduction",
            "entries",
            "filter",
            *RecordSerializer.TAIL,
        )

    def validate_filter(self, saved: dict[str, Any]) -> dict[str, Any]:
        filters = EventFilter.base_filters.keys() - {"timeline"}
        problems = {
            name: [unknown_parameter(name, filters).detail]
            for name in saved
            if name not in filters and not name.startswith(EventFilter.PREFIXES)
        }
        if not problems:
            problems = dict(EventFilter(saved_query(saved), queryset=Event.objects.none()).errors)
        if problems:
            raise serializers.ValidationError(problems)
        return saved
