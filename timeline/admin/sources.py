"""Curating sources and the passages cited from them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.text import Truncator

from timeline.admin.columns import (
    anchor_badge,
    citation_count,
    cited_for,
    date_label,
    publication_badge,
)
from timeline.admin.dates import WHEN
from timeline.admin.filters import Cited, QuoteMissing
from timeline.admin.labels import describe
from timeline.admin.merging import MergeableAdmin
from timeline.admin.records import RecordAdmin
from timeline.admin.site import site
from timeline.models import CITED, Citation, Source


@admin.register(Source, site=site)
class SourceAdmin(MergeableAdmin):
    list_display = (
        "title",
        "publisher",
        date_label,
        "kind",
        "reliability",
        publication_badge,
        citation_count,
    )
    list_filter = (
        "publication",
        "kind",
        "reliability",
        "language",
        "text_is_public",
        Cited,
        QuoteMissing,
    )
    search_fields = ("title", "publisher", "url")
    ordering = ("undated", "-sort_key", "uuid")
    counts_citations = True
    readonly_fields = ("text_sha256",)
    fieldsets = (
        (None, {"fields": ("title", "kind", "authors", "publisher", "language", "derived_from")}),
        ("Published", WHEN[1]),
        ("Where it is", {"fields": ("url", "archived_url", "retrieved_at", "licence")}),
        ("Worth", {"fields": ("reliability",)}),
        (
            "Text",
            {"fields": ("text", "text_is_public", "text_sha256"), "classes": ("collapse",)},
        ),
    )


@admin.display(description="passage", ordering="quote")
def passage(citation: Citation) -> str:
    return Truncator(describe(citation)).chars(80)


@admin.register(Citation, site=site)
class CitationAdmin(RecordAdmin):
    list_display = (passage, "source", "bearing", cited_for, anchor_badge, publication_badge)
    list_select_related = (
        "source",
        "event",
        "participation__actor",
        "participation__role",
        "participation__event",
        "claim",
        "relation__subject",
        "relation__type",
        "relation__object",
        "affiliation__actor",
        "affiliation__organisation",
        "affiliation__type",
        "figure",
    )
    list_filter = ("anchor", "publication", "bearing")
    search_fields = ("quote", "locator", "note", "source__title", "event__title")
    ordering = ("-id",)
    readonly_fields = (anchor_badge,)
    fieldsets: Any = (
        (None, {"fields": ("source", "bearing")}),
        (
            "Passage",
            {
                "fields": (
                    "quote",
                    ("prefix", "suffix"),
                    ("position_start", "position_end"),
                    "locator",
                    "note",
                    anchor_badge,
                )
            },
        ),
        (
            "What it bears on",
            {"fields": CITED, "description": "Choose one of these, and only one."},
        ),
    )
