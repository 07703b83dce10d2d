"""The feed of what the public may know, in order: for mirrors."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from timeline.api.feed import told_changes
from timeline.api.filters.base import StrictFilterBackend
from timeline.api.filters.filterset import Filters
from timeline.api.filters.parameters import Choices, Place
from timeline.api.pagination import DEFAULT_SIZE, MAX_SIZE, page_size_of
from timeline.api.serializers.changes import MODELS, ChangesSerializer
from timeline.api.viewsets.views import BaseView
from timeline.models import Change
from timeline.services.ledger import GENESIS

PAGE_SIZE = OpenApiParameter(
    "page_size",
    {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE},
    description="How many changes at a time.",
)


class ChangeFilter(Filters):
    """What may be asked of the feed."""

    type = Choices(MODELS, "Only records of these types.", column="record_type")
    since = Place("After the change with this cursor; from the beginning without it.", ask="after")


class ChangeViewSet(BaseView, viewsets.GenericViewSet):
    """Changes: all that the public came to know or may no longer know, oldest first.

    Who carries them out in order on an empty store has what the lists have, at every point.
    """

    queryset = Change.objects.all()
    serializer_class = ChangesSerializer
    filterset_class = ChangeFilter
    filter_backends: ClassVar = [StrictFilterBackend]
    pagination_class = None
    counting: ClassVar = ("feed",)

    def list_parameters(self) -> set[str]:
        return {"page_size"}

    @extend_schema(parameters=[PAGE_SIZE], responses=ChangesSerializer)
    def feed(self, request: Request) -> Response:
        """All that the public came to know or may no longer know, oldest first."""
        size = page_size_of(request)
        found = list(self.filter_queryset(self.get_queryset())[: size + 1])
        rows, more = found[:size], len(found) > size
        cursor = rows[-1].hash if rows else request.query_params.get("since", GENESIS)
        url = replace_query_param(request.build_absolute_uri(), "since", cursor)
        newest = self.get_queryset().order_by("-id").values_list("hash", flat=True).first()
        body = {
            "next": url if more else None,
            "previous": None,
            "cursor": cursor,
            "head": newest or GENESIS,
        }
        return Response(body | {"results": told_changes(rows)})

    def get_queryset(self) -> QuerySet[Change]:
        return Change.objects.known_to_the_public().order_by("id")
