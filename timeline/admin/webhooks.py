"""Who is told of changes as they come, how that goes, and what was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from timeline.admin.acting import by_of
from timeline.admin.naming import KINDS
from timeline.admin.permissions import ScopedAdmin
from timeline.admin.refusals import tell
from timeline.admin.site import site
from timeline.errors import Invalid, TimelineError
from timeline.models import Delivery, Webhook
from timeline.services.ledger import GENESIS
from timeline.services.webhooks import (
    COUNTED,
    count_waiting,
    create_webhook,
    delete_webhook,
    read_target,
    replay,
    rotate_secret,
    secret_of,
    send_test,
    update_webhook,
)

TYPES = [(name, str(model._meta.verbose_name).capitalize()) for name, model in KINDS.items()]
LATELY = timedelta(days=1)


class WebhookForm(forms.ModelForm):
    types = forms.MultipleChoiceField(
        choices=TYPES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Only records of these types",
        help_text="All, if none is named.",
    )

    def clean(self) -> None:
        super().clean()
        try:
            read_target(self.cleaned_data.get("url", ""))
        except Invalid as error:
            for flaw in error.flaws if "url" in self.cleaned_data else ():
                tell(self, flaw)


def _for_each(verb: Any) -> Any:
    """An action that does this to each chosen webhook, and says what came of it."""

    def act(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        for webhook in queryset:
            try:
                told = verb(webhook, by_of(request))
                level = messages.SUCCESS
            except TimelineError as error:
                told, level = error.detail, messages.ERROR
            modeladmin.message_user(request, f"{webhook}: {told}", level)

    act.__name__ = verb.__name__
    return admin.action(description=verb.__doc__, permissions=["change"])(act)


def test(webhook: Webhook, by: Any) -> str:
    """Send a test"""
    delivery = send_test(webhook, by=by)
    return delivery.error or f"The test arrived; the answer was {delivery.status}."


def enable(webhook: Webhook, by: Any) -> str:
    """Enable, and try again at once"""
    update_webhook(webhook, values={"is_enabled": True}, by=by)
    return "It is sent to again where it had come to."


def replay_lately(webhook: Webhook, by: Any) -> str:
    """Send the changes of the last day again"""
    replay(webhook, by=by, since=timezone.now() - LATELY)
    return "What changed within the last day is sent again."


def replay_all(webhook: Webhook, by: Any) -> str:
    """Send everything again, from the beginning"""
    replay(webhook, by=by, cursor=GENESIS)
    return "Everything is sent again."


def rotate(webhook: Webhook, by: Any) -> str:
    """Make a new secret"""
    return _secret(rotate_secret(webhook, by=by))


def _secret(webhook: Webhook) -> str:
    return f"The secret is {secret_of(webhook)} — copy it now: it is not shown again."


@admin.register(Webhook, site=site)
class WebhookAdmin(ScopedAdmin):
    form = WebhookForm
    actions = [_for_each(verb) for verb in (test, enable, replay_lately, replay_all, rotate)]
    list_display = (
        "name",
        "host",
        "state",
        "last_success_at",
        "failing_since",
        "waiting",
        "deliveries",
    )
    list_filter = ("is_enabled",)
    search_fields = ("name",)
    ordering = ("id",)
    # Of the ledger, which keeps what records said, there is nothing to promise.
    delete_confirmation_template = "admin/delete_confirmation.html"
    readonly_fields = (
        "state",
        "waiting",
        "last_success_at",
        "failing_since",
        "failures",
        "deliveries",
        "created_by",
        "created_at",
        "updated_at",
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        asked = (None, {"fields": ("name", "url", "types", "is_enabled")})
        return [asked] if obj is None else [asked, ("Health", {"fields": self.readonly_fields})]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    has_delete_permission = has_change_permission

    @admin.display(description="host")
    def host(self, webhook: Webhook) -> str:
        """The rest of an address often is a secret."""
        return urlsplit(webhook.url).hostname or ""

    @admin.display(description="state")
    def state(self, webhook: Webhook) -> str:
        if not webhook.is_enabled:
            return f"Disabled. {webhook.disabled_reason}".strip()
        if webhook.failures:
            return f"Failed {webhook.failures} times, tried again at {webhook.due_at:%Y-%m-%d %H:%M} UTC"
        return "Well"

    @admin.display(description="entries waiting")
    def waiting(self, webhook: Webhook) -> str:
        number = count_waiting(webhook)
        return f"{number} or more" if number == COUNTED else str(number)

    @admin.display(description="what was sent")
    def deliveries(self, webhook: Webhook) -> SafeString:
        page = reverse("admin:timeline_delivery_changelist")
        return format_html('<a href="{}?webhook__id__exact={}">Deliveries</a>', page, webhook.pk)

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        # One at a time, by somebody who looks at it.
        actions.pop("delete_selected", None)
        return actions

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except TimelineError as error:
            self.message_user(request, error.detail, messages.ERROR)
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        if change:
            update_webhook(obj, values=values, by=by_of(request))
            return
        webhook = create_webhook(values=form.cleaned_data, by=by_of(request))
        obj.pk = webhook.pk
        self.message_user(request, _secret(webhook), messages.WARNING)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """With it goes the log of what was sent, which nobody may delete by itself."""
        return [str(webhook) for webhook in objs], {"webhooks": len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Webhook) -> None:
        delete_webhook(obj, by=by_of(request))


class Delivered(admin.SimpleListFilter):
    title = "delivered"
    parameter_name = "delivered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        asked = {"yes": queryset.delivered, "no": queryset.failed}.get(self.value() or "")
        return asked() if asked else None


@admin.register(Delivery, site=site)
class DeliveryAdmin(ScopedAdmin):
    list_display = (
        "sent_at",
        "webhook",
        "type",
        "attempt",
        "status",
        "duration_ms",
        "error",
        "next_attempt_at",
    )
    list_select_related = ("webhook",)
    list_filter = (Delivered, ("webhook", admin.RelatedOnlyFieldListFilter), "sent_at")
    ordering = ("-sent_at", "-id")
    show_full_result_count = False
