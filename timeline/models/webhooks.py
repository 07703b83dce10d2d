"""Who is told of changes as they come, how far they have been told, and each attempt to."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from timeline.querysets.webhooks import DeliveryQuerySet, WebhookQuerySet

MAX_URL = 500


class Webhook(models.Model):
    """An address to which the feed of changes is sent, and how far it has been.

    The ledger is the outbox: nothing is queued for a webhook, so nothing can be lost on the way
    into a queue, and no write waits for one.
    """

    uuid = models.UUIDField("public id", default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    name = models.CharField(max_length=100, help_text="What receives it.")
    url = models.CharField("address", max_length=MAX_URL, help_text="Where it is sent: https://…")
    types = models.JSONField(
        "only records of these types", default=list, blank=True, help_text="All, if none is named."
    )
    is_enabled = models.BooleanField("enabled", default=True, help_text="Whether it is sent to.")
    disabled_reason = models.CharField(max_length=500, blank=True, default="", editable=False)

    # The secret is derived from these and the service's key: the database alone signs nothing.
    salt = models.CharField(max_length=32, editable=False)
    former_salt = models.CharField(max_length=32, blank=True, default="", editable=False)
    former_until = models.DateTimeField(null=True, editable=False)

    # The entry of the ledger up to which nothing is left to send, and the last one that was sent.
    position = models.BigIntegerField(default=0, editable=False)
    cursor = models.CharField(max_length=64, editable=False)
    # When it may be sent to again. Whoever sends moves it on first, and so keeps others off.
    due_at = models.DateTimeField(default=timezone.now, editable=False)
    failures = models.PositiveIntegerField("attempts failed", default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField(null=True, editable=False)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = WebhookQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One attempt to tell a webhook something; kept for a while, for people to look at."""

    uuid = models.UUIDField("public id", default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    # The same at every attempt to tell the same: the hash of the entry, or a test's own.
    message = models.CharField(max_length=64)
    type = models.CharField(max_length=40)
    attempt = models.PositiveIntegerField()
    sent_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField("answer", null=True)
    duration_ms = models.PositiveIntegerField("milliseconds")
    error = models.CharField(max_length=500, blank=True, default="")
    next_attempt_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["webhook", "sent_at"], name="delivery_by_webhook")]

    def __str__(self) -> str:
        return f"{self.type} to {self.webhook_id}, attempt {self.attempt}"

    @property
    def is_delivered(self) -> bool:
        return not self.error
