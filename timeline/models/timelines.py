"""Collections of events for readers: chosen one by one, or by a saved filter."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from timeline.models.records import Part, Record
from timeline.querysets.others import TimelineQuerySet
from timeline.querysets.records import PartQuerySet


class Timeline(Record):
    """A named collection with an introduction.

    Its events are its entries, or, when ``filter`` is not empty, whatever the event list
    answers to these parameters.
    """

    PARTS = ("entries",)

    slug = models.SlugField(max_length=80, unique=True, help_text="Its name in addresses.")
    title = models.CharField(max_length=300, help_text="Its title.")
    introduction = models.TextField(max_length=20000, blank=True, default="", help_text="Markdown.")
    filter = models.JSONField(
        default=dict,
        blank=True,
        help_text='Parameters of the event list, e.g. {"tag": ["fentanyl"]}.',
    )

    objects = TimelineQuerySet.as_manager()

    class Meta:
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(title=""), name="timeline_has_a_title"),
            models.CheckConstraint(condition=~Q(slug=""), name="timeline_has_a_slug"),
        ]

    def __str__(self) -> str:
        return self.title


class TimelineEntry(Part):
    """An event's place in a timeline, with a note of its own."""

    timeline = models.ForeignKey(
        Timeline, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    event = models.ForeignKey("Event", on_delete=models.CASCADE, related_name="timeline_entries")
    note = models.TextField(
        max_length=2000, blank=True, default="", help_text="Why the event stands here."
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["timeline", "event"], name="timeline_shows_each_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.timeline_id}: {self.event_id}"
