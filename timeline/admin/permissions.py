"""Powers come from the groups and their scopes; Django's own permissions are not asked."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from timeline.admin.acting import by_of
from timeline.models import Scope
from timeline.services.access import scope_to_change
from timeline.services.proposals import must_propose


class ScopedAdmin(admin.ModelAdmin):
    """Seen from one scope on, and read-only for everybody."""

    scope = Scope.PUBLISH

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return by_of(request).may(self.scope)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def may_edit(model: type[Any], request: HttpRequest, obj: Any = None) -> bool:
    """Whether whoever asks may change the record, or propose a change of it."""
    proposes = obj is not None and must_propose(obj, by_of(request))
    return may_change(model, request, obj) or (proposes and by_of(request).may(Scope.WRITE))


def may_change(model: type[Any], request: HttpRequest, obj: Any = None) -> bool:
    """Whether the record, or a new one of its kind, may be changed by whoever asks."""
    return by_of(request).may(scope_to_change(model() if obj is None else obj))
