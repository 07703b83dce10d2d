"""Undoing all that one act changed."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from timeline.api.filters.base import check_parameters
from timeline.api.idempotency import once
from timeline.api.serializers.changes import TYPES
from timeline.api.serializers.verbs import ReasonSerializer
from timeline.api.viewsets.views import BaseView, reason_given
from timeline.errors import Missing
from timeline.models import Action, Change, Publication
from timeline.services.undoing import undo_operation


class PutBackSerializer(serializers.Serializer):
    """A record that was put back."""

    type = serializers.ChoiceField(TYPES, help_text="What kind of record.")
    id = serializers.UUIDField(help_text="The record.")
    action = serializers.ChoiceField(
        Action.choices, help_text="`reverted`, or `deleted` for what had been created."
    )
    version = serializers.IntegerField(min_value=1, help_text="The version it is at now.")
    publication = serializers.ChoiceField(
        Publication.choices, allow_null=True, help_text="The state it is in; null when it is gone."
    )


class UndoneSerializer(serializers.Serializer):
    """What was put back."""

    operation = serializers.UUIDField(
        allow_null=True, help_text="The undoing itself; null when there was nothing to put back."
    )
    records = PutBackSerializer(many=True, help_text="Each record that was put back.")


def told_undone(changes: list[Change]) -> dict[str, Any]:
    """What an undoing did."""
    return {
        "operation": str(changes[0].operation) if changes else None,
        "records": [
            {
                "type": change.record_type,
                "id": str(change.record_uuid),
                "action": change.action,
                "version": change.version,
                "publication": change.state_after or None,
            }
            for change in changes
        ],
    }


class OperationViewSet(BaseView, viewsets.GenericViewSet):
    """Operations: all that one act wrote, to be undone together."""

    queryset = Change.objects.all()
    serializer_class = UndoneSerializer
    filter_backends: ClassVar[list[Any]] = []
    pagination_class = None

    @extend_schema(request=ReasonSerializer, responses={200: UndoneSerializer})
    @once
    def undo(self, request: Request, id: str) -> Response:  # noqa: A002 - the URL's word
        """Put back all that one operation changed."""
        check_parameters(request, {"reason"})
        reason = reason_given(request)
        try:
            operation = UUID(id)
        except ValueError as error:
            raise Missing(f"There is no operation “{id[:80]}”.") from error
        return Response(told_undone(undo_operation(operation, by=self.by, reason=reason)))
