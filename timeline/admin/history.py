"""The history of one record: the entries of the ledger about it, and what each changed."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse

from timeline.admin.acting import by_of
from timeline.admin.differences import Difference, differences
from timeline.admin.labels import describe
from timeline.admin.naming import Names, model_of
from timeline.models import Change, Scope
from timeline.querysets.visibility import Viewer

ON_A_PAGE = 50


class Entry(NamedTuple):
    """One entry, and how the record came to stand as it did."""

    change: Change
    differences: list[Difference]


def history_page(modeladmin: Any, request: HttpRequest, record: Any) -> TemplateResponse:
    if not modeladmin.has_view_or_change_permission(request, record):
        raise PermissionDenied
    changes = (
        Change.objects.versions()
        .filter(record_type=record._meta.model_name, record_uuid=record.uuid)
        .order_by("-version")
    )
    page = modeladmin.get_paginator(request, changes, ON_A_PAGE).get_page(request.GET.get("p"))
    meta = modeladmin.opts
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": f"History of {meta.verbose_name}",
        "subtitle": describe(record),
        "page": page,
        "entries": entries(list(page), by_of(request).viewer),
        "may_undo": by_of(request).may(Scope.PUBLISH),
        "module_name": str(meta.verbose_name_plural).capitalize(),
        "object": record,
        "opts": meta,
    }
    request.current_app = modeladmin.admin_site.name
    return TemplateResponse(request, "admin/timeline/object_history.html", context)


def entries(changes: list[Change], viewer: Viewer) -> list[Entry]:
    """The changes of one record, newest first, each beside the one before it."""
    if not changes or (model := model_of(changes[0].record_type)) is None:
        return [Entry(change, []) for change in changes]
    before = previous(changes[-1])
    told = [*changes, *([before] if before else [])]
    snapshots = [change.data for change in told]
    names = Names(model, snapshots, viewer)
    older = [*snapshots[1:], *([] if before else [{}])]
    return [
        Entry(change, _told(change, differences(model, old, new, names)))
        for change, new, old in zip(changes, snapshots, older, strict=False)
    ]


def previous(change: Change) -> Change | None:
    """The entry of the same record before this one."""
    same = Change.objects.versions().filter(
        record_type=change.record_type, record_uuid=change.record_uuid
    )
    return same.filter(version__lt=change.version).order_by("-version").first()


def _told(change: Change, found: list[Difference]) -> list[Difference]:
    # The state is told by the action already.
    return [one for one in found if one.field != "publication"]
