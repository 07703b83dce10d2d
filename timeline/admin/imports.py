"""The runs of the import, to be read."""

from __future__ import annotations

from django.contrib import admin

from timeline.admin.permissions import ScopedAdmin
from timeline.admin.site import site
from timeline.models import Import


@admin.register(Import, site=site)
class ImportAdmin(ScopedAdmin):
    list_display = ("at", "by", "origin", "format", "sha256")
    list_select_related = ("by",)
    list_filter = ("origin", "format", "at")
    ordering = ("-id",)
