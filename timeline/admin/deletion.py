"""Deleting, after having said what goes along, each record through its service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.actions import delete_selected as ask_first
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.text import capfirst

from timeline.admin.acting import by_of
from timeline.admin.labels import describe
from timeline.admin.steps import for_each
from timeline.services.records import delete_record

# What is deleted with a record; where it is only entered or spoken of, it is taken out.
ALONG = ("citations", "relations_out", "relations_in", "participations", "names", "entries")
SHOWN = 50


def what_goes(objs: Iterable[Any], request: HttpRequest) -> tuple[list[Any], dict[str, int]]:
    """The records and, under each, what goes with it, as far as the reader may see it."""
    viewer = by_of(request).viewer
    tree: list[Any] = []
    counts: Counter[str] = Counter()
    for obj in objs:
        meta = obj._meta
        counts[str(meta.verbose_name_plural)] += 1
        tree.append(f"{capfirst(str(meta.verbose_name))}: {describe(obj)}")
        below = []
        relations = {field.name: field for field in meta.related_objects}
        for name in (name for name in ALONG if name in relations and not _is_source(obj)):
            model = relations[name].related_model
            rows = model._default_manager.visible_to(viewer).filter(
                **{relations[name].field.name: obj}
            )
            plural = str(model._meta.verbose_name_plural)
            if number := rows.count():
                counts[plural] += number
                below.append(f"{capfirst(plural)}: {number}")
        if below:
            tree.append(below)
    return tree, dict(counts)


def _is_source(obj: Any) -> bool:
    # A source that is cited cannot be deleted at all.
    return obj._meta.model_name == "source"


def delete_each(
    modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]
) -> HttpResponseBase | None:
    """Ask, with the list of what goes, and then delete one after the other."""
    if not request.POST.get("post"):
        return ask_first(modeladmin, request, queryset[:SHOWN])
    by, reason = by_of(request), request.POST.get("reason", "")[:2000]
    for_each(
        modeladmin,
        request,
        queryset,
        lambda record: delete_record(record, by=by, reason=reason),
        "is deleted",
    )
    return None
