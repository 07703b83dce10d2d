"""The questions asked of webhooks and of what was sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db.models import QuerySet


class WebhookQuerySet(QuerySet):
    """Those who are told of changes."""

    def enabled(self) -> Self:
        return self.filter(is_enabled=True)

    def disabled(self) -> Self:
        return self.filter(is_enabled=False)

    def due(self, now: datetime) -> Self:
        """Those that may be sent to now, the longest waiting first."""
        return self.enabled().filter(due_at__lte=now).order_by("due_at", "id")


class DeliveryQuerySet(QuerySet):
    """Attempts to tell a webhook something."""

    def delivered(self) -> Self:
        return self.filter(error="")

    def failed(self) -> Self:
        return self.exclude(error="")
