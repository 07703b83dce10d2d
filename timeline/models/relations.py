"""How one event stands to another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from timeline.models.records import Record
from timeline.querysets.others import RelationQuerySet


class Relation(Record):
    """``subject`` is part of, led to, precedes, responds to … ``object``."""

    subject = models.ForeignKey(
        "Event", on_delete=models.CASCADE, related_name="relations_out", db_index=False
    )
    type = models.ForeignKey(
        "Term",
        on_delete=models.PROTECT,
        related_name="relations",
        limit_choices_to={"vocabulary": "relation-types"},
    )
    object = models.ForeignKey("Event", on_delete=models.CASCADE, related_name="relations_in")
    note = models.TextField(
        max_length=2000, blank=True, default="", help_text="Why the relation is believed."
    )

    objects = RelationQuerySet.as_manager()

    class Meta:
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["subject", "type", "object"], name="relation_is_stated_once"
            ),
            models.CheckConstraint(
                condition=~Q(subject=F("object")), name="relation_is_between_two_events"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.type} {self.object_id}"
