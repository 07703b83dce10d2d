"""The feed of what the public may know, in order: for mirrors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from timeline.api.filters.base import StrictFilterBackend
from timeline.api.filters.filterset import Filters
from timeline.api.filters.parameters import Choices, Place
from timeline.api.pagination import DEFAULT_SIZE, MAX_SIZE, page_size_of
from timeline.api.serializers.base import ObjectField
from timeline.api.stating import stated
from timeline.api.viewsets.views import BaseView
from timeline.models import RECORDS, Action, Change, Publication, Redirect, Tag, Term
from timeline.services import publicity
from timeline.services.ledger import GENESIS

MODELS = {model._meta.model_name: model for model in (*RECORDS, Tag, Term)}
TYPES = [(name, f"A {model._meta.verbose_name}") for name, model in MODELS.items()]
HAPPENED = [
    ("created", "It is new, and public from the beginning"),
    ("published", "It became public"),
    ("updated", "It changed, or what of it may be told"),
    ("withdrawn", "It is no longer public"),
    ("deleted", "It is no more"),
    ("merged", "It lives on in another"),
]


class ChangeSerializer(serializers.Serializer):
    """A change of what the public knows."""

    cursor = serializers.CharField(
        help_text="The place of this change in the feed, for `since`; a hash over it and all before."
    )
    at = serializers.DateTimeField(help_text="When it was made.")
    action = serializers.ChoiceField(HAPPENED, help_text="What happened, as the public sees it.")
    type = serializers.ChoiceField(TYPES, help_text="What kind of record.")
    id = serializers.UUIDField(help_text="The record.")
    version = serializers.IntegerField(min_value=1, help_text="The version it is at.")
    reason = serializers.CharField(help_text="Why it was corrected; empty when nobody said.")
    merged_into = serializers.UUIDField(
        allow_null=True, help_text="The record in which a merged one lives on."
    )
    record = ObjectField(
        allow_null=True,
        help_text="The record's own members as its resource has them, others by their ids; null "
        "when it is not public any more, be it by this change or by a later one.",
    )


class ChangesSerializer(serializers.Serializer):
    """A page of the feed."""

    next = serializers.URLField(
        allow_null=True, help_text="The changes after these; null when there are none yet."
    )
    previous = serializers.URLField(
        allow_null=True, help_text="Always null: the feed runs forward only."
    )
    cursor = serializers.CharField(
        help_text="Send it as `since` later, for what has changed until then."
    )
    head = serializers.CharField(
        help_text="The cursor of the newest change there is: keep it, to prove later that nothing "
        "before it was rewritten."
    )
    results = ChangeSerializer(many=True, help_text="The changes, oldest first.")


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
        return Response(body | {"results": self._told(rows)})

    def get_queryset(self) -> QuerySet[Change]:
        return Change.objects.known_to_the_public().order_by("id")

    def _told(self, rows: list[Change]) -> list[dict[str, Any]]:
        stamps = _stamps(rows)
        shown = _shown(rows)
        survivors = _survivors([row for row in rows if row.action == Action.MERGED])
        instant = serializers.DateTimeField().to_representation
        records = {row.pk: _record(row, stamps, shown) for row in rows}
        return [
            {
                "cursor": row.hash,
                "at": instant(row.at),
                "action": _happened(row),
                "type": row.record_type,
                "id": str(row.record_uuid),
                "version": row.version,
                "reason": row.reason if row.was_public and records[row.pk] else "",
                "merged_into": survivors.get(row.record_uuid),
                "record": records[row.pk],
            }
            for row in rows
        ]


def _survivors(merged: list[Change]) -> dict[Any, Any]:
    """Where these live on, as far as the public may see that."""
    led = Redirect.objects.survivors(row.record_uuid for row in merged)
    asked: publicity.Known = defaultdict(set)
    for row in merged:
        if row.record_uuid in led:
            asked[MODELS[row.record_type]].add(str(led[row.record_uuid]))
    seen = {uuid for some in publicity.seen(asked).values() for uuid in some}
    return {old: new for old, new in led.items() if str(new) in seen}


def _happened(row: Change) -> str:
    if row.was_public and row.is_public:
        return "updated"
    if row.is_public:
        return "created" if row.action == Action.CREATED else "published"
    return row.action if row.action in (Action.DELETED, Action.MERGED) else "withdrawn"


def _record(
    row: Change, stamps: dict[int, dict[str, Any]], shown: publicity.Known
) -> dict[str, Any] | None:
    """The record as it stood, as far as it and what it points to are public still."""
    model = MODELS[row.record_type]
    if not row.is_public or str(row.record_uuid) not in shown[model]:
        return None
    pointed = publicity.pointed(model, row.data)
    return stated(model, row, stamps[row.pk], row.untold | _unseen(pointed, shown))


def _unseen(pointed: Iterable[tuple[Any, str]], shown: publicity.Known) -> set[str]:
    return {uuid for kind, uuid in pointed if uuid not in shown[kind]}


def _shown(rows: list[Change]) -> publicity.Known:
    """Of all that these entries tell of, what is public now: what was withdrawn is told no more."""
    asked: publicity.Known = defaultdict(set)
    for row in rows:
        model = MODELS[row.record_type]
        asked[model].add(str(row.record_uuid))
        for kind, uuid in publicity.pointed(model, row.data):
            asked[kind].add(uuid)
    return publicity.seen(asked)


def _stamps(rows: list[Change]) -> dict[int, dict[str, Any]]:
    """When the version of each entry was made, and its record published."""
    came_out = Q(state_after=Publication.PUBLISHED) & ~Q(state_before=Publication.PUBLISHED)
    told = Q(version__in={row.version for row in rows}) | came_out
    versions = Change.objects.versions().filter(
        told, record_uuid__in={row.record_uuid for row in rows}
    )
    made, published = {}, defaultdict(list)
    for one in versions.order_by("id").defer("snapshot"):
        made[one.record_uuid, one.version] = one.at
        if one.state_after == Publication.PUBLISHED != one.state_before:
            published[one.record_uuid].append((one.version, one.at))
    return {
        row.pk: {
            "updated_at": made[row.record_uuid, row.version],
            "published_at": next(
                (at for v, at in reversed(published[row.record_uuid]) if v <= row.version), None
            ),
        }
        for row in rows
    }
