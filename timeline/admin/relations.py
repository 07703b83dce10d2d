"""Curating how events stand to one another."""

from __future__ import annotations

from django.contrib import admin

from timeline.admin.columns import citation_count, publication_badge
from timeline.admin.filters import Cited
from timeline.admin.inlines import CitationInline
from timeline.admin.records import RecordAdmin
from timeline.admin.site import site
from timeline.models import Relation


class RelationCitationInline(CitationInline):
    fk_name = "relation"


@admin.register(Relation, site=site)
class RelationAdmin(RecordAdmin):
    list_display = ("subject", "type", "object", publication_badge, citation_count)
    list_select_related = ("subject", "type", "object")
    list_filter = ("publication", "type", Cited)
    search_fields = ("subject__title", "object__title", "note")
    ordering = ("subject__sort_key", "uuid")
    counts_citations = True
    inlines = (RelationCitationInline,)
    fieldsets = ((None, {"fields": ("subject", "type", "object", "note")}),)
