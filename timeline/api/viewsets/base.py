"""What every resource of records does: translate, make one call, represent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Model, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.utils.dateparse import parse_datetime
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from timeline.api import shape
from timeline.api.filters.base import StrictFilterBackend, check_parameters
from timeline.api.idempotency import once
from timeline.api.pagination import KeysetPagination, flag
from timeline.api.parsers import MergePatchParser
from timeline.api.problems import BadParameter
from timeline.api.versions import expected_version, tagged
from timeline.api.viewsets.history import HistoryMixin
from timeline.api.viewsets.views import BaseView, reason_given, reason_of
from timeline.errors import Missing
from timeline.models import Proposal, Redirect, Scope
from timeline.querysets.keysets import Order
from timeline.services import ledger
from timeline.services.proposals import change_or_propose
from timeline.services.publication import take_step
from timeline.services.records import create_record, delete_record, update_record

NEVER = parse_datetime("9000-01-01T00:00:00Z")
DATE_ORDER: Order = (
    ("undated", False),
    ("sort_key", False),
    ("end_max", False),
    ("uuid", False),
)


class Moved(Exception):
    """The record was merged into another."""

    def __init__(self, url: str) -> None:
        self.url = url


class ListView(BaseView):
    """A filtered list in pages."""

    filter_backends: ClassVar = [StrictFilterBackend]
    pagination_class = KeysetPagination
    default_ordering = "updated_at"
    own_orderings: ClassVar[dict[str, Order]] = {}

    def orderings(self) -> dict[str, Order]:
        """Every value of ``ordering`` with the columns it stands for."""
        orders: dict[str, Order] = {
            **self.own_orderings,
            "published_at": (("published_at", False), ("uuid", False)),
            "updated_at": (("updated_at", False), ("uuid", False)),
            "created_at": (("created_at", False), ("uuid", False)),
        }
        spelled = {
            spelled: order
            for name, upwards in orders.items()
            for spelled, order in ((name, upwards), (f"-{name}", downwards(upwards)))
        }
        if "q" in self.filterset_class.base_filters:
            best: Order = (("relevance", True), ("uuid", False))
            spelled |= {"relevance": best, "-relevance": (("relevance", False), ("uuid", True))}
        return spelled

    def chosen_ordering(self, request: Request) -> tuple[str, Order]:
        name = request.query_params.get("ordering", self.default_ordering)
        orders = self.orderings()
        if len(request.query_params.getlist("ordering")) > 1:
            raise BadParameter("ordering", "ordering may be given once.", "repeated")
        if name not in orders:
            raise BadParameter("ordering", f"ordering is one of {', '.join(orders)}.")
        if name.endswith("relevance") and "q" not in request.query_params:
            raise BadParameter("ordering", "Only an answer to “q” can be ordered by relevance.")
        if name.endswith("created_at") and not self.by.viewer.unpublished:
            raise BadParameter("ordering", "Only staff may order by created_at.")
        if name.endswith("published_at") and self.by.viewer.unpublished:
            return name, tuple(
                ("first_published_at" if column == "published_at" else column, down)
                for column, down in orders[name]
            )
        return name, orders[name]

    def filter_queryset(self, queryset: QuerySet[Any]) -> Any:
        found = super().filter_queryset(queryset)
        query = self.request.query_params.get("q", "")
        match self.request.query_params.get("ordering"):
            case "relevance":
                asked = StrictFilterBackend().read(self.request, self)
                return found.best_first(query, asked.filter_queryset(queryset, without="q"))
            case "-relevance":
                return found.ranked(query)
        return found

    def list_parameters(self) -> set[str]:
        return {*self.pagination_class.PARAMETERS, *shape.PARAMETERS}

    @property
    def shape(self) -> shape.Shape:
        """What of each row this request asks for; writing answers with everything."""
        if self.request.method not in ("GET", "HEAD"):
            return shape.Shape()
        if not hasattr(self.request, "shape"):
            self.request.shape = shape.read_shape(self.request, self.serializer_class)
        return self.request.shape

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        serializer = super().get_serializer(*args, **kwargs)
        if getattr(self, "swagger_fake_view", False) or self.request.method not in ("GET", "HEAD"):
            return serializer
        rows = getattr(serializer, "child", serializer)
        for name in rows.fields.keys() - self.shape.shown(list(rows.fields)):
            rows.fields.pop(name)
        return serializer

    def told(self, data: Any) -> Any:
        """The rows, with what was asked of their inner objects."""
        rows = self.shape
        if not rows.fields and not rows.omit:
            return data
        return [rows.trim(row) for row in data] if isinstance(data, list) else rows.trim(data)

    def get_queryset(self) -> QuerySet[Any]:
        rows = self.queryset.visible_to(self.by.viewer)
        asked = self.shape
        if self.is_compiled:
            # The database tells what else there is to tell.
            pass
        elif asked.fields or asked.omit:
            serializer = self.get_serializer()
            kept = set(serializer.fields)
            rows = rows.for_list(kept, asked.expand).only(
                *shape.columns(serializer, rows.model),
                *(name for name in rows.follows if name in kept),
            )
        else:
            rows = rows.for_list(full=asked.expand)
        for path in sorted(asked.expand):
            rows = rows.prefetch_related(*shape.EXPANSIONS[self.serializer_class.__name__][path])
        if self.by.viewer.unpublished:
            never = Value(NEVER, output_field=DateTimeField())
            rows = rows.annotate(first_published_at=Coalesce("published_at", never))
        return rows

    @property
    def is_compiled(self) -> bool:
        """Whether this request is answered by the database, without serializers."""
        return False

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.told(list(self.tell(rows))))

    def tell(self, rows: Sequence[Any]) -> Iterable[dict[str, Any]]:
        """What the reader is told of these rows."""
        return self.get_serializer(rows, many=True).data


def downwards(order: Order) -> Order:
    """The same order run down, with the undated still last."""
    return tuple((column, not column.endswith("undated")) for column, _ in order)


class RecordViewSet(ListView, viewsets.GenericViewSet):
    """List, create, read, patch and delete one kind of record."""

    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/.]+"
    write_scope = Scope.WRITE

    def get_object(self) -> Any:
        check_parameters(self.request, self._detail_parameters())
        return self._found()

    def _found(self) -> Any:
        value = self.kwargs[self.lookup_url_kwarg]
        record = self._find(value)
        if record is None:
            raise Missing(
                f"There is no {self.queryset.model._meta.verbose_name} “{value[:80]}”, "
                "or it is not public."
            )
        return record

    def _detail_parameters(self) -> set[str]:
        return set(shape.PARAMETERS) if self.request.method in ("GET", "HEAD") else {"reason"}

    def _key(self, value: str) -> Any:
        """What the address names a record by; None if it can name none."""
        field = self.queryset.model._meta.get_field(self.lookup_field)
        try:
            return None if "\0" in value else field.to_python(value)
        except ValidationError:
            return None

    def _find(self, value: str) -> Model | None:
        key = self._key(value)
        if key is None:
            return None
        records = self.get_queryset()
        found = records.filter(**{self.lookup_field: key}).first()
        if found is None and self.lookup_field == "uuid":
            moves = Redirect.objects.filter(record_type=records.model._meta.model_name)
            survivor = moves.survivor(key)
            if survivor != key and records.filter(uuid=survivor).exists():
                # The rest of the address stays: a verb is sent on to the survivor.
                rest = self.request.path.partition(value)[2]
                query = self.request.META.get("QUERY_STRING", "")
                raise Moved(f"{self._url_of(survivor)}{rest}{query and f'?{query}'}")
        return found

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, Moved):
            return HttpResponse(status=308, headers={"Location": exc.url})
        return super().handle_exception(exc)

    def _url_of(self, key: Any) -> str:
        name = f"{self.basename}-detail"
        return reverse(name, kwargs={self.lookup_url_kwarg: key}, request=self.request)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._represented(self.get_object())

    @once
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.by.needs(self.write_scope)
        check_parameters(request, {"reason"})
        serializer = self.get_serializer(data=request.data)
        values, reason = self._validated(serializer)
        record = self.perform_create(values, reason)
        response = self._represented(self._again(record), status.HTTP_201_CREATED)
        response["Location"] = self._url_of(getattr(record, self.lookup_field))
        return response

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.by.needs(self.write_scope)
        version = expected_version(request)
        data = request.data
        # What a merge patch means hangs on the record as it stands, so it is read in the
        # transaction that writes.
        with ledger.writing():
            record = self.get_object()
            serializer = self.get_serializer(record, data=data, partial=True)
            values, reason = self._validated(serializer)
            outcome = self.perform_update(record, values, reason, version)
        if isinstance(outcome, Proposal):
            return self._proposed(record, outcome)
        return self._represented(self._again(outcome))

    def _proposed(self, record: Any, proposal: Proposal) -> Response:
        """The record as it still is: the change is accepted, and not yet made."""
        response = self._represented(self._again(record), status.HTTP_202_ACCEPTED)
        url = reverse("proposal-detail", kwargs={"id": proposal.uuid}, request=self.request)
        response["Location"] = url
        return response

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.by.needs(self.write_scope)
        version = expected_version(request)
        delete_record(
            self.get_object(), by=self.by, reason=reason_of(request), expected_version=version
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    def perform_create(self, values: dict[str, Any], reason: str) -> Any:
        return create_record(self.queryset.model, values=values, by=self.by, reason=reason)

    def perform_update(
        self, record: Any, values: dict[str, Any], reason: str, version: int | None
    ) -> Any:
        return update_record(
            record, values=values, by=self.by, reason=reason, expected_version=version
        )

    def _validated(self, serializer: Any) -> tuple[dict[str, Any], str]:
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        reason = values.pop("reason", "") or reason_of(self.request)
        return values, reason

    def _again(self, record: Any) -> Any:
        """The record as it is told, with all its relations."""
        return self.get_queryset().get(pk=record.pk)

    def _represented(self, record: Any, code: int = status.HTTP_200_OK) -> Response:
        data = self.told(self.get_serializer(record).data)
        return tagged(Response(data, status=code), record.version)

    def get_parsers(self) -> list[Any]:
        parsers = super().get_parsers()
        patches = getattr(self, "action_map", {}).get("patch")
        return [*parsers, MergePatchParser()] if patches else parsers


def _verb(name: str, python_name: str) -> Any:
    def step(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        reason = reason_given(request)
        record = take_step(
            self.get_object(),
            name,
            by=self.by,
            reason=reason,
            expected_version=expected_version(request),
        )
        return self._represented(self._again(record))

    step.__name__ = python_name
    return action(detail=True, methods=["post"], url_path=name, url_name=name)(once(step))


class PublishedRecordViewSet(HistoryMixin, RecordViewSet):
    """A record on its way to the public."""

    def perform_update(
        self, record: Any, values: dict[str, Any], reason: str, version: int | None
    ) -> Any:
        return change_or_propose(
            record,
            values=values,
            by=self.by,
            reason=reason,
            expected_version=version,
            propose=flag(self.request, "propose"),
        )

    def _detail_parameters(self) -> set[str]:
        proposes = {"propose"} if self.request.method == "PATCH" else set()
        return super()._detail_parameters() | proposes

    submit = _verb("submit", "submit")
    approve = _verb("approve", "approve")
    return_ = _verb("return", "return_")
    publish = _verb("publish", "publish")
    withdraw = _verb("withdraw", "withdraw")
