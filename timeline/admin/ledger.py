"""The ledger and the redirects, to be read."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from timeline.admin.acting import by_of
from timeline.admin.filters import KindOfRecord
from timeline.admin.history import entries
from timeline.admin.naming import model_of
from timeline.admin.permissions import ScopedAdmin
from timeline.admin.searching import LONGEST_QUERY, is_filter
from timeline.admin.site import site
from timeline.admin.undoing import undo_page, undo_url
from timeline.models import Change, Redirect
from timeline.querysets.visibility import EDITOR


class ById(ScopedAdmin):
    """A list searched by public id."""

    show_full_result_count = False
    list_per_page = 50
    ids: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term[:LONGEST_QUERY].strip()
        if not text:
            return queryset, False
        found = Q(pk__in=[])
        try:
            for name in self.ids:
                found |= Q(**{name: UUID(text)})
        except ValueError:
            for name in self.words:
                found |= Q(**{f"{name}__icontains": text})
        return queryset.filter(found), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return is_filter(lookup, self.get_list_filter(request))


@admin.register(Change, site=site)
class ChangeAdmin(ById):
    list_display = ("at", "action", "record", "version", "by_name", "origin", "reason")
    list_display_links = ("at",)
    list_filter = (KindOfRecord, "action", "origin", "at", ("by", admin.RelatedFieldListFilter))
    search_fields = ("record_uuid", "by_name", "reason")
    search_help_text = "The public id of a record, or a name or word of the reason."
    ids, words = ("record_uuid",), ("by_name", "reason")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("at", "by_name", "origin", "request_id", "reason")}),
        (
            "What was done",
            {"fields": ("action", "record", "version", "state_before", "state_after", "changes")},
        ),
        ("The record afterwards", {"fields": ("state",), "classes": ("collapse",)}),
        ("Proof", {"fields": ("id", "previous_hash", "hash"), "classes": ("collapse",)}),
    )
    readonly_fields = ("record", "changes", "state")

    @admin.display(description="record")
    def record(self, change: Change) -> str:
        """What the record was called then."""
        return f"{change.record_type}: {change.title or change.record_uuid}"

    @admin.display(description="changes")
    def changes(self, change: Change) -> SafeString:
        told = entries([change], EDITOR)[0].differences
        if not told:
            return SafeString("only the state of publication")
        rows = format_html_join(
            "", "<tr><th>{}</th><td>{}</td><td>{}</td></tr>", ((d[0], d[1], d[2]) for d in told)
        )
        head = "<tr><th>Field</th><th>Before</th><th>After</th></tr>"
        return format_html('<table class="differences">{}{}</table>', SafeString(head), rows)

    @admin.display(description="snapshot")
    def state(self, change: Change) -> SafeString:
        text = json.dumps(change.data, ensure_ascii=False, indent=2)
        return format_html('<pre class="snapshot">{}</pre>', text)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        change = self.get_object(request, object_id)
        links = {}
        if change:
            links["record_url"] = _link(request, change)
            links["undo_url"] = undo_url(request, change.operation)
        return super().change_view(request, object_id, form_url, links | (extra_context or {}))

    def get_urls(self) -> list[Any]:
        undo = self.admin_site.admin_view(self.undo_view)
        mine = path("undo/<uuid:operation>/", undo, name="timeline_change_undo")
        return [mine, *super().get_urls()]

    def undo_view(self, request: HttpRequest, operation: UUID) -> Any:
        return undo_page(self, request, operation)


def _link(request: HttpRequest, change: Change) -> str:
    """Where the record is now, if it is still there."""
    model = model_of(change.record_type)
    if model is None:
        return ""
    rows = model._default_manager.visible_to(by_of(request).viewer)
    row = rows.filter(uuid=change.record_uuid).first()
    return reverse(f"admin:timeline_{change.record_type}_change", args=[row.pk]) if row else ""


@admin.register(Redirect, site=site)
class RedirectAdmin(ById):
    list_display = ("old_uuid", "new_uuid", "record_type", "at")
    list_filter = (KindOfRecord, "at")
    search_fields = ("old_uuid", "new_uuid")
    ids = ("old_uuid", "new_uuid")
    ordering = ("-id",)
