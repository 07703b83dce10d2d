"""What happened, and who took part in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from timeline.db.dates import OfEvent, Span
from timeline.db.search import SearchTextField
from timeline.models.records import Dated, Part, Record
from timeline.querysets.events import EventQuerySet
from timeline.querysets.records import PartQuerySet


class Status(models.TextChoices):
    """Whether it happened at all."""

    OCCURRED = "occurred", "Occurred"
    ONGOING = "ongoing", "Going on"
    PLANNED = "planned", "Planned or expected"
    POSTPONED = "postponed", "Postponed"
    CANCELLED = "cancelled", "Cancelled"


class Assessment(models.TextChoices):
    """How far people who weighed the evidence believe it. Never computed."""

    UNASSESSED = "unassessed", "Not yet assessed"
    ALLEGED = "alleged", "Alleged"
    CORROBORATED = "corroborated", "Corroborated"
    CONFIRMED = "confirmed", "Confirmed"
    DISPUTED = "disputed", "Disputed"
    REFUTED = "refuted", "Refuted"


class Event(Record, Dated):
    """Something that happened, is happening or is expected."""

    PARTS = ("participations",)

    title = models.CharField(max_length=500, help_text="What happened, in a line.")
    summary = models.TextField(max_length=20000, blank=True, default="", help_text="Markdown.")
    kind = models.ForeignKey(
        "Term",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        limit_choices_to={"vocabulary": "kinds"},
        # The indexes by date begin with it.
        db_index=False,
    )
    place = models.ForeignKey(
        "Place",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        db_index=False,
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.OCCURRED)
    assessment = models.CharField(max_length=12, choices=Assessment, default=Assessment.UNASSESSED)
    sequence = models.IntegerField(
        default=0, help_text="Order among events of the same day; lower comes first."
    )
    tags = models.ManyToManyField("Tag", blank=True, related_name="events", through="Tagging")
    image = models.URLField(max_length=2000, null=True, blank=True)
    dataset = models.CharField(
        max_length=100, blank=True, default="", help_text="The set of data it was imported with."
    )
    external_id = models.CharField(
        max_length=200, blank=True, default="", help_text="Its id in that set."
    )
    extra = models.JSONField(default=dict, blank=True)

    search_text = SearchTextField(of=("title", "summary"), ranked=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            *Record.Meta.constraints,
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(title=""), name="event_has_a_title"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="event_has_a_known_status"
            ),
            models.CheckConstraint(
                condition=Q(assessment__in=Assessment.values),
                name="event_has_a_known_assessment",
            ),
            models.UniqueConstraint(
                fields=["dataset", "external_id"],
                condition=~Q(external_id=""),
                name="event_is_once_in_its_dataset",
            ),
        ]
        indexes = [
            # A page in date order, of the public's list and of the staff's. What has no date has
            # the highest key, so that the key alone puts it last.
            models.Index(
                fields=["sort_key", "end_max", "sequence", "uuid"],
                condition=Q(publication="published"),
                name="event_public_by_date",
            ),
            models.Index(fields=["sort_key", "end_max", "sequence", "uuid"], name="event_by_date"),
            # What overlaps a window, in date order.
            models.Index(
                Span(),
                *("sort_key", "end_max", "sequence", "uuid"),
                # What is asked of it besides, so that no event is looked up in vain.
                *("start_min", "start_max", "end_min", "date_set"),
                name="event_by_span",
            ),
            # What is of one kind, at one place and so on, in date order, of all time or a window.
            models.Index(
                fields=["kind", "sort_key", "end_max", "sequence", "uuid", "start_min"],
                name="event_by_kind",
            ),
            models.Index(
                fields=["place", "sort_key", "end_max", "start_min"], name="event_by_place"
            ),
            models.Index(
                fields=["status", "sort_key", "end_max", "sequence", "uuid", "start_min"],
                name="event_by_status",
            ),
            models.Index(
                fields=["assessment", "sort_key", "end_max", "sequence", "uuid", "start_min"],
                name="event_by_assessment",
            ),
            models.Index(fields=["dataset", "sort_key"], name="event_by_dataset"),
            models.Index(fields=["external_id"], name="event_by_external_id"),
            # The lists in other orders.
            models.Index(fields=["title", "uuid"], name="event_by_title"),
            models.Index(fields=["published_at", "uuid"], name="event_by_publication"),
            models.Index(fields=["updated_at", "uuid"], name="event_by_change"),
            # What is hidden from the public, to be left out of what is counted.
            models.Index(
                fields=["publication"],
                condition=~Q(publication="published"),
                name="event_hidden",
            ),
            # Counts over everything: by what events are, and when they were.
            models.Index(
                fields=["kind", "status", "assessment"],
                condition=Q(publication="published"),
                name="event_public_by_what_it_is",
            ),
            models.Index(
                # To answer alone SQLite wants what the condition names as well, PostgreSQL the key.
                fields=[
                    *("start_min", "end_max", "date_uncertain", "start_max", "end_min"),
                    *("date_set", "undated", "publication", "id"),
                ],
                condition=Q(publication="published", undated=False),
                name="event_public_in_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EventDateMember(models.Model):
    """One of the dates of a set such as ``[2019-11-07,2019-11-09]``, in seconds."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="date_members")
    start_min = models.BigIntegerField()
    start_max = models.BigIntegerField()
    end_min = models.BigIntegerField()
    end_max = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.start_min}..{self.end_max}"


class OfAnEvent(models.Model):
    """What many events have in common is asked for a page of them, or for a few years."""

    start_min = OfEvent(verbose_name="earliest first moment of the event")
    end_max = OfEvent(verbose_name="latest last moment of the event")
    sort_key = OfEvent(verbose_name="known edge of the event")

    class Meta:
        abstract = True


class Participation(Part, OfAnEvent):
    """An actor had a role in an event."""

    # What is unique begins with it, and needs no second index; so elsewhere.
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="participations", db_index=False
    )
    actor = models.ForeignKey(
        "Actor", on_delete=models.PROTECT, related_name="participations", db_index=False
    )
    role = models.ForeignKey(
        "Term",
        on_delete=models.PROTECT,
        related_name="participations",
        limit_choices_to={"vocabulary": "roles"},
        db_index=False,
    )
    note = models.CharField(
        max_length=500, blank=True, default="", help_text="Such as “one of the nine”."
    )
    outcome = models.CharField(
        max_length=500, blank=True, default="", help_text="Such as “suspended death sentence”."
    )

    # Kept by the database itself (timeline.db.repeated).
    event_kind = models.ForeignKey(
        "Term",
        on_delete=models.DO_NOTHING,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name="kind of the event",
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "actor", "role"], name="actor_has_each_role_once_per_event"
            ),
        ]
        indexes = [
            # The events of an actor in date order, of all time or of a window, of any kind or of one;
            # counted in the index.
            models.Index(
                fields=[
                    *("actor", "sort_key", "end_max", "start_min", "event", "role", "event_kind"),
                ],
                name="participation_by_actor",
            ),
            # The events in which anybody has a role, in date order; counted in the index.
            models.Index(
                fields=["role", "sort_key", "end_max", "start_min", "event", "actor"],
                name="participation_by_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_id} as {self.role_id}"


class Tagging(OfAnEvent):
    """An event has a tag."""

    event = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        related_name="+",
        related_query_name="tagging",
        db_index=False,
    )
    tag = models.ForeignKey("Tag", on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        db_table = "timeline_event_tags"
        unique_together = (("event", "tag"),)
        indexes = [
            # The events with a tag, in date order.
            models.Index(
                fields=["tag", "sort_key", "end_max", "start_min", "event"], name="tagging_by_tag"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} under {self.tag_id}"


# The list of an event's tags is written as if its rows had nothing but the two ends.
Tagging._meta.auto_created = Event
