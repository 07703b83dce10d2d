"""What a record was, and what was corrected in public."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from timeline.api.differing import Teller
from timeline.api.filters.base import StrictFilterBackend, check_parameters
from timeline.api.filters.filterset import Filters
from timeline.api.filters.parameters import Choices, Ids, Instant
from timeline.api.idempotency import once
from timeline.api.pagination import KeysetPagination
from timeline.api.serializers.proposals import MODELS, TYPES, DifferenceSerializer
from timeline.api.versions import expected_version
from timeline.api.viewsets.views import BaseView, reason_given
from timeline.errors import Missing
from timeline.models import Action, Change, Origin, Publication
from timeline.querysets.keysets import Order
from timeline.services.history import entries, revert_record


class VersionSerializer(serializers.Serializer):
    """A version of a record, and what made it."""

    version = serializers.IntegerField(min_value=1, help_text="Its number.")
    at = serializers.DateTimeField(help_text="When it was made.")
    action = serializers.ChoiceField(Action.choices, help_text="What was done.")
    publication = serializers.ChoiceField(
        Publication.choices, allow_null=True, help_text="The state that it was in afterwards."
    )
    reason = serializers.CharField(help_text="Why; empty when nobody said.")
    by = serializers.CharField(allow_null=True, help_text="Who; null to the public.")
    origin = serializers.ChoiceField(
        Origin.choices, allow_null=True, help_text="Through what; null to the public."
    )
    operation = serializers.UUIDField(
        allow_null=True,
        help_text="All that one act changed has one; it can be undone. Null to the public.",
    )
    changes = DifferenceSerializer(
        many=True, help_text="What it changed; to the public, since the version published before."
    )


class CorrectionSerializer(VersionSerializer):
    """A change to what was public."""

    type = serializers.ChoiceField(TYPES, help_text="What kind of record.")
    id = serializers.UUIDField(help_text="The record.")
    title = serializers.CharField(help_text="What the record is called now.")


def told(change: Change, before: Change | None, teller: Teller, viewer: Any) -> dict[str, Any]:
    """An entry of the ledger as a version."""
    staff = viewer.unpublished
    return {
        "version": change.version,
        "at": serializers.DateTimeField().to_representation(change.at),
        "action": change.action,
        "publication": change.state_after or None,
        "reason": change.reason,
        "by": (change.by_name or None) if staff else None,
        "origin": change.origin if staff else None,
        "operation": str(change.operation) if staff and change.operation.int else None,
        "changes": teller.differences(before, change) if before else [],
    }


def _is_told(version: dict[str, Any], viewer: Any) -> bool:
    """Whether the reader may know of it: not of a change to what is hidden."""
    made_public = version["action"] in (Action.PUBLISHED, Action.APPROVED, Action.CREATED)
    return viewer.unpublished or made_public or bool(version["changes"])


class HistoryMixin:
    """Adds ``history`` and its ``revert`` to a resource of records."""

    @extend_schema(responses=VersionSerializer(many=True))
    @action(detail=True, methods=["get"])
    def history(self, request: Request, **kwargs: Any) -> Response:
        """Every version, newest first."""
        check_parameters(request, {"page_size", "cursor", "count"})
        record = self._found()
        viewer = self.by.viewer
        versions = entries(type(record), record.uuid)
        if not viewer.unpublished:
            versions = versions.seen_by_the_public()
        pages = KeysetPagination()
        rows = pages.paginate_queryset(versions, request, _Versions())
        older = versions.filter(version__lt=rows[-1].version) if rows else versions.none()
        chain = [*rows, older.order_by("-version").first()]
        teller = Teller(type(record), [one.data for one in chain if one], viewer)
        versions = [told(change, before, teller, viewer) for change, before in pairwise(chain)]
        return pages.get_paginated_response([one for one in versions if _is_told(one, viewer)])

    @extend_schema(
        parameters=[OpenApiParameter("n", int, "path", description="The number of the version.")],
    )
    @action(detail=True, methods=["post"], url_path=r"history/(?P<n>\d{1,9})/revert")
    @once
    def revert(self, request: Request, n: str, **kwargs: Any) -> Response:
        """Make a new version that says what version ``n`` said."""
        check_parameters(request, {"reason"})
        self.by.needs(self.write_scope)
        reason = reason_given(request)
        record = revert_record(
            self.queryset.model,
            self._uuid_of_any(),
            to=int(n),
            by=self.by,
            reason=reason,
            expected_version=expected_version(request),
        )
        return self._represented(self._again(record))

    def _uuid_of_any(self) -> Any:
        """The id of the record, which may have been deleted: then only who undoes it knows it."""
        try:
            return self._found().uuid
        except Missing:
            key = self.kwargs[self.lookup_url_kwarg]
            if self.lookup_field != "uuid" or not self.by.viewer.protected:
                raise
            try:
                known = entries(self.queryset.model, key).filter(action=Action.DELETED).exists()
            except (ValueError, TypeError, ValidationError):
                known = False
            if not known:
                raise
            return key


class _Versions:
    """The one order that versions have."""

    default_ordering = "version"

    def chosen_ordering(self, request: Request) -> tuple[str, Order]:
        return "version", (("version", True),)


class CorrectionFilter(Filters):
    """What may be asked of the corrections."""

    type = Choices(MODELS, "Of records of these types.", column="record_type")
    id = Ids("Of these records.", column="record_uuid")
    since = Instant("Made at or after this instant.", ask="made_since")


class CorrectionViewSet(BaseView, viewsets.GenericViewSet):
    """Corrections: changes to what was already public, newest first, with their reasons."""

    queryset = Change.objects.all()
    serializer_class = CorrectionSerializer
    filterset_class = CorrectionFilter
    filter_backends: ClassVar = [StrictFilterBackend]
    pagination_class = KeysetPagination
    default_ordering = "-at"

    def orderings(self) -> dict[str, Order]:
        order: Order = (("at", True), ("record_uuid", False), ("version", True))
        return {"-at": order}

    def chosen_ordering(self, request: Request) -> tuple[str, Order]:
        return "-at", self.orderings()["-at"]

    def list_parameters(self) -> set[str]:
        return set(self.pagination_class.PARAMETERS) - {"ordering"}

    def list(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        corrections = [self._told(row) for row in rows]
        return self.get_paginated_response(
            [one for one in corrections if _is_told(one, self.by.viewer)]
        )

    def get_queryset(self) -> QuerySet[Change]:
        """Changes from public to public, of records that the reader may still see."""
        seen = Q()
        for name, model in MODELS.items():
            shown = model._default_manager.visible_to(self.by.viewer).filter(
                publication=Publication.PUBLISHED
            )
            seen |= Q(record_type=name, record_uuid__in=shown.values("uuid"))
        return Change.objects.filter(
            seen,
            state_before=Publication.PUBLISHED,
            state_after=Publication.PUBLISHED,
            action__in=[Action.UPDATED, Action.REVERTED],
        )

    def _told(self, change: Change) -> dict[str, Any]:
        model = MODELS[change.record_type]
        public = entries(model, change.record_uuid).seen_by_the_public()
        before = public.filter(version__lt=change.version).order_by("-version").first()
        snapshots = [change.data] + ([before.data] if before else [])
        teller = Teller(model, snapshots, self.by.viewer)
        record = model._default_manager.get(uuid=change.record_uuid)
        return {
            "type": change.record_type,
            "id": str(change.record_uuid),
            "title": str(record),
            **told(change, before, teller, self.by.viewer),
        }
