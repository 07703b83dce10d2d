"""Imports: a file in, a report out."""

from __future__ import annotations

import io
import tempfile
from typing import Any, BinaryIO, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from timeline.api import shape
from timeline.api.filters.base import check_parameters
from timeline.api.filters.filterset import Filters
from timeline.api.filters.parameters import Ids
from timeline.api.idempotency import once
from timeline.api.pagination import flag
from timeline.api.parsers import StrictJSONParser
from timeline.api.problems import BadParameter
from timeline.api.serializers.verbs import ReasonSerializer
from timeline.api.viewsets.base import ListView, downwards
from timeline.api.viewsets.operations import UndoneSerializer, told_undone
from timeline.api.viewsets.views import reason_given
from timeline.errors import Missing
from timeline.models import Import, Scope
from timeline.querysets.keysets import Order
from timeline.services.imports import (
    BadTable,
    FileFormat,
    format_of,
    read_mapping,
    run_import,
    seen_by,
)
from timeline.services.imports.columns import EXAMPLE
from timeline.services.undoing import undo_import

MAX_BYTES = 1 << 30
IN_MEMORY = 1 << 20
NO_FILE = "Send the file as the body, or one file as the part “file”."


class Sent(NamedTuple):
    """A file that was sent, and its format."""

    file: BinaryIO
    format: FileFormat


class FileParser(BaseParser):
    """Keeps the body as a file that can be read twice, on the disk when it is large."""

    media_type = "application/x-ndjson"
    format: ClassVar[FileFormat] = "jsonl"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Sent:
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - outlives this
        size = 0
        while block := stream.read(1 << 16):
            size += len(block)
            if size > MAX_BYTES:
                raise ParseError(f"The file is larger than {MAX_BYTES} bytes; send it in parts.")
            file.write(block)
        file.seek(0)
        return Sent(file, self.format)


class CsvParser(FileParser):
    media_type, format = "text/csv", "csv"


class XlsxParser(FileParser):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"


FILES: tuple[type[FileParser], ...] = (FileParser, CsvParser, XlsxParser)


class RowErrorSerializer(serializers.Serializer):
    """What is wrong with a row."""

    field = serializers.CharField(help_text="The member of the row; empty for the row as a whole.")
    code = serializers.CharField(help_text="For programs.")
    detail = serializers.CharField(help_text="For people.")


class RowChangeSerializer(serializers.Serializer):
    """A member of a row that differs from the import before."""

    field = serializers.CharField(help_text="The member.")
    before = serializers.JSONField(allow_null=True, help_text="As it was imported before.")
    after = serializers.JSONField(allow_null=True, help_text="As it is now.")


OUTCOMES = [
    ("created", "A new event"),
    ("updated", "A change of one that there was"),
    ("unchanged", "As it was"),
    ("rejected", "Not imported"),
]


class RowSerializer(serializers.Serializer):
    """What became of a row."""

    line = serializers.IntegerField(min_value=1, help_text="Its line in the file.")
    external_id = serializers.CharField(help_text="Its id in the data set; empty if unreadable.")
    outcome = serializers.ChoiceField(OUTCOMES, help_text="What became of it.")
    id = serializers.UUIDField(
        required=False, help_text="The event; not in a dry run for one that would be new."
    )
    changes = RowChangeSerializer(many=True, required=False, help_text="What it changed.")
    warnings = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="What was not taken as it is."
    )
    errors = RowErrorSerializer(many=True, required=False, help_text="Why it was rejected.")


class ImportReportSerializer(serializers.Serializer):
    """What an import did, or would do."""

    id = serializers.UUIDField(allow_null=True, help_text="The import; null for a dry run.")
    dry_run = serializers.BooleanField(help_text="Whether nothing was written.")
    created = serializers.IntegerField(min_value=0, help_text="How many events are new.")
    updated = serializers.IntegerField(min_value=0, help_text="How many events changed.")
    unchanged = serializers.IntegerField(min_value=0, help_text="How many rows changed nothing.")
    rejected = serializers.IntegerField(min_value=0, help_text="How many rows were not imported.")
    rows = RowSerializer(many=True, help_text="Each row of the file, in order.")


class ImportSerializer(serializers.ModelSerializer):
    """An import that was carried out."""

    id = serializers.UUIDField(source="uuid", help_text="The public id.")
    at = serializers.DateTimeField(help_text="When.")
    by = serializers.CharField(
        source="by.username", allow_null=True, default=None, help_text="Who; null: a command."
    )
    sha256 = serializers.CharField(help_text="SHA-256 of the file, in hexadecimal.")
    report = ImportReportSerializer(source="whole_report", help_text="What it did.")
    undone_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was undone; null if it was not."
    )

    class Meta:
        model = Import
        fields = ("id", "at", "by", "format", "sha256", "undone_at", "report")


class ImportFilter(Filters):
    id = Ids("Only the imports with these ids.", column="uuid")


OPTIONS = [
    OpenApiParameter("dry_run", bool, description="Only say what would be done."),
    OpenApiParameter(
        "publish", bool, description="Publish what is imported. Needs the scope `publish`."
    ),
    OpenApiParameter(
        "on_error",
        enum=["abort", "skip"],
        default="abort",
        description="What to do about bad rows: import nothing, or the others.",
    ),
    OpenApiParameter(
        "mapping",
        str,
        description="Of a table, which column fills which member of a row, as JSON: members and the names "
        "of their columns, or members and what is the same in every row, such as "
        f"`{EXAMPLE}`.",
    ),
]


class ImportViewSet(ListView, viewsets.GenericViewSet):
    """Imports, newest first. For staff."""

    queryset = Import.objects.all()
    serializer_class = ImportSerializer
    filterset_class = ImportFilter
    parser_classes: ClassVar = [*FILES, MultiPartParser]
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/.]+"
    default_ordering = "-at"
    staff_only = True

    def orderings(self) -> dict[str, Order]:
        order: Order = (("at", False), ("uuid", False))
        return {"at": order, "-at": downwards(order)}

    def get_queryset(self) -> QuerySet[Import]:
        return seen_by(self.by).select_related("by").prefetch_related("reported")

    def _found(self, key: str) -> Import:
        try:
            return self.get_queryset().get(uuid=key)
        except (Import.DoesNotExist, ValueError, ValidationError) as error:
            raise Missing(f"There is no import “{key[:80]}”.") from error

    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - the URL's word
        check_parameters(request, set(shape.PARAMETERS))
        return Response(self.told(self.get_serializer(self._found(id)).data))

    @extend_schema(request=ReasonSerializer, responses={200: UndoneSerializer})
    @action(detail=True, methods=["post"], pagination_class=None, parser_classes=[StrictJSONParser])
    @once
    def undo(self, request: Request, id: str) -> Response:  # noqa: A002 - the URL's word
        """Undo an import: what it created goes, and what it changed is as it was."""
        check_parameters(request, {"reason"})
        reason = reason_given(request)
        return Response(told_undone(undo_import(self._found(id), by=self.by, reason=reason)))

    @extend_schema(
        # The other way, the file as the body, is told in words: generators that choose between two
        # media types choose wrongly, or write a client that does not compile.
        request={
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "The file."}
                },
            },
        },
        parameters=OPTIONS,
        responses={200: ImportReportSerializer, 201: ImportReportSerializer},
    )
    def create(self, request: Request) -> HttpResponse:
        """Import events from a file: JSON Lines, CSV or a workbook."""
        self.by.needs(Scope.WRITE)
        check_parameters(request, {"dry_run", "publish", "on_error", "mapping"})
        on_error = request.query_params.get("on_error", "abort")
        if on_error not in ("abort", "skip"):
            raise BadParameter("on_error", "on_error is abort or skip.")
        mapping = request.query_params.get("mapping")
        sent = _sent(request)
        try:
            with sent.file as file:
                report = run_import(
                    file,
                    by=self.by,
                    dry_run=flag(request, "dry_run"),
                    publish=flag(request, "publish"),
                    on_error=on_error,
                    file_format=sent.format,
                    mapping=None if mapping is None else read_mapping(mapping),
                )
        except BadTable as error:
            if mapping is None:
                raise
            raise BadParameter("mapping", error.detail, error.flaws[0].code) from error
        code = status.HTTP_200_OK if report.dry_run else status.HTTP_201_CREATED
        # As JSON from the beginning: as objects a million rows would take a gigabyte.
        return HttpResponse(report.as_json(), content_type="application/json", status=code)


def _sent(request: Request) -> Sent:
    data = request.data
    if hasattr(data, "getlist"):
        files = request.FILES.getlist("file")
        if len(files) != 1:
            raise ParseError(NO_FILE)
        types = {one.media_type: one.format for one in FILES}
        by_type = types.get(files[0].content_type or "", "jsonl")
        return Sent(files[0], format_of(files[0].name or "", by_type))
    if isinstance(data, dict):
        # Of a body of no bytes the framework makes an object, whatever was to be parsed.
        for one in FILES:
            if request.content_type.startswith(one.media_type):
                return Sent(io.BytesIO(), one.format)
        raise ParseError(NO_FILE)
    return data
