"""Many changes to events at once: all of them, or none."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from timeline.api.filters.base import check_parameters
from timeline.api.idempotency import once
from timeline.api.problems import BadOperation
from timeline.api.serializers.base import Choice, StrictSerializer
from timeline.api.serializers.events import EventSerializer
from timeline.api.viewsets.views import reason_of
from timeline.errors import TimelineError
from timeline.models import Scope
from timeline.services import ledger
from timeline.services.events import update_event
from timeline.services.records import delete_record

MAX_OPERATIONS = 1000
OPERATIONS = [
    ("create", "Record a new event"),
    ("update", "Change one, by a merge patch"),
    ("delete", "Delete one"),
]


@extend_schema_field(EventSerializer(partial=True))
class BodyField(serializers.DictField):
    """What to write of an event; read once it is known whether it is new."""


class OperationSerializer(StrictSerializer):
    """One change."""

    op = Choice(OPERATIONS, help_text="What to do.")
    id = serializers.UUIDField(required=False, help_text="The event to change or delete.")
    version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text="The version it must be at; as `If-Match` elsewhere.",
    )
    data = BodyField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        help_text="The body that `POST /events` or `PATCH /events/{id}` would take.",
    )

    def validate(self, operation: dict[str, Any]) -> dict[str, Any]:
        needed = {"create": {"data"}, "update": {"id", "data"}, "delete": {"id"}}[operation["op"]]
        missing = needed - operation.keys()
        if missing:
            raise serializers.ValidationError(
                {name: [f"To {operation['op']}, this is needed."] for name in missing},
                code="required",
            )
        return operation


class BatchSerializer(StrictSerializer):
    """Changes to carry out in their order."""

    operations = OperationSerializer(
        many=True,
        allow_empty=False,
        max_length=MAX_OPERATIONS,
        help_text="The changes, in order; all are carried out, or none.",
    )
    reason = serializers.CharField(
        required=False, max_length=2000, help_text="Why; kept in the ledger for each."
    )


class DoneSerializer(serializers.Serializer):
    """What one change did."""

    index = serializers.IntegerField(min_value=0, help_text="Its place among the operations.")
    op = serializers.ChoiceField(OPERATIONS, help_text="What was done.")
    id = serializers.UUIDField(help_text="The event.")
    version = serializers.IntegerField(
        allow_null=True, help_text="The version it is now at; null for a deleted one."
    )


class BatchDoneSerializer(serializers.Serializer):
    """What the changes did."""

    operation = serializers.UUIDField(
        help_text="Undoes all of it, at `POST /operations/{id}/undo`."
    )
    results = DoneSerializer(many=True, help_text="One for each operation, in order.")


class BatchMixin:
    """Adds ``batch`` to the events."""

    @extend_schema(request=BatchSerializer, responses={200: BatchDoneSerializer})
    @action(detail=False, methods=["post"], pagination_class=None)
    @once
    def batch(self, request: Request) -> Response:
        """Create, change and delete up to 1,000 events, all or nothing."""
        self.by.needs(Scope.WRITE)
        check_parameters(request, {"reason"})
        batch = BatchSerializer(data=request.data)
        batch.is_valid(raise_exception=True)
        reason = batch.validated_data.get("reason", "") or reason_of(request)
        results = []
        with ledger.writing() as done_together:
            for index, operation in enumerate(batch.validated_data["operations"]):
                try:
                    done = self._carry_out(operation, reason)
                except (TimelineError, serializers.ValidationError) as error:
                    raise BadOperation(index, operation["op"], error) from error
                results.append({"index": index, "op": operation["op"], **done})
        return Response({"operation": str(done_together), "results": results})

    def _carry_out(self, operation: dict[str, Any], reason: str) -> dict[str, Any]:
        version = operation.get("version")
        if operation["op"] == "create":
            serializer = self.get_serializer(data=operation["data"])
            values, own = self._validated(serializer)
            record = self.perform_create(values, own or reason)
            return {"id": str(record.uuid), "version": record.version}
        self.kwargs[self.lookup_url_kwarg] = str(operation["id"])
        record = self._found()
        if operation["op"] == "delete":
            delete_record(record, by=self.by, reason=reason, expected_version=version)
            return {"id": str(record.uuid), "version": None}
        serializer = self.get_serializer(record, data=operation["data"], partial=True)
        values, own = self._validated(serializer)
        record = update_event(
            record, values=values, by=self.by, reason=own or reason, expected_version=version
        )
        return {"id": str(record.uuid), "version": record.version}
