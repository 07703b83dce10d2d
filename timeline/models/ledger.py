"""What was done to the records, by whom and why: appended to, never changed."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from timeline.models.records import Publication
from timeline.querysets.ledger import ChangeQuerySet


class Action(models.TextChoices):
    """What was done."""

    CREATED = "created", "Created"
    UPDATED = "updated", "Updated"
    SUBMITTED = "submitted", "Submitted for review"
    RETURNED = "returned", "Returned to its author"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DELETED = "deleted", "Deleted"
    MERGED = "merged", "Merged into another"
    REVERTED = "reverted", "Put back to an earlier version"


class Origin(models.TextChoices):
    """Through what it was done."""

    API = "api", "API"
    ADMIN = "admin", "Administration pages"
    IMPORT = "import", "Import"
    COMMAND = "command", "Command line"


class Change(models.Model):
    """One entry of the ledger. ``id`` is its place in the chain, in the order of commit."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True, default="")
    origin = models.CharField(max_length=7, choices=Origin)
    request_id = models.CharField(max_length=64, blank=True, default="")
    reason = models.TextField(max_length=2000, blank=True, default="")

    action = models.CharField(max_length=9, choices=Action)
    record_type = models.CharField(max_length=20)
    record_uuid = models.UUIDField()
    version = models.PositiveIntegerField()
    state_before = models.CharField(max_length=9, choices=Publication, blank=True, default="")
    state_after = models.CharField(max_length=9, choices=Publication, blank=True, default="")
    # The record as it stood afterwards, parts included; of a deletion, as it stood before.
    # JSON kept as text, for a database that reorders or rewrites it would break the chain.
    snapshot = models.TextField()

    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "record_uuid", "version"],
                name="change_is_once_per_version",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="change_has_a_version"),
            models.CheckConstraint(
                condition=Q(action__in=Action.values), name="change_has_a_known_action"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=Origin.values), name="change_has_a_known_origin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_uuid} {self.action}"

    @property
    def data(self) -> dict[str, Any]:
        """The snapshot, read."""
        return json.loads(self.snapshot)


class Redirect(models.Model):
    """The id of a merged record, which answers with its survivor."""

    record_type = models.CharField(max_length=20)
    old_uuid = models.UUIDField(unique=True)
    new_uuid = models.UUIDField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_uuid=models.F("new_uuid")), name="redirect_leads_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_uuid} → {self.new_uuid}"
