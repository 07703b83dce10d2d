"""Keys for programs: told once, later only revoked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from timeline.admin.acting import by_of
from timeline.admin.permissions import ScopedAdmin
from timeline.admin.site import site
from timeline.models import Scope, Token
from timeline.services.tokens import issue_token, revoke_token


class TokenForm(forms.ModelForm):
    name = forms.CharField(max_length=100, help_text="What will use it.")

    def clean_expires_at(self) -> Any:
        expires_at = self.cleaned_data["expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            raise forms.ValidationError("This is past: the token would never work.")
        return expires_at


@admin.action(description="Revoke", permissions=["revoke"])
def revoke(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Token]) -> None:
    for token in queryset.filter(revoked_at=None):
        revoke_token(token)
        modeladmin.message_user(request, f"“{token}” opens nothing any more.", messages.SUCCESS)


@admin.register(Token, site=site)
class TokenAdmin(ScopedAdmin):
    scope = Scope.ADMIN
    form = TokenForm
    actions = (revoke,)
    autocomplete_fields = ("user",)
    list_display = (
        "name",
        "user",
        "scope",
        "key",
        "created_at",
        "expires_at",
        "revoked_at",
        "last_used_at",
    )
    list_select_related = ("user",)
    list_filter = ("scope", "revoked_at")
    search_fields = ("name", "key", "user__username")
    ordering = ("-id",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        asked = ("user", "name", "scope", "expires_at")
        return asked if obj is None else (*asked, "key", "created_at", "revoked_at", "last_used_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.get_fields(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return by_of(request).may(Scope.ADMIN)

    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: bool) -> None:
        asked = form.cleaned_data
        token, secret = issue_token(
            user=asked["user"],
            scope=Scope(asked["scope"]),
            name=asked["name"],
            expires_at=asked["expires_at"],
        )
        obj.pk = token.pk
        text = (
            f"The token is {secret} — copy it now: it is not kept here and cannot be shown again."
        )
        self.message_user(request, text, messages.WARNING)

    def log_addition(self, *args: Any, **kwargs: Any) -> Any:
        return None
