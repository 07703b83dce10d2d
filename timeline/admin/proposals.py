"""What waits for a decision, to be read."""

from __future__ import annotations

from django.contrib import admin

from timeline.admin.permissions import ScopedAdmin
from timeline.admin.site import site
from timeline.models import Proposal, Scope, Suggestion


@admin.register(Proposal, site=site)
class ProposalAdmin(ScopedAdmin):
    list_display = ("record_type", "record_uuid", "proposed_by", "proposed_at", "state")
    list_select_related = ("proposed_by",)
    list_filter = ("state", "proposed_at")
    ordering = ("-id",)


@admin.register(Suggestion, site=site)
class SuggestionAdmin(ScopedAdmin):
    scope = Scope.WRITE
    list_display = ("title", "date_text", "date", "source", "state")
    list_select_related = ("source",)
    list_filter = ("state",)
    search_fields = ("title", "sentence")
    ordering = ("-id",)
