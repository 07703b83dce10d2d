"""What goes with a verb."""

from __future__ import annotations

from rest_framework import serializers

from timeline.api.serializers.base import StrictSerializer


class ReasonSerializer(StrictSerializer):
    """Why; kept in the ledger."""

    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text="Why; kept in the ledger."
    )
