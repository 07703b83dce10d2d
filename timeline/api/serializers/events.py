"""Events with everything they are told with."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from timeline.api.highlights import highlights
from timeline.api.serializers.base import (
    MAX_LINKS,
    CodeReference,
    ObjectField,
    PartListSerializer,
    RecordSerializer,
    Reference,
    StrictSerializer,
)
from timeline.api.serializers.dates import DateSerializer
from timeline.api.serializers.summaries import (
    ActorSummarySerializer,
    ClaimSummarySerializer,
    EventSummarySerializer,
    PlaceSummarySerializer,
    SourceSummarySerializer,
)
from timeline.models import (
    Actor,
    Citation,
    Claim,
    Event,
    LinkType,
    Participation,
    Place,
    Source,
    Term,
)

DIRECTIONS = [("out", "From this one"), ("in", "To this one")]


class ParticipationSerializer(StrictSerializer, serializers.ModelSerializer):
    """An actor in a role."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    actor = Reference(Actor.objects.all(), ActorSummarySerializer, help_text="Who took part.")
    role = CodeReference(
        Term.objects.all(), "roles", help_text="In what role: a code of `/vocabularies/roles`."
    )

    class Meta:
        model = Participation
        list_serializer_class = PartListSerializer
        fields = ("id", "actor", "role", "note", "outcome")
        extra_kwargs = {
            "note": {"help_text": "Such as “one of the nine”."},
            "outcome": {"help_text": "Such as “suspended death sentence”."},
        }
        validators: list[Any] = []


class ParticipationKeySerializer(StrictSerializer):
    """Names a participation: by actor, and by role where the actor has several."""

    actor = Reference(Actor.objects.all(), ActorSummarySerializer)
    role = CodeReference(Term.objects.all(), "roles", required=False)


class EventCitationSerializer(serializers.ModelSerializer):
    """A passage cited for the event."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    source = Reference(
        Source.objects.all(),
        SourceSummarySerializer,
        read_only=True,
        help_text="Where the passage stands.",
    )

    class Meta:
        model = Citation
        fields = ("id", "source", "bearing", "quote", "locator", "note", "anchor")
        read_only_fields = fields


class EventClaimLinkSerializer(serializers.Serializer):
    """How a claim about the event stands to another claim, about it or not."""

    type = serializers.ChoiceField(LinkType.choices, help_text="What one does to the other.")
    direction = serializers.ChoiceField(
        DIRECTIONS, help_text="`out`: this claim does it to the other; `in`: the other to it."
    )
    claim = serializers.UUIDField(help_text="The id of the other claim.")


class EventClaimSerializer(ClaimSummarySerializer):
    """A claim about the event: who says what, when and where, and what it contradicts."""

    said_in = Reference(
        Event.objects.all(),
        EventSummarySerializer,
        read_only=True,
        allow_null=True,
        help_text="The event in which it was said.",
    )
    links = serializers.SerializerMethodField(help_text="How it stands to other claims.")

    class Meta(ClaimSummarySerializer.Meta):
        fields = (*ClaimSummarySerializer.Meta.fields, "status_note", "said_in", "links")
        read_only_fields = fields

    @extend_schema_field(EventClaimLinkSerializer(many=True))
    def get_links(self, claim: Claim) -> list[dict[str, Any]]:
        ways = [("out", link.type, link.other) for link in claim.links.all()]
        ways += [("in", link.type, link.claim) for link in claim.linked_by.all()]
        return [
            {"type": kind, "direction": direction, "claim": str(other.uuid)}
            for direction, kind, other in ways
        ]


class EventClaimsSerializer(serializers.Serializer):
    """What is claimed about the event: what the editors accept and its rivals, side by side."""

    count = serializers.IntegerField(min_value=0, help_text="How many claims are about it.")
    disputed = serializers.IntegerField(
        min_value=0, help_text="How many of them the editors hold to be disputed or refuted."
    )
    results = EventClaimSerializer(many=True)


class EventRelationSerializer(serializers.Serializer):
    """Another event, and how the two stand to each other."""

    id = serializers.UUIDField(help_text="The id of the relation.")
    type = serializers.CharField(help_text="A code of `/vocabularies/relation-types`.")
    direction = serializers.ChoiceField(
        DIRECTIONS,
        help_text="`out`: this event is the subject; `in`: it is the object.",
    )
    event = EventSummarySerializer()


class HighlightSerializer(serializers.Serializer):
    """An excerpt with the words that were searched for."""

    field = serializers.CharField(help_text="The member of the event it is taken from.")
    excerpt = serializers.CharField(help_text="HTML, with the words in `<mark>`.")


class TagsField(serializers.ListField):
    """Tags by their slugs."""

    child = serializers.CharField(max_length=120)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_LINKS, **kwargs)

    def get_attribute(self, instance: Event) -> list[str]:
        return sorted(tag.slug for tag in instance.tags.all())


class EventSerializer(RecordSerializer):
    """Something that happened, is happening or is expected."""

    kind = CodeReference(
        Term.objects.all(),
        "kinds",
        required=False,
        allow_null=True,
        help_text="A code of `/vocabularies/kinds`.",
    )
    date = DateSerializer(
        required=False, allow_null=True, help_text="When; null when nothing is known."
    )
    place = Reference(
        Place.objects.all(),
        PlaceSummarySerializer,
        required=False,
        allow_null=True,
        help_text="Where.",
    )
    tags = TagsField(
        required=False, help_text="Slugs of tags; a word that is none yet becomes one."
    )
    image = serializers.URLField(
        required=False, allow_null=True, max_length=2000, help_text="An address of a picture."
    )
    extra = ObjectField(required=False, help_text="Anything else, as an object.")
    participations = ParticipationSerializer(
        many=True, required=False, max_length=MAX_LINKS, help_text="Who took part, in what role."
    )
    citations = EventCitationSerializer(many=True, read_only=True, help_text="On whose word.")
    claims = serializers.SerializerMethodField(help_text="What is said about it.")
    relations = serializers.SerializerMethodField(help_text="How it stands to other events.")
    highlights = serializers.SerializerMethodField(
        help_text="With `highlight=true`, where the words of `q` stand; otherwise null."
    )
    add_tags = TagsField(write_only=True, required=False, help_text="Tags to add to those it has.")
    remove_tags = TagsField(write_only=True, required=False, help_text="Tags to take away.")
    add_participations = ParticipationSerializer(
        many=True,
        write_only=True,
        required=False,
        max_length=MAX_LINKS,
        help_text="Participations to add, or to change where actor and role are the same.",
    )
    remove_participations = ParticipationKeySerializer(
        many=True,
        write_only=True,
        required=False,
        max_length=MAX_LINKS,
        help_text="Participations to take away.",
    )

    class Meta:
        model = Event
        fields = (
            *RecordSerializer.HEAD,
            "title",
            "summary",
            "kind",
            "date",
            "place",
            "status",
            "assessment",
            "sequence",
            "tags",
            "image",
            "dataset",
            "external_id",
            "extra",
            "participations",
            "citations",
            "claims",
            "relations",
            "highlights",
            "add_tags",
            "remove_tags",
            "add_participations",
            "remove_participations",
            *RecordSerializer.TAIL,
        )

    @cached_property
    def _claim(self) -> EventClaimSerializer:
        return EventClaimSerializer(context=self.context)

    @cached_property
    def _event(self) -> EventSummarySerializer:
        return EventSummarySerializer(context=self.context)

    @extend_schema_field(HighlightSerializer(many=True, allow_null=True))
    def get_highlights(self, event: Event) -> list[dict[str, Any]] | None:
        query = self.context.get("highlight")
        if not query:
            return None
        quotes = [citation.quote for citation in event.citations.all()]
        texts = {"title": [event.title], "summary": [event.summary], "citations.quote": quotes}
        return highlights(texts, query)

    @extend_schema_field(EventClaimsSerializer)
    def get_claims(self, event: Event) -> dict[str, Any]:
        claims = event.claims.all()
        return {
            "count": len(claims),
            "disputed": sum(claim.status in ("disputed", "refuted") for claim in claims),
            "results": [self._claim.to_representation(claim) for claim in claims],
        }

    @extend_schema_field(EventRelationSerializer(many=True))
    def get_relations(self, event: Event) -> list[dict[str, Any]]:
        ends = [("out", r, r.object) for r in event.relations_out.all()]
        ends += [("in", r, r.subject) for r in event.relations_in.all()]
        return [
            {
                "id": str(relation.uuid),
                "type": relation.type.code,
                "direction": direction,
                "event": self._event.to_representation(other),
            }
            for direction, relation, other in ends
        ]
