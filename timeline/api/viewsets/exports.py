"""Every list taken away whole, in the formats of others: one operation for each."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import orjson
from django.db.models import Max
from django.http import StreamingHttpResponse
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from timeline.api.compiled import Teller
from timeline.api.filters.base import StrictFilterBackend
from timeline.api.shape import Shape
from timeline.api.viewsets import records
from timeline.db.ahead import read_ahead
from timeline.formats import CSL_JSON, FORMATS, TABLES, Context, Format, table_formats
from timeline.querysets.keysets import stretches

CHUNK = 200
KEYS = 2_000
BINARY = ("xlsx",)
# Read where they are rather than saved.
SHOWN = ("atom", "ics", "jsonld", "geojson", "timelinejs.json", "ndjson")


class WhateverIsAsked(BaseContentNegotiation):
    """The address names the format, so that the Accept header need not."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Exports:
    """The rows of a list, all of them, streamed."""

    content_negotiation_class = WhateverIsAsked
    format: ClassVar[Format]
    counting: ClassVar[tuple[str, ...]] = ("export",)

    @property
    def shape(self) -> Shape:
        return Shape()

    def list_parameters(self) -> set[str]:
        return {"ordering"}

    def export(self, request: Request, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        """Everything that the list would page through."""
        rows = StrictFilterBackend().filter_queryset(request, self.get_queryset(), self)
        name, order = self.chosen_ordering(request)
        if name.endswith("relevance"):
            rows = rows.ranked(request.query_params.get("q", ""))
        what = self.queryset.model._meta.verbose_name_plural
        newest = rows.order_by().aggregate(newest=Max("updated_at"))["newest"]
        context = Context(
            title=f"Timeline: {what}",
            self_url=request.build_absolute_uri(),
            site_url=request.build_absolute_uri("/"),
            updated=newest and serializers.DateTimeField().to_representation(newest),
        )
        # All at once, since to find each chunk anew is to go through all rows each time.
        keys = array("q")
        for found in stretches(rows.prefetch_related(None), order):
            keys.extend(found.values_list("pk", flat=True).iterator(chunk_size=KEYS))
        response = StreamingHttpResponse(
            self.format.write(self._told(keys), context),
            content_type=self.format.media_type,
        )
        how = "inline" if self.format.suffix in SHOWN else "attachment"
        filename = str(what).replace(" ", "-") + self.format.filename_suffix
        response["Content-Disposition"] = f'{how}; filename="{filename}"'
        return response

    def _told(self, keys: Sequence[int]) -> Iterator[Any]:
        """The records with these keys, as the format reads them; no more than chunks are held.

        What has been deleted meanwhile is not told of.
        """
        chunks = (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
        if not self.is_compiled:
            for some in chunks:
                rows = self.get_queryset().in_bulk(some)
                yield from self.tell([rows[key] for key in some if key in rows])
            return
        tell = Teller(self.by.viewer, self.format.reads)
        for some, told in read_ahead(lambda some: (some, tell(some)), chunks, tell.connection):
            written = (told[key] for key in some if key in told)
            yield from written if self.format.is_json else map(orjson.loads, written)


def export_urls() -> list[URLPattern]:
    """An address for each list and format."""
    urls = []
    for viewset in LISTS:
        table = TABLES[str(viewset.queryset.model._meta.verbose_name_plural)]
        formats = FORMATS if viewset is records.EventViewSet else table_formats(table)
        if viewset is records.SourceViewSet:
            formats = {**formats, CSL_JSON.suffix: CSL_JSON}
        for suffix, written in formats.items():
            urls.append(_url(f"v1/{table.name}.{suffix}", viewset, written))
    for suffix, written in FORMATS.items():
        route = f"v1/timelines/<str:slug>/events.{suffix}"
        urls.append(_url(route, records.TimelineEventsViewSet, written))
    return urls


def _url(route: str, viewset: type, written: Format) -> URLPattern:
    media_type = written.media_type.partition(";")[0]
    # Generated clients read text where it calls itself so, and JSON; anything else is bytes to them.
    kind: Any = OpenApiTypes.STR if media_type.startswith("text/") else OpenApiTypes.BINARY
    if written.suffix in ("geojson", "jsonld", "timelinejs.json"):
        kind = OpenApiTypes.OBJECT
    elif written is CSL_JSON:
        kind = {"type": "array", "items": {"type": "object", "additionalProperties": {}}}
    attributes = {
        "format": written,
        "export": extend_schema(
            responses={(200, media_type): kind},
            summary=f"Export {viewset.queryset.model._meta.verbose_name_plural} as "
            f"{written.suffix}",
            description=f"{written.description} With every filter of the list, streamed whole.",
        )(_copy(Exports.export)),
    }
    view = type(f"{viewset.__name__}Export", (Exports, viewset), attributes)
    return path(route, view.as_view({"get": "export"}))


def _copy(method: Any) -> Any:
    """The same method anew, so that each operation has a description of its own."""

    def export(self: Any, request: Request, *args: Any, **kwargs: Any) -> Any:
        return method(self, request, *args, **kwargs)

    return export


LISTS = (
    records.EventViewSet,
    records.ActorViewSet,
    records.AffiliationViewSet,
    records.PlaceViewSet,
    records.SourceViewSet,
    records.CitationViewSet,
    records.ClaimViewSet,
    records.FigureViewSet,
    records.RelationViewSet,
)
