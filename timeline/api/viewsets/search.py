"""Search across events, actors, sources and claims."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Cast
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from timeline.api.filters.base import StrictFilterBackend
from timeline.api.filters.filterset import Filters
from timeline.api.filters.parameters import Choices, Flag, Search
from timeline.api.highlights import excerpt, wanted_terms
from timeline.api.pagination import KeysetPagination, Order
from timeline.api.problems import BadParameter
from timeline.api.viewsets.views import BaseView
from timeline.models import Actor, Claim, Event, Source
from timeline.querysets.ranking import UPWARDS, BestFirst

# The columns that a result is headed with, and that its excerpt is taken from.
SEARCHED: dict[str, tuple[type[Any], str, str]] = {
    "event": (Event, "title", "summary"),
    "actor": (Actor, "name", "name"),
    "source": (Source, "title", "publisher"),
    "claim": (Claim, "text", "text"),
}
TYPES = [(name, f"A record of /{name}s") for name in SEARCHED]


class ResultSerializer(serializers.Serializer):
    """A record that holds what was searched for."""

    type = serializers.ChoiceField(TYPES, help_text="What it is.")
    id = serializers.UUIDField(help_text="Its public id.")
    title = serializers.CharField(help_text="Its title, name or text.")
    excerpt = serializers.CharField(
        allow_null=True,
        help_text="With `highlight=true`, HTML around the words found, marked with `<mark>`.",
    )
    relevance = serializers.IntegerField(help_text="How well it fits; comparable within a page.")
    url = serializers.CharField(help_text="Its address.")


class Wanted(Search):
    """Without words there is nothing to search for."""

    needed = True
    schema = {**Search.schema, "minLength": 1}


class SearchFilter(Filters):
    """What is searched for, and among what."""

    q = Wanted(
        'Words, `"phrases"`, `-without`, `begin*`; accents and case do not matter.',
        example='"New Orleans" tip',
    )
    type = Choices(SEARCHED, "Only records of these types.")
    highlight = Flag("Whether to show the words found in an excerpt.")


class _Together:
    """The results of several queries as one list that can be paged."""

    def __init__(self, lists: list[BestFirst], order: tuple[str, ...] = ()) -> None:
        self.lists, self.order = lists, order

    def filter(self, condition: Any) -> _Together:
        return _Together([one.filter(condition) for one in self.lists])

    def order_by(self, *order: str) -> _Together:
        return _Together([one.order_by(*order) for one in self.lists], order)

    def count(self) -> int:
        return sum(one.count() for one in self.lists)

    def __getitem__(self, part: slice) -> list[Any]:
        rows = [_Row(row) for one in self.lists for row in one[: part.stop]]
        rows.sort(key=lambda row: (-row.relevance, row.uuid), reverse=self.order == UPWARDS)
        return rows[part]


class _Row:
    def __init__(self, row: dict[str, Any]) -> None:
        self.__dict__.update(row)


class SearchViewSet(BaseView, viewsets.GenericViewSet):
    """Everything that holds some words, best first."""

    queryset = Event.objects.all()
    serializer_class = ResultSerializer
    filterset_class = SearchFilter
    filter_backends: ClassVar = [StrictFilterBackend]
    pagination_class = KeysetPagination
    default_ordering = "relevance"

    def orderings(self) -> dict[str, Order]:
        return {"relevance": (("relevance", True), ("uuid", False))}

    def chosen_ordering(self, request: Request) -> tuple[str, Order]:
        name = request.query_params.get("ordering", self.default_ordering)
        if name not in self.orderings():
            raise BadParameter("ordering", "ordering is relevance.")
        return name, self.orderings()[name]

    def list_parameters(self) -> set[str]:
        return set(self.pagination_class.PARAMETERS)

    def list(self, request: Request) -> Response:
        asked = StrictFilterBackend().read(request, self).form.cleaned_data
        if not asked["q"]:
            raise BadParameter("q", "Say what to search for: q=…", "required")
        queries = [self._query(name, asked["q"]) for name in asked["type"] or SEARCHED]
        rows = self.paginate_queryset(_Together(queries))
        terms = wanted_terms(asked["q"]) if asked["highlight"] else []
        return self.get_paginated_response([self._result(row, terms) for row in rows])

    def _query(self, name: str, query: str) -> BestFirst:
        model, heading, body = SEARCHED[name]
        others = model.objects.visible_to(self.by.viewer).annotate(
            type=Value(name, output_field=CharField()),
            heading=Cast(F(heading), TextField()),
            body=Cast(F(body), TextField()),
        )
        found = others.matching(query).best_first(query, others)
        return found.values("uuid", "type", "heading", "body", "relevance")

    def _result(self, row: Any, terms: Any) -> dict[str, Any]:
        shown = (excerpt(row.body, terms) or excerpt(row.heading, terms)) if terms else None
        return {
            "type": row.type,
            "id": str(row.uuid),
            "title": row.heading,
            "excerpt": shown,
            "relevance": row.relevance,
            "url": self.request.build_absolute_uri(f"/api/v1/{row.type}s/{row.uuid}"),
        }
