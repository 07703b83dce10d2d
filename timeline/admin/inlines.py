"""Lists on a record's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from timeline.admin.acting import by_of
from timeline.admin.columns import anchor_badge, publication_badge
from timeline.admin.fields import PlainFields
from timeline.admin.forms import PartForm, VersionedForm
from timeline.admin.formsets import CitationFormSet, PartFormSet
from timeline.admin.permissions import may_change, may_edit
from timeline.admin.refusals import remembered
from timeline.models import Citation

MOST_ROWS = 200


class Rows(PlainFields):
    """Rows as far as the curator may see them; who may edit the record may edit them."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.visible_to(by_of(request).viewer)
        return rows.select_related(*self.follows).order_by(*self.ordering)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.refused = remembered(request)
        return formset

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_edit(self.parent_model, request, obj)

    has_change_permission = has_delete_permission = has_add_permission


class PartInline(Rows, admin.TabularInline):
    """Rows written with their record."""

    form = PartForm
    formset = PartFormSet
    extra = 0
    max_num = MOST_ROWS
    ordering = ("position", "id")
    follows: tuple[str, ...] = ()


class StackedPartInline(Rows, admin.StackedInline):
    """The same, for rows with more to say."""

    form = PartForm
    formset = PartFormSet
    extra = 0
    max_num = MOST_ROWS
    ordering = ("position", "id")
    follows: tuple[str, ...] = ()


class CitationInline(Rows, admin.StackedInline):
    """The passages that bear on the record."""

    model = Citation
    form = VersionedForm
    formset = CitationFormSet
    extra = 0
    max_num = MOST_ROWS
    ordering = ("id",)
    follows = ("source",)
    show_change_link = True
    readonly_fields = (anchor_badge, publication_badge)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A passage is a record of its own, and no part of what is proposed for another."""
        return may_change(self.parent_model, request, obj)

    has_change_permission = has_delete_permission = has_add_permission

    fieldsets: Any = (
        (None, {"fields": ("source", "bearing", "quote", ("prefix", "suffix"), "locator", "note")}),
        (None, {"fields": ((anchor_badge, publication_badge), "expected_version")}),
    )
