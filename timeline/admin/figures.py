"""Curating figures."""

from __future__ import annotations

from django.contrib import admin

from timeline.admin.columns import citation_count, date_label, publication_badge
from timeline.admin.dates import WHEN
from timeline.admin.filters import Cited
from timeline.admin.inlines import CitationInline
from timeline.admin.records import RecordAdmin
from timeline.admin.site import site
from timeline.models import Figure


class FigureCitationInline(CitationInline):
    fk_name = "figure"


@admin.register(Figure, site=site)
class FigureAdmin(RecordAdmin):
    list_display = (
        "measure",
        "text",
        "low",
        "high",
        "unit",
        date_label,
        "speaker",
        publication_badge,
        citation_count,
    )
    list_select_related = ("speaker", "place")
    list_filter = ("publication", "unit", Cited, "undated")
    search_fields = ("measure", "text", "population", "speaker__name", "place__name")
    ordering = ("measure", "undated", "sort_key", "uuid")
    counts_citations = True
    inlines = (FigureCitationInline,)
    fieldsets = (
        (None, {"fields": ("measure", ("low", "high", "unit"), "text", "population", "place")}),
        ("Period", WHEN[1]),
        ("Given by", {"fields": ("speaker",)}),
    )
