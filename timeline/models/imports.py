"""What came in by the file: each run with its report, and each row as it last came."""

from __future__ import annotations

import json
import uuid
from operator import attrgetter
from typing import Any

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
    # But for its rows, of which there may be a million.
    report = models.JSONField(default=dict)
    operation = models.UUIDField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return f"import of {self.at:%Y-%m-%d %H:%M}"

    def whole_report(self) -> dict[str, Any]:
        """The report with what became of each row."""
        parts = sorted(self.reported.all(), key=attrgetter("pk"))
        return self.report | {"rows": [row for part in parts for row in json.loads(part.rows)]}


class ReportedRows(models.Model):
    """Rows of a report, some hundred at once, as JSON; in the order of their keys."""

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="reported")
    rows = models.TextField()

    def __str__(self) -> str:
        return f"rows of the {self.run}"


class ImportedRow(models.Model):
    """A row as a run brought it, and the event that it is told in now, merged or not.

    A later import compares with the newest row of the same name, so that it changes what the data
    set changed and leaves alone what curators corrected. Undoing a run leaves the row before.
    """

    run = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="rows")
    dataset = models.CharField(max_length=100)
    external_id = models.CharField(max_length=200)
    event = models.ForeignKey(
        "Event", on_delete=models.SET_NULL, null=True, related_name="imported_rows"
    )
    row = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "external_id", "run"], name="imported_row_is_once_in_its_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} of {self.dataset}"
