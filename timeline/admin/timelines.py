"""Curating timelines."""

from __future__ import annotations

from django.contrib import admin

from timeline.admin.columns import publication_badge
from timeline.admin.inlines import PartInline
from timeline.admin.records import RecordAdmin
from timeline.admin.site import site
from timeline.models import Timeline, TimelineEntry


class EntryInline(PartInline):
    model = TimelineEntry
    fields = ("event", "note", "order")
    follows = ("event",)
    verbose_name = "entry"
    verbose_name_plural = "entries"


@admin.register(Timeline, site=site)
class TimelineAdmin(RecordAdmin):
    list_display = ("title", "slug", publication_badge)
    list_filter = ("publication",)
    search_fields = ("title", "slug", "introduction")
    ordering = ("title", "uuid")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (EntryInline,)
    fieldsets = (
        (None, {"fields": ("title", "slug", "introduction")}),
        ("Saved filter", {"fields": ("filter",), "classes": ("collapse",)}),
    )
