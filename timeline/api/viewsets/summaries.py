"""Events counted over time and by what they share; and why one matches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from timeline.api.explaining import explain
from timeline.api.filters.base import StrictFilterBackend
from timeline.api.memory import remembered
from timeline.api.problems import BadParameter
from timeline.temporal import Interval, TooManyBuckets, format_instant

FACETS = (
    "kind",
    "actor",
    "role",
    "place",
    "country",
    "tag",
    "source",
    "publisher",
    "status",
    "assessment",
)
MAX_FACETS = 1000
INTERVALS = [(interval.value, interval.value) for interval in Interval]


class BucketSerializer(serializers.Serializer):
    """A stretch of time."""

    start = serializers.CharField(help_text="Its first second; as in the bounds of dates.")
    end = serializers.CharField(help_text="Its last second.")
    certain = serializers.IntegerField(min_value=0, help_text="Certainly within it.")
    possible = serializers.IntegerField(min_value=0, help_text="Possibly overlapping it.")
    expected = serializers.FloatField(
        min_value=0, help_text="Each event counts as one, spread evenly over its extent."
    )


class HistogramSerializer(serializers.Serializer):
    """Events over time."""

    interval = serializers.ChoiceField(INTERVALS, help_text="How long a bucket is.")
    buckets = BucketSerializer(
        many=True, help_text="From the first that an event may fall in to the last."
    )
    undated = serializers.IntegerField(min_value=0, help_text="Events without a date.")
    unplaced = serializers.IntegerField(
        min_value=0,
        help_text="Dated events without a beginning or an end, which `expected` leaves out.",
    )


class FacetSerializer(serializers.Serializer):
    """A value, and how many events have it."""

    value = serializers.CharField(help_text="As the filter takes it.")
    label = serializers.CharField(help_text="As readers see it.")
    count = serializers.IntegerField(min_value=1, help_text="How many events have it.")


class FacetsSerializer(serializers.Serializer):
    """Values by what they are of."""


for _name in FACETS:
    FacetsSerializer._declared_fields[_name] = FacetSerializer(
        many=True, required=False, help_text=f"By {_name}, most first."
    )


class ReasonWhySerializer(serializers.Serializer):
    """What one parameter says of the event."""

    parameter = serializers.CharField(help_text="The parameter.")
    value = serializers.CharField(help_text="What was asked.")
    matches = serializers.BooleanField(help_text="Whether the event fits.")
    possible = serializers.BooleanField(
        allow_null=True, help_text="Of a question about time: whether it may be so."
    )
    certain = serializers.BooleanField(
        allow_null=True, help_text="Of a question about time: whether it must be so."
    )
    detail = serializers.CharField(help_text="Why, in words.")


class ExplanationSerializer(serializers.Serializer):
    """Why an event is in a list, or is not."""

    matches = serializers.BooleanField(help_text="Whether the list has the event.")
    reasons = ReasonWhySerializer(many=True, help_text="What each parameter says.")


BY = OpenApiParameter(
    "by",
    enum=list(FACETS),
    many=True,
    required=True,
    description="What to count by; several with commas.",
)
LIMIT = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MAX_FACETS},
    description=f"How many values of each, at most {MAX_FACETS}.",
    default=100,
)
INTERVAL = OpenApiParameter(
    "interval",
    enum=[interval.value for interval in Interval],
    default="year",
    description="How long a bucket is; weeks begin on Monday.",
)


class CountingMixin:
    """Adds ``histogram`` and ``facets`` to a list of events."""

    counting: ClassVar[tuple[str, ...]] = ("histogram", "facets")

    def list_parameters(self) -> set[str]:
        own = {"histogram": {"interval"}, "facets": {"by", "limit"}, "explain": set()}
        return own[self.action] if self.action in own else super().list_parameters()

    def _asked(self, request: Request) -> Any:
        return StrictFilterBackend().read(request, self)

    def listed(self) -> Any:
        """The events that the list is about, before any filter."""
        return self.queryset.visible_to(self.by.viewer)

    @extend_schema(responses=HistogramSerializer, parameters=[INTERVAL])
    @action(detail=False, methods=["get"], pagination_class=None)
    def histogram(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Events over time."""
        asked = self._asked(request)
        name = request.query_params.get("interval", "year")
        if name not in list(Interval):
            raise BadParameter("interval", f"interval is one of {', '.join(Interval)}.")
        return self._remembered(lambda: self._over_time(asked, name))

    def _remembered(self, count: Callable[[], Any]) -> HttpResponse:
        """The answer: what was counted, unless something has changed since."""

        def counted() -> HttpResponse:
            return HttpResponse(orjson.dumps(count()), content_type="application/json")

        return remembered(self.request, self.by.viewer, counted)

    def _over_time(self, asked: Any, name: str) -> dict[str, Any]:
        try:
            counts, undated = asked.filter_queryset(self.listed()).counted_over_time(
                Interval(name),
                clock=asked.form.cleaned_data["clock"] or "occurred",
                trust_uncertain=bool(asked.form.cleaned_data["trust_uncertain"]),
            )
        except TooManyBuckets as error:
            raise BadParameter(
                "interval",
                f"These events span {error.needed} buckets of a {name}. Ask for a longer interval, "
                "or for events within a shorter time.",
                "too-many",
            ) from error
        buckets = [
            {
                "start": format_instant(start),
                "end": format_instant(end),
                "certain": certain,
                "possible": possible,
                "expected": max(0.0, round(expected, 9)),
            }
            for start, end, certain, possible, expected in counts.buckets
        ]
        return {
            "interval": name,
            "buckets": buckets,
            "undated": undated,
            "unplaced": counts.unplaced,
        }

    @extend_schema(responses=FacetsSerializer, parameters=[BY, LIMIT])
    @action(detail=False, methods=["get"], pagination_class=None)
    def facets(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Events by what they have in common."""
        asked = self._asked(request)
        names = [n for text in request.query_params.getlist("by") for n in text.split(",")]
        unknown = [name for name in names if name not in FACETS]
        if unknown or not names:
            raise BadParameter("by", f"by is one or several of {', '.join(FACETS)}.")
        text = request.query_params.get("limit", "100")
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_FACETS):
            raise BadParameter("limit", f"limit is a whole number from 1 to {MAX_FACETS}.")
        return self._remembered(lambda: self._by_what(asked, names, int(text)))

    def _by_what(self, asked: Any, names: list[str], most: int) -> dict[str, Any]:
        events = asked.filter_queryset(self.listed())
        chosen = asked.form.cleaned_data
        return {
            name: [
                facet._asdict()
                for facet in events.counted_by(
                    name,
                    actors=chosen["actor"] or (),
                    everybody=chosen["actor_all"] or (),
                    roles=chosen["role"] or (),
                    kinds=chosen["actor_kind"] or (),
                    most=most,
                )
            ]
            for name in dict.fromkeys(names)
        }


class ExplainingMixin(CountingMixin):
    """Adds ``explain`` besides."""

    counting = (*CountingMixin.counting, "explain")

    @extend_schema(responses=ExplanationSerializer)
    @action(detail=True, methods=["get"], pagination_class=None)
    def explain(self, request: Request, **kwargs: Any) -> Response:
        """Why an event matches the parameters of the list, or does not."""
        asked = self._asked(request)
        event = self._found()
        return Response(explain(asked, event, self.listed()))
