"""Tags, vocabularies, and who is asking."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from timeline.api.filters.base import check_parameters
from timeline.api.filters.filterset import Filters
from timeline.api.filters.parameters import Flag, Texts
from timeline.api.serializers.words import (
    MeSerializer,
    TagSerializer,
    TermSerializer,
    VocabularySerializer,
)
from timeline.api.viewsets.base import RecordViewSet, downwards
from timeline.api.viewsets.views import BaseView
from timeline.errors import Missing
from timeline.models import Scope, Tag, Term, Token, Vocabulary
from timeline.querysets.keysets import Order
from timeline.services.records import create_record


class TagFilter(Filters):
    slug = Texts("With one of these slugs.", column="slug", example=["fentanyl"])


class TermFilter(Filters):
    code = Texts("With one of these codes.", column="code", example=["court"])
    curated = Flag("Only the curated ones, or only the others.", asks=("curated", "uncurated"))


class _WordViewSet(RecordViewSet):
    def orderings(self) -> dict[str, Order]:
        order: Order = ((self.lookup_field, False),)
        return {self.lookup_field: order, f"-{self.lookup_field}": downwards(order)}

    def get_queryset(self) -> QuerySet[Any]:
        return self.queryset.visible_to(self.by.viewer)


class TagViewSet(_WordViewSet):
    """Tags: free key words of events."""

    queryset = Tag.objects.all()
    serializer_class = TagSerializer
    filterset_class = TagFilter
    lookup_field = lookup_url_kwarg = default_ordering = "slug"


class TermViewSet(_WordViewSet):
    """The terms of one vocabulary."""

    queryset = Term.objects.all()
    serializer_class = TermSerializer
    filterset_class = TermFilter
    lookup_field = lookup_url_kwarg = default_ordering = "code"
    write_scope = Scope.PUBLISH

    def get_queryset(self) -> QuerySet[Term]:
        name = self.kwargs.get("vocabulary")
        if name not in Vocabulary.values:
            raise Missing(f"There are the vocabularies {', '.join(Vocabulary.values)}.")
        return super().get_queryset().filter(vocabulary=name)

    def perform_create(self, values: dict[str, Any], reason: str) -> Term:
        values = values | {"vocabulary": self.kwargs["vocabulary"]}
        return create_record(Term, values=values, by=self.by, reason=reason)

    def _url_of(self, key: Any) -> str:
        kwargs = {"vocabulary": self.kwargs["vocabulary"], "code": key}
        return reverse(f"{self.basename}-detail", kwargs=kwargs, request=self.request)


class VocabulariesView(BaseView, GenericAPIView):
    """The vocabularies there are."""

    operation = "list"
    serializer_class = VocabularySerializer
    pagination_class = None
    queryset = Term.objects.none()

    @extend_schema(responses=VocabularySerializer(many=True))
    def get(self, request: Request) -> Response:
        check_parameters(request, set())
        data = [
            {
                "name": name,
                "label": label,
                "url": reverse("term-list", kwargs={"vocabulary": name}, request=request),
            }
            for name, label in Vocabulary.choices
        ]
        return Response(VocabularySerializer(data, many=True).data)


class MeView(BaseView, GenericAPIView):
    """Who is asking, and what they may do."""

    serializer_class = MeSerializer
    queryset = Token.objects.none()

    def get(self, request: Request) -> Response:
        check_parameters(request, set())
        token = request.auth if isinstance(request.auth, Token) else None
        data = {
            "username": request.user.get_username() or None,
            "scope": self.by.scope,
            "token": token.name if token else None,
            "token_expires_at": token.expires_at if token else None,
        }
        return Response(MeSerializer(data).data)
