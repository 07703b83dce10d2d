"""Proposals: changes to what is public that wait for somebody's approval."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from timeline.api.filters.base import check_parameters
from timeline.api.filters.filterset import Filters
from timeline.api.filters.parameters import Choices, Ids
from timeline.api.idempotency import once
from timeline.api.serializers.proposals import MODELS, ProposalSerializer
from timeline.api.serializers.verbs import ReasonSerializer
from timeline.api.viewsets.base import ListView, downwards
from timeline.api.viewsets.views import reason_given
from timeline.errors import Missing
from timeline.models import Decision, Proposal, Scope
from timeline.querysets.keysets import Order
from timeline.services.proposals import approve_proposal, dismiss_proposal


class ProposalFilter(Filters):
    """What may be asked of the proposals."""

    id = Ids("Only the proposals with these ids.", column="uuid")
    state = Choices(Decision.values, "What became of them.", column="state")
    type = Choices(MODELS, "To records of these types.", column="record_type")
    record = Ids("To these records.", column="record_uuid")


class ProposalViewSet(ListView, viewsets.GenericViewSet):
    """Proposals: changes to published records that wait for approval, newest first. For staff."""

    queryset = Proposal.objects.all()
    serializer_class = ProposalSerializer
    filterset_class = ProposalFilter
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/.]+"
    default_ordering = "-at"
    staff_only = True

    def orderings(self) -> dict[str, Order]:
        order: Order = (("proposed_at", False), ("uuid", False))
        return {"at": order, "-at": downwards(order)}

    def get_queryset(self) -> QuerySet[Proposal]:
        """Those to records that the reader may see."""
        self.by.needs(Scope.WRITE)
        seen = Q()
        for name, model in MODELS.items():
            rows = model._default_manager.visible_to(self.by.viewer)
            seen |= Q(record_type=name, record_uuid__in=rows.values("uuid"))
        return Proposal.objects.filter(seen).select_related("proposed_by", "decided_by")

    def _found(self, key: str) -> Proposal:
        try:
            return self.get_queryset().get(uuid=key)
        except (Proposal.DoesNotExist, ValueError, ValidationError) as error:
            raise Missing(f"There is no proposal “{key[:80]}”.") from error

    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - the URL's word
        check_parameters(request, set())
        return Response(self.get_serializer(self._found(id)).data)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"], url_path="approve")
    @once
    def accept(self, request: Request, id: str) -> Response:  # noqa: A002 - the URL's word
        """Make the change that was proposed. Needs the scope `publish`."""
        return self._decide(request, id, approve_proposal)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    @once
    def dismiss(self, request: Request, id: str) -> Response:  # noqa: A002 - the URL's word
        """Leave the record as it is. Needs the scope `publish`, but for a proposal of one's own."""
        return self._decide(request, id, dismiss_proposal)

    def _decide(self, request: Request, key: str, verb: Any) -> Response:
        check_parameters(request, {"reason"})
        verb(self._found(key), by=self.by, reason=reason_given(request))
        return Response(self.get_serializer(self._found(key)).data)
