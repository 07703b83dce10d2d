"""The runs of the import, to be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from timeline.admin.permissions import ScopedAdmin
from timeline.admin.site import site
from timeline.admin.undoing import undo_url
from timeline.models import Import


@admin.register(Import, site=site)
class ImportAdmin(ScopedAdmin):
    list_display = ("at", "by", "origin", "format", "sha256", "undone_at")
    list_select_related = ("by",)
    list_filter = ("origin", "format", "at")
    ordering = ("-id",)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        run = self.get_object(request, object_id)
        undo = undo_url(request, run.operation) if run and run.undone_at is None else ""
        return super().change_view(
            request, object_id, form_url, {"undo_url": undo} | (extra_context or {})
        )
