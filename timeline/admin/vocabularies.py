"""Curating the words to choose from."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from timeline.admin.forms import RecordForm
from timeline.admin.records import RecordAdmin
from timeline.admin.site import site
from timeline.models import Tag, Term
from timeline.services.tags import slug_of


class TagForm(RecordForm):
    """A tag's slug is written as an event's key words are."""

    def clean_slug(self) -> str:
        return slug_of(self.cleaned_data["slug"]) or self.cleaned_data["slug"]


@admin.register(Tag, site=site)
class TagAdmin(RecordAdmin):
    form = TagForm
    list_display = ("label", "slug", "description")
    search_fields = ("label", "slug")
    ordering = ("slug",)
    prepopulated_fields = {"slug": ("label",)}
    fieldsets = ((None, {"fields": ("label", "slug", "description")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("uuid", "version")


@admin.register(Term, site=site)
class TermAdmin(RecordAdmin):
    list_display = ("label", "code", "vocabulary", "curated", "description")
    list_filter = ("vocabulary", "curated")
    search_fields = ("label", "code")
    ordering = ("vocabulary", "code")
    prepopulated_fields = {"code": ("label",)}
    fieldsets = ((None, {"fields": ("vocabulary", "label", "code", "description", "curated")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("uuid", "version")
