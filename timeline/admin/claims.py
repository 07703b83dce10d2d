"""Curating claims."""

from __future__ import annotations

from django.contrib import admin

from timeline.admin.columns import citation_count, date_label, publication_badge
from timeline.admin.dates import WHEN
from timeline.admin.filters import Cited
from timeline.admin.inlines import CitationInline, PartInline
from timeline.admin.records import RecordAdmin
from timeline.admin.site import site
from timeline.models import Claim, ClaimLink


class LinkInline(PartInline):
    model = ClaimLink
    fk_name = "claim"
    fields = ("type", "other", "order")
    follows = ("other",)
    verbose_name_plural = "How it stands to other claims"


class ClaimCitationInline(CitationInline):
    fk_name = "claim"


@admin.register(Claim, site=site)
class ClaimAdmin(RecordAdmin):
    list_display = (
        "text",
        "speaker",
        "stance",
        date_label,
        "about",
        "status",
        publication_badge,
        citation_count,
    )
    list_select_related = ("speaker", "about", "said_in")
    list_filter = ("publication", "stance", "status", Cited, "undated")
    search_fields = ("text", "speaker__name", "about__title")
    ordering = ("undated", "sort_key", "end_max", "uuid")
    counts_citations = True
    inlines = (LinkInline, ClaimCitationInline)
    fieldsets = (
        (None, {"fields": ("speaker", "stance", "text", "said_in")}),
        ("Said", WHEN[1]),
        ("What it is about", {"fields": ("about", "about_field", "about_value")}),
        ("Standing", {"fields": ("status", "status_note")}),
    )
