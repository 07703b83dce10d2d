"""Curating events."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from timeline.admin.columns import (
    assessment_badge,
    citation_count,
    date_label,
    publication_badge,
)
from timeline.admin.dates import WHEN
from timeline.admin.filters import Cited, QuoteMissing
from timeline.admin.inlines import CitationInline, PartInline
from timeline.admin.lists import SeenAdmin
from timeline.admin.merging import MergeableAdmin
from timeline.admin.site import site
from timeline.models import Event, Participation


class ParticipationInline(PartInline):
    model = Participation
    fields = ("actor", "role", "note", "outcome", "order")
    follows = ("actor", "role")


class EventCitationInline(CitationInline):
    fk_name = "event"


@admin.register(Event, site=site)
class EventAdmin(MergeableAdmin):
    list_display = (
        "title",
        date_label,
        publication_badge,
        citation_count,
        "kind",
        "place",
        "status",
        assessment_badge,
    )
    list_select_related = ("kind", "place")
    list_filter = (
        "publication",
        "status",
        "assessment",
        Cited,
        QuoteMissing,
        "undated",
        "kind",
        ("place__country", admin.AllValuesFieldListFilter),
        "dataset",
    )
    search_fields = ("title", "summary", "place__name")
    search_help_text = "Title, summary, place, tags, and any name of those who took part."
    search_among = {
        "participations": ("actor__name", "actor__names__text"),
        "tags": ("label", "slug"),
    }
    ordering = ("undated", "sort_key", "end_max", "sequence", "uuid")
    counts_citations = True
    inlines = (ParticipationInline, EventCitationInline)
    fieldsets = (
        (None, {"fields": ("title", "summary", "kind", "place")}),
        WHEN,
        ("Standing", {"fields": ("status", "assessment", "tags")}),
        (
            "More",
            {
                "fields": ("sequence", "image", "dataset", "external_id", "extra"),
                "classes": ("collapse",),
            },
        ),
    )


@admin.register(Participation, site=site)
class ParticipationAdmin(SeenAdmin):
    """Written with its event; here to be chosen when a passage bears on it."""

    list_display = ("event", "actor", "role", "note")
    list_select_related = ("event", "actor", "role")
    search_fields = ("actor__name", "role__label", "event__title")
    ordering = ("-id",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_change_permission
