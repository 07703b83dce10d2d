"""Rows written by a nested model serializer, one by one, as its documentation teaches.

python -m benchmarks.peers.drf_import FILE ROWS
"""

from __future__ import annotations

import json
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

import django


def serializer_class() -> Any:
    from django.utils import timezone
    from rest_framework import serializers

    from timeline.models import Actor, Citation, Event, Participation, Place, Source, Tag, Term

    def published() -> dict[str, Any]:
        return {"publication": "published", "published_at": timezone.now()}

    class PlaceSerializer(serializers.Serializer):
        name = serializers.CharField()
        country = serializers.CharField(allow_blank=True)
        region = serializers.CharField(allow_blank=True)
        lat = serializers.FloatField(required=False)
        lon = serializers.FloatField(required=False)

    class ActorSerializer(serializers.Serializer):
        name = serializers.CharField()
        kind = serializers.CharField()
        role = serializers.SlugRelatedField(
            "code", queryset=Term.objects.filter(vocabulary="roles")
        )

    class SourceSerializer(serializers.Serializer):
        url = serializers.URLField()
        title = serializers.CharField()
        publisher = serializers.CharField()
        published = serializers.CharField(required=False)

    class EventSerializer(serializers.ModelSerializer):
        kind = serializers.SlugRelatedField(
            "code", queryset=Term.objects.filter(vocabulary="kinds"), required=False
        )
        edtf = serializers.CharField(source="date", required=False)
        place = PlaceSerializer(required=False)
        actors = ActorSerializer(many=True)
        sources = SourceSerializer(many=True)
        tags = serializers.ListField(child=serializers.CharField())

        class Meta:
            model = Event
            fields = (
                *("dataset", "external_id", "title", "summary", "kind", "edtf", "date_text"),
                *("status", "assessment", "extra", "place", "actors", "sources", "tags"),
            )

        def create(self, validated_data: dict[str, Any]) -> Any:
            place = validated_data.pop("place", None)
            actors, sources = validated_data.pop("actors"), validated_data.pop("sources")
            tags = validated_data.pop("tags")
            if place is not None:
                key = {"name": place["name"], "country": place["country"]}
                rest = {
                    "region": place["region"],
                    "latitude": place.get("lat"),
                    "longitude": place.get("lon"),
                }
                place, _ = Place.objects.get_or_create(**key, defaults=rest | published())
            event = Event.objects.create(**validated_data, place=place, **published())
            for position, one in enumerate(actors):
                actor, _ = Actor.objects.get_or_create(
                    name=one["name"], defaults={"kind": one["kind"], **published()}
                )
                Participation.objects.create(
                    event=event, actor=actor, role=one["role"], position=position
                )
            for one in sources:
                rest = {
                    "title": one["title"],
                    "publisher": one["publisher"],
                    "date": one.get("published"),
                }
                source, _ = Source.objects.get_or_create(
                    url=one["url"], defaults=rest | published()
                )
                Citation.objects.create(event=event, source=source, **published())
            for slug in tags:
                event.tags.add(Tag.objects.get_or_create(slug=slug, defaults={"label": slug})[0])
            return event

    return EventSerializer


def main() -> None:
    django.setup()
    from django.db import transaction

    serializer = serializer_class()
    with Path(sys.argv[1]).open() as lines:
        rows = [json.loads(line) for line in islice(lines, int(sys.argv[2]))]
    began, used = time.perf_counter(), time.process_time()
    for row in rows:
        with transaction.atomic():
            checked = serializer(data=row)
            checked.is_valid(raise_exception=True)
            checked.save()
    print(time.perf_counter() - began, time.process_time() - used)


if __name__ == "__main__":
    main()
