"""Tags, terms, and who is asking, as JSON."""

from __future__ import annotations

from rest_framework import serializers

from timeline.api.serializers.base import StrictSerializer
from timeline.models import Scope, Tag, Term, Vocabulary


class _WordSerializer(StrictSerializer, serializers.ModelSerializer):
    version = serializers.IntegerField(read_only=True, min_value=1, help_text="Counts the changes.")
    reason = serializers.CharField(
        write_only=True, required=False, max_length=2000, help_text="Why; kept in the ledger."
    )


class TagSerializer(_WordSerializer):
    """A free key word."""

    slug = serializers.SlugField(
        max_length=80, allow_unicode=True, help_text="By which it is known; lower case."
    )

    class Meta:
        model = Tag
        fields = ("slug", "version", "label", "description", "reason")


class TermSerializer(_WordSerializer):
    """A word of a vocabulary."""

    vocabulary = serializers.ChoiceField(
        Vocabulary.choices, read_only=True, help_text="The vocabulary it belongs to."
    )
    code = serializers.SlugField(
        max_length=80, allow_unicode=True, help_text="What records and filters say."
    )

    class Meta:
        model = Term
        fields = ("vocabulary", "code", "version", "label", "description", "curated", "reason")
        validators: list[object] = []


class VocabularySerializer(serializers.Serializer):
    """A list of terms."""

    name = serializers.ChoiceField(Vocabulary.choices, help_text="Its name in addresses.")
    label = serializers.CharField(help_text="What it holds.")
    url = serializers.URLField(help_text="Where its terms are listed.")


class MeSerializer(serializers.Serializer):
    """Who is asking, and what they may do."""

    username = serializers.CharField(allow_null=True, help_text="Null without a login.")
    scope = serializers.ChoiceField(
        Scope.choices, allow_null=True, help_text="What may be done; null without a login."
    )
    token = serializers.CharField(
        allow_null=True, help_text="The name of the token used, if one was."
    )
    token_expires_at = serializers.DateTimeField(
        allow_null=True, help_text="When the token ends; null if never."
    )
