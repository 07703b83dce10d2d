"""Merging one record into another."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from timeline.api.idempotency import once
from timeline.api.serializers.verbs import ReasonSerializer
from timeline.api.versions import expected_version
from timeline.api.viewsets.history import TYPES
from timeline.api.viewsets.views import reason_of
from timeline.errors import Invalid
from timeline.models import Redirect, Scope
from timeline.services.merging import MergeReport, merge_records

OUTCOMES = [
    ("joined", "Two become one, with the words and citations of both"),
    ("dropped", "It says nothing more, and goes with an entry in the ledger"),
    ("hidden", "It was public, and the record that stays is not"),
    ("refused", "It stands in the way: do first what the detail says"),
]


class MergeSerializer(ReasonSerializer):
    """Into what, and why."""

    into = serializers.UUIDField(help_text="The record that stays, of the same kind.")
    dry_run = serializers.BooleanField(
        required=False, default=False, help_text="Only say what would be done."
    )


class MergedSerializer(serializers.Serializer):
    """One of the two records."""

    id = serializers.UUIDField(help_text="Its public id.")
    label = serializers.CharField(help_text="What it is called.")


class MoveSerializer(serializers.Serializer):
    """A record that says something else now."""

    type = serializers.ChoiceField(TYPES, help_text="What kind of record.")
    id = serializers.UUIDField(help_text="The record.")
    label = serializers.CharField(help_text="What it is called; empty when it has no words.")
    fields = serializers.ListField(
        child=serializers.CharField(), help_text="Which of its members change."
    )


class ClashSerializer(serializers.Serializer):
    """Two things that would be the same, or one that would make no sense."""

    type = serializers.ChoiceField(TYPES, help_text="Of what kind of record.")
    id = serializers.UUIDField(help_text="Of which record.")
    label = serializers.CharField(help_text="What that is called.")
    outcome = serializers.ChoiceField(OUTCOMES, help_text="What becomes of it.")
    code = serializers.CharField(help_text="Of a refusal, for programs; else empty.")
    detail = serializers.CharField(help_text="What it is, for people.")


class LeftBehindSerializer(serializers.Serializer):
    """What the merged record says of itself and the survivor does not."""

    field = serializers.CharField(help_text="The member.")
    merged = serializers.JSONField(allow_null=True, help_text="What the merged record says.")
    survivor = serializers.JSONField(
        allow_null=True, help_text="What the survivor says, and keeps."
    )


class MergeReportSerializer(serializers.Serializer):
    """What a merge did, or would do."""

    dry_run = serializers.BooleanField(help_text="Whether nothing was written.")
    operation = serializers.UUIDField(
        allow_null=True,
        help_text="Undoes it, at `POST /operations/{id}/undo`; null for a dry run.",
    )
    merged = MergedSerializer(help_text="The record that goes.")
    into = MergedSerializer(help_text="The record that stays.")
    moves = MoveSerializer(many=True, help_text="The records that change.")
    clashes = ClashSerializer(many=True, help_text="What becomes one, goes, or stands in the way.")
    left_behind = LeftBehindSerializer(
        many=True, help_text="What the survivor does not take over; the ledger keeps it."
    )


class MergeMixin:
    """Adds ``merge`` to a resource."""

    @extend_schema(request=MergeSerializer, responses={200: MergeReportSerializer})
    @action(detail=True, methods=["post"], pagination_class=None)
    @once
    def merge(self, request: Request, **kwargs: Any) -> Response:
        """Merge this record into another, or say what that would do."""
        body = MergeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        record = self.get_object()
        self.by.needs(Scope.PUBLISH)
        report = merge_records(
            record,
            self._survivor(asked["into"]),
            by=self.by,
            reason=asked.get("reason", "") or reason_of(request),
            expected_version=expected_version(request),
            dry_run=asked["dry_run"],
        )
        return Response(told(report))

    def _survivor(self, uuid: Any) -> Any:
        survivor = self.get_queryset().filter(uuid=Redirect.objects.survivor(uuid)).first()
        if survivor is None:
            noun = self.queryset.model._meta.verbose_name
            raise Invalid.field("into", "missing", f"There is no such {noun} with the id {uuid}.")
        return survivor


def told(report: MergeReport) -> dict[str, Any]:
    """The report in the words of the API."""
    return {
        "dry_run": report.dry_run,
        "operation": report.operation and str(report.operation),
        "merged": {"id": str(report.merged.uuid), "label": str(report.merged)},
        "into": {"id": str(report.survivor.uuid), "label": str(report.survivor)},
        "moves": report.moves,
        "clashes": [asdict(clash) for clash in report.clashes],
        "left_behind": report.left_behind,
    }
