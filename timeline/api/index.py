"""What there is: the first thing a newcomer asks."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from timeline.api.filters.base import check_parameters
from timeline.api.viewsets.views import BaseView
from timeline.models import Event

RESOURCES = {
    "events": "event-list",
    "actors": "actor-list",
    "affiliations": "affiliation-list",
    "places": "place-list",
    "sources": "source-list",
    "citations": "citation-list",
    "claims": "claim-list",
    "figures": "figure-list",
    "relations": "relation-list",
    "timelines": "timeline-list",
    "tags": "tag-list",
    "vocabularies": "vocabularies",
    "histogram": "event-histogram",
    "facets": "event-facets",
    "search": "search",
    "changes": "changes",
    "corrections": "corrections",
    "imports": "import-list",
    "proposals": "proposal-list",
    "webhooks": "webhook-list",
    "me": "me",
    "openapi": "openapi-json",
    "docs": "docs",
    "problems": "problems",
}
ABOUT = (
    "Events in the world, with dates as precise as their sources. Reading what is published needs no "
    "login. Ask any address with OPTIONS what can be done there."
)


class ResourcesSerializer(serializers.Serializer):
    """The addresses of the resources."""

    about = serializers.CharField(help_text="What this is, and how to find out more.")


for _name in RESOURCES:
    ResourcesSerializer._declared_fields[_name] = serializers.URLField(help_text=f"The {_name}.")


class IndexView(BaseView, GenericAPIView):
    """What there is, and where."""

    serializer_class = ResourcesSerializer
    queryset = Event.objects.none()

    def get(self, request: Request) -> Response:
        check_parameters(request, set())
        addresses = {name: reverse(to, request=request) for name, to in RESOURCES.items()}
        # RFC 8631: where programs and people find out the rest.
        links = f'<{addresses["openapi"]}>; rel="service-desc", <{addresses["docs"]}>; rel="service-doc"'
        return Response({"about": ABOUT, **addresses}, headers={"Link": links})
