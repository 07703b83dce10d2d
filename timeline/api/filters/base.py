"""Strict filters: a parameter that is not known is refused, never ignored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.extensions import OpenApiFilterExtension
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from timeline.api.filters.filterset import Filters
from timeline.api.filters.parameter import MAX_VALUES
from timeline.api.filters.parameters import (
    Choice,
    Choices,
    Flag,
    Ids,
    Instant,
    Window,
    Without,
)
from timeline.api.problems import BadParameter, BadParameters, unknown_parameter
from timeline.models import Publication
from timeline.temporal import Relation

MAX_PARAMETERS = 200
MAX_QUERY_BYTES = 8192


def with_exclusions(filters: type[django_filters.FilterSet]) -> type[django_filters.FilterSet]:
    """Give every parameter that chooses by a list its ``not_…``."""
    for name, parameter in list(filters.base_filters.items()):
        if parameter.many and name not in UNEXCLUDED:
            filters.base_filters[f"not_{name}"] = Without(parameter, name)
            filters.base_filters[f"not_{name}"].field_name = f"not_{name}"
    return filters


UNEXCLUDED = ("publication", "actor_all", "tag_all")


class RecordFilter(Filters):
    """What every list of records can be asked."""

    id = Ids("Only the records with these ids.", ask="with_ids")
    publication = Choices(
        Publication.values,
        "The state of publication. The public sees what is published, whatever it asks.",
        ask="in_states",
    )
    updated_since = Instant(
        "Changed at or after this instant.",
        ask="updated_since",
        example="2019-11-07T13:29:21Z",
    )


RELATIONS = {
    Relation.OVERLAPPING: ("Shares at least a moment with this window.", "2019-08"),
    Relation.WITHIN: ("Lies within this window.", "2019"),
    Relation.BEFORE: ("Ends before this window begins.", "2019-08"),
    Relation.AFTER: ("Begins after this window ends.", "2017"),
    Relation.CONTAINING: ("Spans this whole window.", "2018"),
}


def _window(relation: Relation) -> Window:
    text, example = RELATIONS[relation]
    return Window(f"{text} An EDTF date or interval.", example=example)


class DatedFilter(Filters):
    """Questions about imprecise time, each possible or certain."""

    overlapping = _window(Relation.OVERLAPPING)
    within = _window(Relation.WITHIN)
    before = _window(Relation.BEFORE)
    after = _window(Relation.AFTER)
    containing = _window(Relation.CONTAINING)
    match = Choice(
        ("possible", "certain"),
        "Whether the relation may hold, for all that is known, or must.",
        default="possible",
    )
    trust_uncertain = Flag(
        "Whether a date that its source doubts (`1912?`) may count as certain.",
    )
    undated = Flag(
        "Only records without a date, or only those with one.",
        asks=("without_date", "with_date"),
    )

    def filter_queryset(self, queryset: QuerySet[Any], without: str = "") -> QuerySet[Any]:
        queryset = super().filter_queryset(queryset, without)
        match = self.form.cleaned_data["match"] or "possible"
        trust = bool(self.form.cleaned_data["trust_uncertain"])
        for relation in Relation:
            window = self.form.cleaned_data[relation.value]
            if window is not None:
                queryset = self.ask_time(queryset, relation, window, match, trust_uncertain=trust)
        return queryset

    def ask_time(self, queryset: QuerySet[Any], *question: Any, **trust: bool) -> QuerySet[Any]:
        """Ask for a relation to a window; here of the date itself."""
        return queryset.related(*question, **trust)


class StrictFilterBackend(BaseFilterBackend):
    """Reads each parameter once, refuses what it does not know or understand."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        return self.read(request, view).filter_queryset(queryset)

    def read(self, request: Request, view: Any) -> django_filters.FilterSet:
        """The filters that this request asks for, each parameter checked."""
        filters = view.filterset_class
        known = {*filters.base_filters, *view.list_parameters()}
        check_parameters(request, known, getattr(filters, "PREFIXES", ()))
        filterset = filters(request.query_params, queryset=view.queryset, request=request)
        if not filterset.is_valid():
            raise BadParameters(
                [
                    BadParameter(name, " ".join(one.messages), one.code or "invalid")
                    for name, problems in filterset.errors.as_data().items()
                    for one in problems
                ]
            )
        return filterset


class StrictFilterExtension(OpenApiFilterExtension):
    """Describes every parameter as its own class says."""

    target_class = StrictFilterBackend

    def get_schema_operation_parameters(
        self, auto_schema: Any, *args: Any, **kwargs: Any
    ) -> list[dict[str, Any]]:
        filters = auto_schema.view.filterset_class.base_filters
        parameters = []
        for name, parameter in filters.items():
            parameter.field_name = name
            parameters.append(parameter.describe())
        return parameters


AS_OF = Instant("Answer as the service would have at this instant.", example="2026-11-07T13:29:21Z")
AS_OF.field_name = "as_of"


def asked_instant(request: Request) -> datetime | None:
    """The instant for which a reader asks to be answered, if not for now."""
    texts = request.query_params.getlist("as_of")
    if not texts or request.method not in ("GET", "HEAD"):
        return None
    try:
        return AS_OF.field.clean(texts)
    except ValidationError as error:
        raise BadParameter("as_of", " ".join(error.messages), error.code or "invalid") from error


def check_query(request: Request) -> None:
    """Refuse a query that is longer, or has more parts, than anybody needs."""
    query = request.META.get("QUERY_STRING", "")
    if len(query) > MAX_QUERY_BYTES:
        raise BadParameter("", f"The query may have {MAX_QUERY_BYTES} bytes.", "too-long")
    if query.count("&") >= MAX_PARAMETERS:
        raise BadParameter("", f"At most {MAX_PARAMETERS} parameters may be given.", "too-many")


def check_parameters(request: Request, known: set[str], prefixes: tuple[str, ...] = ()) -> None:
    """Refuse parameters that are not known, or hold what no text may."""
    if request.method in ("GET", "HEAD"):
        known = known | {AS_OF.field_name}
    problems = [
        unknown_parameter(name, known)
        for name in request.query_params
        if name not in known and not name.startswith(prefixes)
    ]
    for name in request.query_params:
        texts = request.query_params.getlist(name)
        if any("\0" in text for text in (name, *texts)):
            problems.append(BadParameter(name, f"{name} holds the character NUL.", "nul"))
        # Those with a name of their own count their values themselves.
        values = len(texts) + sum(text.count(",") for text in texts)
        if name not in known and values > MAX_VALUES:
            detail = f"At most {MAX_VALUES} values may be given; these are {values}."
            problems.append(BadParameter(name, detail, "too-many"))
    if problems:
        raise BadParameters(problems)
