"""Changes that are not yet made: proposed by people, or suggested from a text."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from timeline.models.records import Basis


class Decision(models.TextChoices):
    """What became of it."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DISMISSED = "dismissed", "Dismissed"


class Proposal(models.Model):
    """A change to a published record, held apart until an editor decides."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record_type = models.CharField(max_length=20)
    record_uuid = models.UUIDField()
    base_version = models.PositiveIntegerField()
    changes = models.JSONField()
    reason = models.TextField(max_length=2000, blank=True, default="")
    state = models.CharField(max_length=9, choices=Decision, default=Decision.OPEN)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(max_length=2000, blank=True, default="")

    class Meta:
        indexes = [
            # What is proposed for one record.
            models.Index(fields=["record_type", "record_uuid"], name="proposal_by_record"),
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_uuid}"


class Suggestion(models.Model):
    """An event found in a source's text, for a curator to accept or dismiss."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey("Source", on_delete=models.CASCADE, related_name="suggestions")
    title = models.CharField(max_length=500)
    sentence = models.TextField(max_length=5000)
    position_start = models.PositiveIntegerField()
    position_end = models.PositiveIntegerField()
    date = models.CharField(max_length=500, blank=True, default="")
    date_text = models.CharField(max_length=500, blank=True, default="")
    date_basis = models.CharField(max_length=8, choices=Basis, default=Basis.STATED)
    date_basis_note = models.TextField(max_length=2000, blank=True, default="")
    names = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=9, choices=Decision, default=Decision.OPEN)
    event = models.ForeignKey(
        "Event", on_delete=models.SET_NULL, null=True, blank=True, related_name="suggestions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "position_start", "position_end"],
                name="suggestion_is_made_once_per_passage",
            ),
        ]

    def __str__(self) -> str:
        return self.title
