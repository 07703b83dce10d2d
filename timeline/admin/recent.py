"""What a curator did last, for the index page."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from timeline.admin.acting import by_of
from timeline.admin.naming import KINDS
from timeline.models import Change

SHOWN = 10


class Recent(NamedTuple):
    """A line: the entry, and the record if it is still there and may be seen."""

    change: Change
    title: str
    url: str


def own_changes(request: HttpRequest) -> list[Recent]:
    mine = Change.objects.versions().filter(by=request.user.pk).order_by("-id").defer("snapshot")
    viewer = by_of(request).viewer
    changes = list(mine[:SHOWN])
    found: dict[tuple[str, Any], tuple[str, str]] = {}
    for name in {change.record_type for change in changes} & KINDS.keys():
        ids = [change.record_uuid for change in changes if change.record_type == name]
        rows = KINDS[name]._default_manager.visible_to(viewer)
        for row in rows.filter(uuid__in=ids):
            url = reverse(f"admin:timeline_{name}_change", args=[row.pk])
            found[name, row.uuid] = (str(row), url)
    return [
        Recent(change, *found.get((change.record_type, change.record_uuid), ("", "")))
        for change in changes
    ]
