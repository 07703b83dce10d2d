"""What waits for a decision: changes proposed, side by side with what is; events suggested."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from timeline.admin.acting import by_of
from timeline.admin.differences import differences
from timeline.admin.filters import KindOfRecord
from timeline.admin.labels import describe
from timeline.admin.naming import Names
from timeline.admin.permissions import ScopedAdmin
from timeline.admin.site import site
from timeline.errors import TimelineError
from timeline.models import Decision, Proposal, Scope, Suggestion
from timeline.services.proposals import (
    MODELS,
    approve_proposal,
    dismiss_proposal,
    proposed_versions,
)

DECIDE = "_decide"
VERBS = {
    "approve": (approve_proposal, "The change is made."),
    "dismiss": (dismiss_proposal, "The record stays as it is."),
}


@admin.register(Proposal, site=site)
class ProposalAdmin(ScopedAdmin):
    scope = Scope.WRITE
    list_display = ("subject", "proposed_by", "proposed_at", "reason", "state")
    list_select_related = ("proposed_by",)
    list_filter = ("state", KindOfRecord, "proposed_at")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("subject", "reason", "proposed_by", "proposed_at")}),
        ("Decision", {"fields": ("state", "decided_by", "decided_at", "decision_note")}),
    )
    readonly_fields = ("subject",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        """Those to records that the curator may see."""
        viewer, seen = by_of(request).viewer, Q()
        for name, model in MODELS.items():
            rows = model._default_manager.visible_to(viewer)
            seen |= Q(record_type=name, record_uuid__in=rows.values("uuid"))
        return super().get_queryset(request).filter(seen)

    @admin.display(description="record")
    def subject(self, proposal: Proposal) -> str:
        record = _record(proposal)
        return f"{proposal.record_type}: {describe(record) if record else 'deleted since'}"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        proposal = self.get_object(request, object_id)
        if proposal is not None and request.method == "POST":
            return self._decide(request, proposal)
        context = _beside_what_is(request, proposal) if proposal is not None else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def _decide(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        verb, done = VERBS.get(request.POST.get(DECIDE, ""), (None, ""))
        try:
            if verb is not None:
                verb(proposal, by=by_of(request), reason=request.POST.get("reason", "")[:2000])
                self.message_user(request, done, messages.SUCCESS)
        except TimelineError as error:
            self.message_user(request, error.detail, messages.ERROR)
        return HttpResponseRedirect(request.path)


def _record(proposal: Proposal) -> Any:
    return MODELS[proposal.record_type]._default_manager.filter(uuid=proposal.record_uuid).first()


def _beside_what_is(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    """What the page shows besides the fields."""
    by, record = by_of(request), _record(proposal)
    if record is None:
        return {}
    now, then = (change.data for change in proposed_versions(proposal, record))
    names = Names(type(record), [now, then], by.viewer)
    is_open = proposal.state == Decision.OPEN
    own = proposal.proposed_by_id == request.user.pk
    page = reverse(f"admin:timeline_{proposal.record_type}_change", args=[record.pk])
    return {
        "differences": differences(type(record), now, then, names) if is_open else [],
        "record_url": page,
        "may_approve": is_open and by.may(Scope.PUBLISH),
        "may_dismiss": is_open and (own or by.may(Scope.PUBLISH)),
    }


@admin.register(Suggestion, site=site)
class SuggestionAdmin(ScopedAdmin):
    scope = Scope.WRITE
    list_display = ("title", "date_text", "date", "source", "state")
    list_select_related = ("source",)
    list_filter = ("state",)
    search_fields = ("title", "sentence")
    ordering = ("-id",)
