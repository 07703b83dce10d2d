"""Who is at the keyboard."""

from __future__ import annotations

import structlog
from django.http import HttpRequest

from timeline.models import Origin
from timeline.services.access import By, scope_of


def by_of(request: HttpRequest) -> By:
    """The author of whatever this request changes; their groups are read once a request."""
    kept = vars(request)
    if "timeline_by" not in kept:
        kept["timeline_by"] = By(
            user=request.user,
            scope=scope_of(request.user),
            origin=Origin.ADMIN,
            request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
        )
    by: By = kept["timeline_by"]
    return by
