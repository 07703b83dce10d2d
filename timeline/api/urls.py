"""The addresses under ``/api/``. A trailing slash is accepted, and nowhere shown."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path, resolve
from django.views.decorators.csrf import csrf_exempt
from rest_framework.routers import SimpleRouter

from timeline.api.documents import DocsView, schema_json, schema_yaml
from timeline.api.index import IndexView
from timeline.api.problems import not_found
from timeline.api.viewsets import (
    changes,
    history,
    imports,
    operations,
    proposals,
    records,
    search,
    webhooks,
    words,
)
from timeline.api.viewsets.exports import export_urls

router = SimpleRouter(trailing_slash=False)
router.register("events", records.EventViewSet, "event")
router.register("actors", records.ActorViewSet, "actor")
router.register("affiliations", records.AffiliationViewSet, "affiliation")
router.register("places", records.PlaceViewSet, "place")
router.register("sources", records.SourceViewSet, "source")
router.register("citations", records.CitationViewSet, "citation")
router.register("claims", records.ClaimViewSet, "claim")
router.register("figures", records.FigureViewSet, "figure")
router.register("relations", records.RelationViewSet, "relation")
router.register("timelines", records.TimelineViewSet, "timeline")
router.register("imports", imports.ImportViewSet, "import")
router.register("proposals", proposals.ProposalViewSet, "proposal")
router.register("webhooks", webhooks.WebhookViewSet, "webhook")
router.register("tags", words.TagViewSet, "tag")
router.register(r"vocabularies/(?P<vocabulary>[^/.]+)", words.TermViewSet, "term")


@csrf_exempt
def without_slash(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer as if the slash at the end were not there."""
    request.path_info = request.path_info.rstrip("/")
    try:
        match = resolve(request.path_info)
    except Http404:
        return not_found(request)
    return match.func(request, *match.args, **match.kwargs)


@csrf_exempt
def nothing_here(request: HttpRequest, rest: Any = None) -> HttpResponse:
    return not_found(request)


urlpatterns = [
    # Addresses are tried in this order, and these are asked for most.
    path("v1/", include(router.urls)),
    path("v1", IndexView.as_view(), name="index"),
    path("v1/openapi.json", schema_json, name="openapi-json"),
    path("v1/openapi.yaml", schema_yaml, name="openapi-yaml"),
    path("docs", DocsView.as_view(), name="docs"),
    path("v1/me", words.MeView.as_view(), name="me"),
    path("v1/search", search.SearchViewSet.as_view({"get": "list"}), name="search"),
    path("v1/changes", changes.ChangeViewSet.as_view({"get": "feed"}), name="changes"),
    path("v1/corrections", history.CorrectionViewSet.as_view({"get": "list"}), name="corrections"),
    path(
        "v1/operations/<str:id>/undo",
        operations.OperationViewSet.as_view({"post": "undo"}),
        name="operation-undo",
    ),
    path(
        "v1/webhooks/<str:id>/deliveries",
        webhooks.DeliveryViewSet.as_view({"get": "list"}),
        name="webhook-deliveries",
    ),
    path("v1/vocabularies", words.VocabulariesView.as_view(), name="vocabularies"),
    path(
        "v1/timelines/<str:slug>/events",
        records.TimelineEventsViewSet.as_view({"get": "list"}),
        name="timeline-events",
    ),
    *(
        path(
            f"v1/timelines/<str:slug>/events/{counted}",
            records.TimelineEventsViewSet.as_view({"get": counted}),
            name=f"timeline-{counted}",
        )
        for counted in records.TimelineEventsViewSet.counting
    ),
    *export_urls(),
    re_path(r"^(?P<rest>[\s\S]*[^/])/+\Z", without_slash),
    # Any character: a dot would let a newline through to a page of Django's.
    re_path(r"^(?P<rest>[\s\S]*)\Z", nothing_here),
]
