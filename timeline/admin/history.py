"""The history of one record: the entries of the ledger about it, and what each changed."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse

from timeline.admin.acting import by_of
from timeline.admin.differences import Difference, differences
from timeline.admin.labels import describe
from timeline.admin.naming import Names, model_of
from timeline.admin.permissions import may_change
from timeline.errors import TimelineError
from timeline.models import Change, Scope
from timeline.querysets.visibility import Viewer
from timeline.services.history import revert_record

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
        "may_put_back": may_change(modeladmin.model, request, record),
    }
    request.current_app = modeladmin.admin_site.name
    return TemplateResponse(request, "admin/timeline/object_history.html", context)


def put_back(modeladmin: Any, request: HttpRequest, record: Any) -> HttpResponseRedirect:
    """Make a new version that says what an earlier one said."""
    if not may_change(modeladmin.model, request, record):
        raise PermissionDenied
    to, expected = (request.POST.get(name, "") for name in ("to", "expected_version"))
    try:
        put = revert_record(
            type(record),
            record.uuid,
            to=int(to) if to.isdecimal() else 0,
            by=by_of(request),
            reason=request.POST.get("reason", "")[:2000],
            expected_version=int(expected) if expected.isdecimal() else None,
        )
    except TimelineError as error:
        modeladmin.message_user(request, error.detail, messages.ERROR)
    else:
        text = f"“{describe(put)}” says again what it said at version {to}."
        modeladmin.message_user(request, text, messages.SUCCESS)
    return HttpResponseRedirect(request.path)


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
