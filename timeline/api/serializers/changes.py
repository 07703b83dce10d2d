"""The feed of changes as JSON."""

from __future__ import annotations

from rest_framework import serializers

from timeline.api.serializers.base import ObjectField
from timeline.models import RECORDS, Tag, Term

MODELS = {model._meta.model_name: model for model in (*RECORDS, Tag, Term)}
TYPES = [(name, f"A {model._meta.verbose_name}") for name, model in MODELS.items()]
HAPPENED = [
    ("created", "It is new, and public from the beginning"),
    ("published", "It became public"),
    ("updated", "It changed, or what of it may be told"),
    ("withdrawn", "It is no longer public"),
    ("deleted", "It is no more"),
    ("merged", "It lives on in another"),
]


class ChangeSerializer(serializers.Serializer):
    """A change of what the public knows."""

    cursor = serializers.CharField(
        help_text="The place of this change in the feed, for `since`; a hash over it and all before."
    )
    at = serializers.DateTimeField(help_text="When it was made.")
    action = serializers.ChoiceField(HAPPENED, help_text="What happened, as the public sees it.")
    type = serializers.ChoiceField(TYPES, help_text="What kind of record.")
    id = serializers.UUIDField(help_text="The record.")
    version = serializers.IntegerField(min_value=1, help_text="The version it is at.")
    reason = serializers.CharField(help_text="Why it was corrected; empty when nobody said.")
    merged_into = serializers.UUIDField(
        allow_null=True, help_text="The record in which a merged one lives on."
    )
    record = ObjectField(
        allow_null=True,
        help_text="The record's own members as its resource has them, others by their ids; null "
        "when it is not public any more, be it by this change or by a later one.",
    )


class ChangesSerializer(serializers.Serializer):
    """A page of the feed."""

    next = serializers.URLField(
        allow_null=True, help_text="The changes after these; null when there are none yet."
    )
    previous = serializers.URLField(
        allow_null=True, help_text="Always null: the feed runs forward only."
    )
    cursor = serializers.CharField(
        help_text="Send it as `since` later, for what has changed until then."
    )
    head = serializers.CharField(
        help_text="The cursor of the newest change there is: keep it, to prove later that nothing "
        "before it was rewritten."
    )
    results = ChangeSerializer(many=True, help_text="The changes, oldest first.")
