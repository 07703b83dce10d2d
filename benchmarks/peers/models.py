"""The project's tables as a Django project would declare them that knows nothing of the project."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

ORDER = ("undated", "sort_key", "end_max", "sequence", "uuid")


class Term(models.Model):
    vocabulary = models.CharField(max_length=20)
    code = models.CharField(max_length=80)

    class Meta:
        managed = False
        db_table = "timeline_term"


class Tag(models.Model):
    slug = models.CharField(max_length=80)

    class Meta:
        managed = False
        db_table = "timeline_tag"


class Place(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4)
    name = models.CharField(max_length=300)
    country = models.CharField(max_length=2)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        managed = False
        db_table = "timeline_place"


class Actor(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)
    identity = models.CharField(max_length=9)
    count = models.PositiveIntegerField(null=True)
    publication = models.CharField(max_length=9)
    protected = models.BooleanField()

    class Meta:
        managed = False
        db_table = "timeline_actor"


class Dated(models.Model):
    date = models.CharField(max_length=500, null=True)
    date_text = models.CharField(max_length=500)
    start_min = models.BigIntegerField()
    start_max = models.BigIntegerField()
    end_min = models.BigIntegerField()
    end_max = models.BigIntegerField()
    undated = models.BooleanField()

    class Meta:
        abstract = True


class Source(Dated):
    uuid = models.UUIDField(default=uuid.uuid4)
    title = models.CharField(max_length=500)
    kind = models.CharField(max_length=12)
    publisher = models.CharField(max_length=300)
    url = models.CharField(max_length=2000, null=True)
    publication = models.CharField(max_length=9)

    class Meta:
        managed = False
        db_table = "timeline_source"


class EventQuerySet(models.QuerySet):
    def for_list(self) -> Any:
        """What is public, with all that a row shows, in six queries however long the page."""
        took_part = Participation.objects.select_related("actor", "role").order_by("position")
        cited = Citation.objects.select_related("source").order_by("id")
        return (
            self.filter(publication="published")
            .select_related("kind", "place")
            .prefetch_related(
                "tags",
                Prefetch(
                    "participations",
                    took_part.filter(actor__publication="published", actor__protected=False),
                ),
                Prefetch(
                    "citations",
                    cited.filter(publication="published", source__publication="published"),
                ),
            )
            .order_by(*ORDER)
        )

    def involving(self, actor: Any) -> Any:
        took_part = Participation.objects.filter(
            actor__uuid=actor, actor__publication="published", actor__protected=False
        )
        return self.filter(pk__in=took_part.values("event"))

    def overlapping(self, start: int, end: int) -> Any:
        return self.filter(undated=False, start_min__lte=end, end_max__gte=start)

    def holding(self, word: str) -> Any:
        quotes = Citation.objects.filter(
            event=OuterRef("pk"),
            publication="published",
            source__publication="published",
            quote__icontains=word,
        )
        return self.filter(
            Q(title__icontains=word) | Q(summary__icontains=word) | Q(Exists(quotes))
        )


class Event(Dated):
    uuid = models.UUIDField(default=uuid.uuid4)
    version = models.PositiveIntegerField()
    publication = models.CharField(max_length=9)
    published_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    title = models.CharField(max_length=500)
    summary = models.TextField()
    kind = models.ForeignKey(Term, models.PROTECT, null=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True)
    status = models.CharField(max_length=9)
    assessment = models.CharField(max_length=12)
    sequence = models.IntegerField()
    sort_key = models.BigIntegerField()
    dataset = models.CharField(max_length=100)
    external_id = models.CharField(max_length=200)
    extra = models.JSONField()
    tags = models.ManyToManyField(Tag, through="EventTag")

    objects = EventQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "timeline_event"


class EventTag(models.Model):
    event = models.ForeignKey(Event, models.CASCADE)
    tag = models.ForeignKey(Tag, models.CASCADE)

    class Meta:
        managed = False
        db_table = "timeline_event_tags"


class Participation(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4)
    position = models.PositiveIntegerField()
    event = models.ForeignKey(Event, models.CASCADE, related_name="participations")
    actor = models.ForeignKey(Actor, models.PROTECT)
    role = models.ForeignKey(Term, models.PROTECT)
    note = models.CharField(max_length=500)
    outcome = models.CharField(max_length=500)

    class Meta:
        managed = False
        db_table = "timeline_participation"


class Citation(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4)
    event = models.ForeignKey(Event, models.CASCADE, related_name="citations")
    source = models.ForeignKey(Source, models.PROTECT)
    publication = models.CharField(max_length=9)
    bearing = models.CharField(max_length=8)
    quote = models.TextField()
    locator = models.CharField(max_length=200)
    note = models.TextField()
    anchor = models.CharField(max_length=9)

    class Meta:
        managed = False
        db_table = "timeline_citation"
