"""What was done to the records, by whom and why: appended to, never changed."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from timeline.models.records import Publication
from timeline.querysets.ledger import ChangeQuerySet, RedirectQuerySet

# The fields by which a record is known in a list.
TITLES = ("title", "name", "text", "label", "measure", "quote", "locator", "note", "type")


def title_of(data: dict[str, Any]) -> str:
    """What a record is called, by its snapshot."""
    return next((str(data[name])[:80] for name in TITLES if data.get(name)), "")


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
    # No version of its own: a change to another record showed or hid something of this one.
    AFFECTED = "affected", "Affected by a change to another record"


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
    turn = models.PositiveIntegerField(
        default=0, help_text="Counts what changes to other records made of this version."
    )
    state_before = models.CharField(max_length=9, choices=Publication, blank=True, default="")
    state_after = models.CharField(max_length=9, choices=Publication, blank=True, default="")
    # The record as it stood afterwards, parts included; of a deletion, as it stood before.
    # JSON kept as text, for a database that reorders or rewrites it would break the chain.
    snapshot = models.TextField()

    # What the public knew: whether it could see the record, before and after, and which of the
    # records that the snapshot points to it could not (public ids, spaces between).
    was_public = models.BooleanField()
    is_public = models.BooleanField()
    hidden = models.TextField(blank=True, default="")

    # All that one verb did has one operation, and is undone together.
    operation = models.UUIDField(db_index=True)
    # The key of a row that is no more, so that what was can be told in the order it had.
    former_pk = models.BigIntegerField(null=True)

    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "record_uuid", "version", "turn"],
                name="change_is_once_per_version_and_turn",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="change_has_a_version"),
            models.CheckConstraint(
                condition=Q(turn=0) | Q(action="affected"), name="change_makes_a_version_or_turn"
            ),
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

    @property
    def title(self) -> str:
        """What the record was called then."""
        return title_of(self.data)

    @property
    def untold(self) -> set[str]:
        """The public ids of what the snapshot points to and the public did not know of."""
        return set(self.hidden.split())


class Operation(models.Model):
    """A transaction that wrote to the ledger: when it was about to end, and its last entry."""

    uuid = models.UUIDField(unique=True)
    at = models.DateTimeField(db_index=True)
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class Redirect(models.Model):
    """The id of a merged record, which answers with its survivor."""

    record_type = models.CharField(max_length=20)
    old_uuid = models.UUIDField(unique=True)
    new_uuid = models.UUIDField()
    at = models.DateTimeField(auto_now_add=True)

    objects = RedirectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_uuid=models.F("new_uuid")), name="redirect_leads_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_uuid} → {self.new_uuid}"
