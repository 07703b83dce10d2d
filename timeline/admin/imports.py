"""The runs of the import, to be read."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join

from timeline.admin.permissions import ScopedAdmin
from timeline.admin.site import site
from timeline.admin.undoing import undo_url
from timeline.models import Import

OUTCOMES = ("created", "updated", "unchanged", "rejected")


def _told(row: dict[str, Any]) -> str:
    why = [f"{error['field'] or 'the row'}: {error['detail']}" for error in row.get("errors", ())]
    said = (*why, *row.get("warnings", ()))
    return f"line {row['line']}, {row['external_id'] or 'no id'}: {row['outcome']}" + "".join(
        f"; {one}" for one in said
    )


@admin.register(Import, site=site)
class ImportAdmin(ScopedAdmin):
    list_display = ("at", "by", "origin", "format", "sha256", "undone_at")
    list_select_related = ("by",)
    list_filter = ("origin", "format", "at")
    ordering = ("-id",)
    readonly_fields = ("rows",)

    @admin.display(description="what became of the rows")
    def rows(self, run: Import) -> str:
        """The first few hundred, a line each."""
        part = run.reported.order_by("pk").first()
        told = json.loads(part.rows) if part else []
        lines = format_html_join("", "<li>{}</li>", ([_told(row)] for row in told))
        more = sum(run.report.get(outcome, 0) for outcome in OUTCOMES) - len(told)
        rest = f"… and {more} more: they are in the API." if more > 0 else ""
        return format_html("<ul>{}</ul>{}", lines, rest)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        run = self.get_object(request, object_id)
        undo = undo_url(request, run.operation) if run and run.undone_at is None else ""
        return super().change_view(
            request, object_id, form_url, {"undo_url": undo} | (extra_context or {})
        )
