"""What happened, and who took part in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from timeline.db.dates import OfEvent
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
    )
    place = models.ForeignKey(
        "Place", on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.OCCURRED)
    assessment = models.CharField(max_length=12, choices=Assessment, default=Assessment.UNASSESSED)
    sequence = models.IntegerField(
        default=0, help_text="Order among events of the same day; lower comes first."
    )
    tags = models.ManyToManyField("Tag", blank=True, related_name="events")
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
            # A page of the public list in date order, and whatever filters walk it.
            models.Index(
                fields=["undated", "sort_key", "end_max", "sequence", "uuid"],
                condition=Q(publication="published"),
                name="event_public_by_date",
            ),
            # The same, newest first, still with the undated last.
            models.Index(
                fields=["undated", "-sort_key", "-end_max", "-sequence", "-uuid"],
                condition=Q(publication="published"),
                name="event_public_newest_first",
            ),
            # What is hidden from the public, to be left out of what is counted.
            models.Index(
                fields=["publication"],
                condition=~Q(publication="published"),
                name="event_hidden",
            ),
            # Counts over everything: by what events are, and when they were.
            models.Index(
                fields=["status", "assessment", "kind"],
                condition=Q(publication="published"),
                name="event_public_by_what_it_is",
            ),
            models.Index(
                # To answer alone SQLite wants what the condition names as well.
                fields=[
                    *("start_min", "end_max", "date_uncertain", "start_max", "end_min"),
                    *("undated", "date_set", "publication"),
                ],
                condition=Q(publication="published", undated=False, date_set=""),
                name="event_public_in_time",
            ),
            # The few that are dated by a set.
            models.Index(fields=["date_set"], condition=~Q(date_set=""), name="event_with_set"),
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


class Participation(Part):
    """An actor had a role in an event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participations")
    actor = models.ForeignKey("Actor", on_delete=models.PROTECT, related_name="participations")
    role = models.ForeignKey(
        "Term",
        on_delete=models.PROTECT,
        related_name="participations",
        limit_choices_to={"vocabulary": "roles"},
    )
    note = models.CharField(
        max_length=500, blank=True, default="", help_text="Such as “one of the nine”."
    )
    outcome = models.CharField(
        max_length=500, blank=True, default="", help_text="Such as “suspended death sentence”."
    )

    # Who took part in thousands of events is asked for a few years of them.
    start_min = OfEvent(verbose_name="earliest first moment of the event")
    end_max = OfEvent(verbose_name="latest last moment of the event")

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "actor", "role"], name="actor_has_each_role_once_per_event"
            ),
        ]
        indexes = [
            # The events of an actor, in a role or any; answered in the index.
            models.Index(fields=["actor", "role", "event"], name="participation_by_actor"),
            # The events of an actor within a window; answered in the index.
            models.Index(
                fields=["actor", "start_min", "end_max", "event"], name="participation_in_window"
            ),
            # The events in which anybody has a role.
            models.Index(fields=["role", "event", "actor"], name="participation_by_role"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_id} as {self.role_id}"
