"""What the lists and pages of everything with a history have in common: seeing and searching."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin import helpers
from django.core.exceptions import SuspiciousOperation
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse

from timeline.admin.acting import by_of
from timeline.admin.permissions import may_change, may_edit
from timeline.admin.searching import is_filter, search
from timeline.models import Citation, Scope


class SeenAdmin(admin.ModelAdmin):
    """Rows as far as the curator may see them, and powers by scope."""

    # Relations whose rows are searched too, by these columns.
    search_among: Mapping[str, tuple[str, ...]] = {}
    counts_citations = False
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return by_of(request).may(Scope.WRITE)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return by_of(request).may(Scope.WRITE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_edit(self.model, request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_change(self.model, request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        viewer = by_of(request).viewer
        rows: QuerySet[Any] = self.model._default_manager.visible_to(viewer)
        if self.list_select_related:
            rows = rows.select_related(*self.list_select_related)
        if self.counts_citations:
            pointer = self.model._meta.get_field("citations").field.name
            mine = Citation.objects.visible_to(viewer).filter(**{pointer: OuterRef("pk")})
            count = mine.order_by().values(pointer).annotate(n=Count("pk")).values("n")
            rows = rows.annotate(citation_count=Subquery(count))
        return rows.order_by(*self.get_ordering(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        own = self.get_search_fields(request)
        return search(queryset, search_term, own, self.search_among), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return is_filter(lookup, self.get_list_filter(request))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        chosen = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        if not all(key.isascii() and key.isdigit() and len(key) < 19 for key in chosen):
            raise SuspiciousOperation("no such row")
        return super().changelist_view(request, extra_context)


def pointers(model: type[models.Model]) -> list[str]:
    """The fields in which somebody chooses a record."""
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return [f.name for f in fields if f.is_relation and f.editable]


def seen_rows(db_field: Any, request: HttpRequest) -> QuerySet[Any]:
    """What may be chosen in ``db_field``."""
    manager = db_field.remote_field.model._default_manager
    if not hasattr(manager.all(), "visible_to"):
        return manager.all()
    return manager.visible_to(by_of(request).viewer)
