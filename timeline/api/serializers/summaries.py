"""The few fields by which one record shows another."""

from __future__ import annotations

from rest_framework import serializers

from timeline.api.serializers.dates import DateSerializer
from timeline.models import Actor, Claim, Event, Place, Source


class _Summary(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid", read_only=True)


class PlaceSummarySerializer(_Summary):
    """A place, in short."""

    class Meta:
        model = Place
        fields = ("id", "name", "country", "latitude", "longitude", "point_precision")
        read_only_fields = fields


class ActorSummarySerializer(_Summary):
    """An actor, in short."""

    class Meta:
        model = Actor
        fields = ("id", "name", "kind", "identity", "count")
        read_only_fields = fields


class EventSummarySerializer(_Summary):
    """An event, in short."""

    date = DateSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Event
        fields = ("id", "title", "date")
        read_only_fields = fields


class SourceSummarySerializer(_Summary):
    """A source, in short."""

    published = DateSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Source
        fields = ("id", "title", "kind", "publisher", "url", "published")
        read_only_fields = fields


class ClaimSummarySerializer(_Summary):
    """A claim, in short."""

    speaker = ActorSummarySerializer(read_only=True)
    said_on = DateSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Claim
        fields = (
            "id",
            "speaker",
            "stance",
            "text",
            "said_on",
            "about_field",
            "about_value",
            "status",
        )
        read_only_fields = fields
