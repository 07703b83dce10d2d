"""Webhooks as JSON, and what was sent to them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from timeline.api.serializers.base import StrictSerializer
from timeline.api.serializers.changes import TYPES
from timeline.models import Webhook
from timeline.services.webhooks import COUNTED, count_waiting


class WebhookSerializer(StrictSerializer, serializers.ModelSerializer):
    """An address to which changes are sent as they come."""

    id = serializers.UUIDField(source="uuid", read_only=True, help_text="The public id.")
    version = serializers.IntegerField(read_only=True, min_value=1, help_text="Counts the changes.")
    name = serializers.CharField(max_length=100, help_text="What receives it.")
    url = serializers.CharField(
        max_length=500,
        help_text="Where it is sent, by POST: `https://` and a public address.",
    )
    types = serializers.ListField(
        child=serializers.ChoiceField(TYPES),
        required=False,
        max_length=len(TYPES),
        help_text="Only changes of these types of records; all, if none is named.",
    )
    enabled = serializers.BooleanField(
        source="is_enabled",
        required=False,
        help_text="Whether it is sent to. It goes false by itself when the receiver answers 410, or "
        "takes nothing for some three days; true tries again where it had come to.",
    )
    disabled_reason = serializers.CharField(
        read_only=True, help_text="Why it is disabled; empty while it is not."
    )
    cursor = serializers.CharField(
        read_only=True,
        help_text="Up to where in `/changes` it has been sent; all zeros: not even the first entry.",
    )
    waiting = serializers.SerializerMethodField(
        help_text=f"How many entries are left to send; beyond {COUNTED:,} they are not counted."
    )
    failures = serializers.IntegerField(
        read_only=True, min_value=0, help_text="How often the next entry was sent without success."
    )
    failing_since = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Null when the last attempt succeeded."
    )
    last_success_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When an entry was last taken; null if never."
    )
    next_attempt_at = serializers.SerializerMethodField(
        help_text="When it is sent to again after a failure; null when nothing has failed."
    )
    secret_rotates_at = serializers.DateTimeField(
        source="former_until",
        read_only=True,
        allow_null=True,
        help_text="Until when the secret before the last rotation signs as well; null if none was.",
    )
    created_at = serializers.DateTimeField(read_only=True, help_text="When it was made.")
    created_by = serializers.CharField(
        source="created_by.username",
        read_only=True,
        default=None,
        allow_null=True,
        help_text="Who.",
    )
    updated_at = serializers.DateTimeField(
        read_only=True, help_text="When somebody last changed it."
    )

    class Meta:
        model = Webhook
        fields = (
            "id",
            "version",
            "name",
            "url",
            "types",
            "enabled",
            "disabled_reason",
            "cursor",
            "waiting",
            "failures",
            "failing_since",
            "last_success_at",
            "next_attempt_at",
            "secret_rotates_at",
            "created_at",
            "created_by",
            "updated_at",
        )

    def validate_types(self, types: list[str]) -> list[str]:
        return list(dict.fromkeys(types))

    def get_waiting(self, webhook: Webhook) -> int:
        return count_waiting(webhook)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_next_attempt_at(self, webhook: Webhook) -> str | None:
        if not webhook.failures or not webhook.is_enabled:
            return None
        return serializers.DateTimeField().to_representation(webhook.due_at)


class WebhookWithSecretSerializer(WebhookSerializer):
    """A webhook with its secret, which is told this once."""

    secret = serializers.CharField(
        read_only=True,
        help_text="With this the receiver verifies what comes (Standard Webhooks). Keep it: it is "
        "not shown again.",
    )

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")


class ReplaySerializer(StrictSerializer):
    """From where to send again: one of the two."""

    cursor = serializers.RegexField(
        r"^[0-9a-f]{64}$",
        required=False,
        help_text="The changes after the one with this cursor; all zeros: everything.",
    )
    since = serializers.DateTimeField(
        required=False, help_text="The changes made since this instant."
    )


class DeliverySerializer(serializers.Serializer):
    """An attempt to tell a webhook something."""

    id = serializers.UUIDField(source="uuid", help_text="The public id.")
    webhook_id = serializers.CharField(
        source="message",
        help_text="The header `webhook-id`, the same at every attempt: the `cursor` of the change, or "
        "a test's own.",
    )
    type = serializers.CharField(help_text="As sent: `event.published` and the like.")
    attempt = serializers.IntegerField(min_value=1, help_text="Which attempt to send this it was.")
    at = serializers.DateTimeField(source="sent_at", help_text="When.")
    delivered = serializers.BooleanField(
        source="is_delivered", help_text="Whether the receiver took it (2xx)."
    )
    status = serializers.IntegerField(
        allow_null=True, help_text="The HTTP status of the answer; null when there was none."
    )
    duration_ms = serializers.IntegerField(min_value=0, help_text="How long it took.")
    error = serializers.CharField(help_text="What went wrong, in words; empty when nothing did.")
    next_attempt_at = serializers.DateTimeField(
        allow_null=True, help_text="When it is sent again; null if it is not, or not by itself."
    )
