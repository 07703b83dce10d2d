"""Curating actors, and who belongs to whom."""

from __future__ import annotations

from django.contrib import admin

from timeline.admin.columns import citation_count, date_label, publication_badge
from timeline.admin.dates import WHEN
from timeline.admin.filters import Cited
from timeline.admin.inlines import CitationInline, StackedPartInline
from timeline.admin.merging import MergeableAdmin
from timeline.admin.records import RecordAdmin
from timeline.admin.site import site
from timeline.models import Actor, ActorName, Affiliation


class NameInline(StackedPartInline):
    model = ActorName
    verbose_name = "further name"
    verbose_name_plural = "further names"
    fieldsets = (
        (None, {"fields": (("text", "kind"), ("language", "order"))}),
        ("When it was the name", WHEN[1] | {"classes": ("collapse",)}),
    )


@admin.register(Actor, site=site)
class ActorAdmin(MergeableAdmin):
    list_display = ("name", "kind", "identity", "count", "protected", publication_badge)
    list_filter = ("publication", "kind", "identity", "protected")
    search_fields = ("name", "description")
    search_help_text = "Any name, in any script, or the description."
    search_among = {"names": ("text",)}
    ordering = ("name", "uuid")
    inlines = (NameInline,)
    fieldsets = (
        (None, {"fields": ("name", "kind", "identity", "count", "description")}),
        ("Elsewhere", {"fields": ("identifiers",)}),
        ("Protection", {"fields": ("protected",)}),
    )


class AffiliationCitationInline(CitationInline):
    fk_name = "affiliation"


@admin.register(Affiliation, site=site)
class AffiliationAdmin(RecordAdmin):
    list_display = (
        "actor",
        "organisation",
        "type",
        "title",
        date_label,
        publication_badge,
        citation_count,
    )
    list_select_related = ("actor", "organisation", "type")
    list_filter = ("publication", "type", Cited, "undated")
    search_fields = ("title", "actor__name", "organisation__name")
    ordering = ("actor__name", "sort_key", "uuid")
    counts_citations = True
    inlines = (AffiliationCitationInline,)
    fieldsets = ((None, {"fields": ("actor", "organisation", "type", "title")}), WHEN)
