"""Changes as JSON: what differs, and what is proposed."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from timeline.api.differing import Teller
from timeline.api.serializers.base import viewer
from timeline.models import RECORDS, Decision, Proposal
from timeline.services.proposals import proposed_versions

MODELS = {model._meta.model_name: model for model in RECORDS}
TYPES = [
    (name, f"A record of /{model._meta.verbose_name_plural}") for name, model in MODELS.items()
]


class DifferenceSerializer(serializers.Serializer):
    """A member that changed."""

    field = serializers.CharField(help_text="The member.")
    before = serializers.JSONField(allow_null=True, help_text="What it was.")
    after = serializers.JSONField(allow_null=True, help_text="What it became.")


class ProposalSerializer(serializers.Serializer):
    """A change to a published record that waits for approval, or was decided upon."""

    id = serializers.UUIDField(source="uuid", help_text="The public id.")
    type = serializers.ChoiceField(
        TYPES, source="record_type", help_text="What kind of record it would change."
    )
    record = serializers.UUIDField(source="record_uuid", help_text="The record it would change.")
    title = serializers.SerializerMethodField(help_text="What the record is called now.")
    base_version = serializers.IntegerField(
        min_value=1, help_text="The version that the author had before them."
    )
    state = serializers.ChoiceField(Decision.choices, help_text="What became of it.")
    changes = serializers.SerializerMethodField(
        help_text="Each member that it would change: as it is, and as it would be."
    )
    reason = serializers.CharField(help_text="Why; empty when nobody said.")
    proposed_by = serializers.CharField(
        source="proposed_by.username", default=None, allow_null=True, help_text="Who."
    )
    proposed_at = serializers.DateTimeField(help_text="When.")
    decided_by = serializers.CharField(
        source="decided_by.username", default=None, allow_null=True, help_text="Who decided."
    )
    decided_at = serializers.DateTimeField(allow_null=True, help_text="When; null while open.")
    decision_note = serializers.CharField(help_text="Why it was decided so.")

    def _record(self, proposal: Proposal) -> Any:
        if not hasattr(proposal, "subject"):
            rows = MODELS[proposal.record_type]._default_manager
            proposal.subject = rows.filter(uuid=proposal.record_uuid).first()
        return proposal.subject

    def get_title(self, proposal: Proposal) -> str:
        record = self._record(proposal)
        return "" if record is None else str(record)

    @extend_schema_field(DifferenceSerializer(many=True))
    def get_changes(self, proposal: Proposal) -> list[dict[str, Any]]:
        record = self._record(proposal)
        if record is None:
            return []
        now, then = proposed_versions(proposal, record)
        teller = Teller(type(record), [now.data, then.data], viewer(self))
        return teller.differences(now, then)
