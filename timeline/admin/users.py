"""People and their groups; Django's own pages, for administrators only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from timeline.admin.acting import by_of
from timeline.admin.site import site
from timeline.models import Scope


class ForAdministrators:
    """Everything, but for administrators alone."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return by_of(request).may(Scope.ADMIN)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return by_of(request).may(Scope.ADMIN)

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return by_of(request).may(Scope.ADMIN)


@admin.register(User, site=site)
class PersonAdmin(ForAdministrators, UserAdmin):
    """Powers come from the groups, so that Django's single permissions are not asked for."""

    list_display = ("username", "first_name", "last_name", "is_staff", "is_active", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        (
            "Powers",
            {
                "fields": ("is_active", "is_staff", "is_superuser", "groups"),
                "description": "Staff may log in here; the groups say what they may do.",
            },
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    autocomplete_fields = ("groups",)
    filter_horizontal = ()


@admin.register(Group, site=site)
class PowersAdmin(ForAdministrators, GroupAdmin):
    fields = ("name",)
    filter_horizontal = ()
