"""What events are found by that no column says."""

from __future__ import annotations

from django.db import models

from timeline.db.traits import LENGTH
from timeline.models.events import Event, OfAnEvent
from timeline.querysets.records import PartQuerySet


class Trait(OfAnEvent):
    """An event has a member in its ``extra``, or lacks something. Written by the database alone."""

    pk = models.CompositePrimaryKey("event_id", "name")
    event = models.ForeignKey(
        Event,
        # The database removes it before Django would look.
        on_delete=models.DO_NOTHING,
        related_name="traits",
        db_index=False,
        db_constraint=False,
    )
    name = models.CharField(max_length=LENGTH)

    objects = PartQuerySet.as_manager()

    class Meta:
        indexes = [
            # The events with a trait, in date order.
            models.Index(
                fields=["name", "sort_key", "end_max", "start_min", "event"], name="trait_by_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} is {self.name}"
