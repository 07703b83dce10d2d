"""Undoing all that one act changed, after having said what that was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from timeline.admin.acting import by_of
from timeline.errors import TimelineError
from timeline.models import Change, Scope
from timeline.services.undoing import undo_operation

SHOWN = 100


def undo_url(request: HttpRequest, operation: UUID | None) -> str:
    """Where the operation can be undone; empty if there is none, or not by whoever asks."""
    if operation is None or not operation.int or not by_of(request).may(Scope.PUBLISH):
        return ""
    return reverse("admin:timeline_change_undo", args=[operation])


def undo_page(modeladmin: Any, request: HttpRequest, operation: UUID) -> HttpResponse:
    """Show what the operation changed, and undo it."""
    by = by_of(request)
    if not by.may(Scope.PUBLISH):
        raise PermissionDenied
    done = Change.objects.versions().filter(operation=operation).order_by("id")
    if not operation.int or not done.exists():
        raise Http404
    if request.method == "POST":
        reason = request.POST.get("reason", "")[:2000]
        try:
            entries = undo_operation(operation, by=by, reason=reason)
        except TimelineError as error:
            modeladmin.message_user(request, error.detail, messages.ERROR)
            return HttpResponseRedirect(request.path)
        text = f"Undone: {len(entries)} records are as they were before."
        modeladmin.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:timeline_change_changelist"))
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": "Undo",
        "opts": modeladmin.opts,
        "changes": done[:SHOWN],
        "more": max(0, done.count() - SHOWN),
        "media": modeladmin.media,
    }
    request.current_app = modeladmin.admin_site.name
    return TemplateResponse(request, "timeline/admin/undo.html", context)
