"""What came in by the file: each run with its report, and each row as it last came."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from timeline.models.ledger import Origin


class Import(models.Model):
    """One run of an import that was carried out."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    origin = models.CharField(max_length=7, choices=Origin)
    format = models.CharField(max_length=10)
    options = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    report = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"import of {self.at:%Y-%m-%d %H:%M}"


class ImportedRow(models.Model):
    """The row from which an event was last imported.

    A later import compares with it, so that it changes what the data set changed and leaves alone
    what curators corrected.
    """

    event = models.OneToOneField("Event", on_delete=models.CASCADE, related_name="imported_row")
    run = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="rows")
    row = models.TextField()

    def __str__(self) -> str:
        return f"row of {self.event_id}"
