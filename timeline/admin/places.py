"""Curating places."""

from __future__ import annotations

from django.contrib import admin

from timeline.admin.columns import publication_badge
from timeline.admin.merging import MergeableAdmin
from timeline.admin.site import site
from timeline.models import Place


@admin.register(Place, site=site)
class PlaceAdmin(MergeableAdmin):
    list_display = ("name", "region", "country", "parent", "point_precision", publication_badge)
    list_select_related = ("parent",)
    list_filter = (
        "publication",
        ("country", admin.AllValuesFieldListFilter),
        "point_precision",
    )
    search_fields = ("name", "region", "parent__name")
    ordering = ("name", "uuid")
    fieldsets = (
        (None, {"fields": ("name", "parent", "region", "country")}),
        ("Point", {"fields": (("latitude", "longitude"), "point_precision")}),
        ("Elsewhere", {"fields": ("identifiers",)}),
    )
