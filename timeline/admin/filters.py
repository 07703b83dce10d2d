"""Filters of the lists beyond those of single columns."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from timeline.admin.acting import by_of
from timeline.admin.naming import KINDS
from timeline.models import Anchor, Citation


class _OfCitations(admin.SimpleListFilter):
    """Asks for the citations that the reader may see."""

    conditions: dict[str, Any] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        pointer = queryset.model._meta.get_field("citations").field.name
        citations = Citation.objects.visible_to(by_of(request).viewer).filter(
            **{pointer: OuterRef("pk")}, **self.conditions
        )
        match self.value():
            case "yes":
                return queryset.filter(Exists(citations))
            case "no":
                return queryset.filter(~Exists(citations))
        return None


class Cited(_OfCitations):
    title = "source cited"
    parameter_name = "cited"


class QuoteMissing(_OfCitations):
    title = "quote missing from its source"
    parameter_name = "quote_missing"
    conditions = {"anchor": Anchor.MISSING}


class KindOfRecord(admin.SimpleListFilter):
    title = "kind of record"
    parameter_name = "record_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, str(model._meta.verbose_name).capitalize()) for name, model in KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return queryset.filter(record_type=self.value()) if self.value() else None
