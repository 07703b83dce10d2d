"""Sources, citations and claims as JSON."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from timeline.api.serializers.base import (
    MAX_LINKS,
    Choice,
    PartListSerializer,
    RecordSerializer,
    Reference,
    StrictSerializer,
    viewer,
)
from timeline.api.serializers.dates import DateSerializer
from timeline.api.serializers.summaries import (
    ActorSummarySerializer,
    ClaimSummarySerializer,
    EventSummarySerializer,
    SourceSummarySerializer,
)
from timeline.models import (
    Actor,
    Affiliation,
    Citation,
    Claim,
    ClaimLink,
    Event,
    Figure,
    LinkType,
    Participation,
    Relation,
    Source,
)


class SourceSerializer(RecordSerializer):
    """A document."""

    published = DateSerializer(required=False, allow_null=True, help_text="When it was published.")
    authors = serializers.ListField(
        child=serializers.CharField(max_length=300),
        required=False,
        max_length=MAX_LINKS,
        help_text="Names, in order.",
    )
    derived_from = Reference(
        Source.objects.all(),
        SourceSummarySerializer,
        required=False,
        allow_null=True,
        help_text="The source it repeats or rests on.",
    )
    url = serializers.URLField(
        required=False, allow_null=True, max_length=2000, help_text="Where it can be read."
    )
    archived_url = serializers.URLField(
        required=False, allow_null=True, max_length=2000, help_text="Where a copy is kept."
    )
    text = serializers.CharField(
        required=False,
        allow_blank=True,
        allow_null=True,
        trim_whitespace=False,
        max_length=200_000,
        help_text="The text as retrieved; null to the public where its licence forbids.",
    )
    text_sha256 = serializers.CharField(
        read_only=True, help_text="SHA-256 of the held text, in hexadecimal; empty without one."
    )

    class Meta:
        model = Source
        fields = (
            *RecordSerializer.HEAD,
            "kind",
            "title",
            "authors",
            "publisher",
            "url",
            "archived_url",
            "published",
            "retrieved_at",
            "language",
            "licence",
            "reliability",
            "derived_from",
            "text",
            "text_sha256",
            "text_is_public",
            *RecordSerializer.TAIL,
        )

    def to_representation(self, source: Source) -> dict[str, Any]:
        shown = super().to_representation(source)
        if not source.text_is_public and not viewer(self).unpublished:
            shown["text"] = None
        return shown

    def validate_text(self, text: str | None) -> str:
        return text or ""


class IdOnlySerializer(serializers.Serializer):
    """A record by its id."""

    id = serializers.UUIDField(source="uuid", read_only=True)


def _cited(queryset: Any, what: str, shown_as: Any = IdOnlySerializer) -> Reference:
    return Reference(
        queryset, shown_as, required=False, allow_null=True, help_text=f"The {what} cited for."
    )


class CitationSerializer(RecordSerializer):
    """A passage of a source that bears on exactly one record."""

    source = Reference(
        Source.objects.all(), SourceSummarySerializer, help_text="Where the passage stands."
    )
    event = _cited(Event.objects.all(), "event", EventSummarySerializer)
    participation = _cited(Participation.objects.all(), "participation")
    claim = _cited(Claim.objects.all(), "claim")
    relation = _cited(Relation.objects.all(), "relation")
    affiliation = _cited(Affiliation.objects.all(), "affiliation")
    figure = _cited(Figure.objects.all(), "figure")
    anchor = serializers.ChoiceField(
        Citation._meta.get_field("anchor").choices,
        read_only=True,
        help_text="Whether the quote stands in the held text of the source.",
    )

    class Meta:
        model = Citation
        fields = (
            *RecordSerializer.HEAD,
            "source",
            "bearing",
            "quote",
            "prefix",
            "suffix",
            "position_start",
            "position_end",
            "locator",
            "note",
            "anchor",
            "event",
            "participation",
            "claim",
            "relation",
            "affiliation",
            "figure",
            *RecordSerializer.TAIL,
        )
        # Word for word, and so space for space.
        extra_kwargs = {name: {"trim_whitespace": False} for name in ("quote", "prefix", "suffix")}


class ClaimLinkSerializer(StrictSerializer, serializers.ModelSerializer):
    """How this claim stands to another."""

    type = Choice(LinkType.choices, help_text="What it does to the other.")
    claim = Reference(
        Claim.objects.all(), ClaimSummarySerializer, source="other", help_text="The other claim."
    )

    class Meta:
        model = ClaimLink
        list_serializer_class = PartListSerializer
        fields = ("type", "claim")
        validators: list[Any] = []


class LinkedBySerializer(serializers.Serializer):
    """Another claim, and what it does to this one."""

    type = serializers.ChoiceField(LinkType.choices, help_text="What the other does to this one.")
    claim = ClaimSummarySerializer(help_text="The other claim.")


class ClaimSerializer(RecordSerializer):
    """What somebody says."""

    speaker = Reference(Actor.objects.all(), ActorSummarySerializer, help_text="Who says it.")
    said_on = DateSerializer(required=False, allow_null=True, help_text="When it was said.")
    said_in = Reference(
        Event.objects.all(),
        EventSummarySerializer,
        required=False,
        allow_null=True,
        help_text="The event in which it was said.",
    )
    about = Reference(
        Event.objects.all(),
        EventSummarySerializer,
        required=False,
        allow_null=True,
        help_text="The event it speaks of.",
    )
    links = ClaimLinkSerializer(
        many=True, required=False, max_length=MAX_LINKS, help_text="What it does to other claims."
    )
    linked_by = serializers.SerializerMethodField(help_text="What other claims do to it.")

    class Meta:
        model = Claim
        fields = (
            *RecordSerializer.HEAD,
            "speaker",
            "stance",
            "text",
            "said_on",
            "said_in",
            "about",
            "about_field",
            "about_value",
            "status",
            "status_note",
            "links",
            "linked_by",
            *RecordSerializer.TAIL,
        )

    @cached_property
    def _other(self) -> ClaimSummarySerializer:
        return ClaimSummarySerializer(context=self.context)

    @extend_schema_field(LinkedBySerializer(many=True))
    def get_linked_by(self, claim: Claim) -> list[dict[str, Any]]:
        return [
            {
                "type": link.type,
                "claim": self._other.to_representation(link.claim),
            }
            for link in claim.linked_by.all()
        ]
