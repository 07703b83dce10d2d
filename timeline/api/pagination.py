"""Pages by keyset: in both directions, at any depth, losing and repeating nothing.

A page begins after (or ends before) the values of the row it continues from, on an order that is
total and has no NULL. The cursor that carries these values is signed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.dateparse import parse_datetime
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from timeline.api.problems import BadParameter
from timeline.querysets.keysets import Order, page, reversed_order

DEFAULT_SIZE = 50
MAX_SIZE = 200
# Without the time of signing, so that the same page has the same address tomorrow; and by a sign
# that stands in addresses as it is.
SIGNER = signing.Signer(salt="timeline.cursor", sep="~")
SHORT = 100


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins, and which way it runs."""

    # The list and the order that the values are of.
    of: str
    backwards: bool
    values: list[Any]

    def spell(self) -> str:
        plain = [
            value.isoformat()
            if isinstance(value, datetime)
            else str(value)
            if isinstance(value, UUID)
            else value
            for value in self.values
        ]
        # Titles may be long; of what is short nothing is saved.
        long = any(isinstance(value, str) and len(value) > SHORT for value in plain)
        return SIGNER.sign_object([self.of, self.backwards, plain], compress=long)

    @classmethod
    def read(cls, text: str, asked: str, order: Order) -> Cursor:
        try:
            of, backwards, values = SIGNER.unsign_object(text)
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise BadParameter(
                "cursor",
                "This cursor was not made here, or is damaged. Follow “next” and “previous” "
                "as they come, or begin again without it.",
                "bad-cursor",
            ) from error
        if of != asked or len(values) != len(order):
            raise BadParameter(
                "cursor",
                "This cursor belongs to another list or another ordering. Keep both while you page.",
                "bad-cursor",
            )
        values = [_value(c, v) for (c, _), v in zip(order, values, strict=True)]
        return cls(of, backwards, values)


def _value(column: str, value: Any) -> Any:
    """The value of a column, as a cursor or a database has it."""
    if column == "undated":
        return bool(value)
    if column == "uuid" and isinstance(value, str):
        return UUID(value)
    return parse_datetime(value) if column.endswith("_at") and isinstance(value, str) else value


class KeysetPagination(BasePagination):
    """``page_size``, ``cursor``, ``count`` and ``ordering``."""

    PARAMETERS = ("page_size", "cursor", "count", "ordering")

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        self.request = request
        self.ordering, order = view.chosen_ordering(request)
        size = page_size_of(request)
        self.count = queryset.order_by().count() if flag(request, "count") else None

        text = _once(request, "cursor")
        of = f"{type(view).__name__} {self.ordering}"
        cursor = None if text is None else Cursor.read(text, of, order)
        backwards = cursor is not None and cursor.backwards
        way = reversed_order(order) if backwards else order
        # Events know better than to sort all that fit.
        find = getattr(queryset, "page", partial(page, queryset))
        rows = find(way, cursor and cursor.values, size + 1)
        more = len(rows) > size
        rows = rows[:size]
        if backwards:
            rows.reverse()
        self.order, self.of = order, of
        has_next, has_previous = (cursor is not None, more) if backwards else (more, bool(cursor))
        self.next = self._link(rows[-1], backwards=False) if rows and has_next else None
        self.previous = self._link(rows[0], backwards=True) if rows and has_previous else None
        return rows

    def _link(self, row: Any, *, backwards: bool) -> str:
        values = [_value(column, getattr(row, column)) for column, _ in self.order]
        return self._continued(Cursor(self.of, backwards, values).spell())

    def _continued(self, cursor: str) -> str:
        """The address of this list from there on, with all else that is asked."""
        asked = self.request.query_params.lists()
        kept = [(name, texts) for name, texts in asked if name != "cursor"]
        here, _, _ = self.request.build_absolute_uri().partition("?")
        return f"{here}?{urlencode([*kept, ('cursor', cursor)], doseq=True)}"

    def get_paginated_response(self, data: Any) -> Response:
        return Response(self._head() | {"results": data}, headers=self._headers())

    def written_response(self, rows: list[bytes]) -> HttpResponse:
        """The page of rows that are JSON already."""
        head = json.dumps(self._head(), separators=(",", ":")).encode()
        body = b'%b,"results":[%b]}' % (head[:-1], b",".join(rows))
        return HttpResponse(body, content_type="application/json", headers=self._headers())

    def _head(self) -> dict[str, Any]:
        counted = {} if self.count is None else {"count": self.count}
        return {"next": self.next, "previous": self.previous, **counted}

    def _headers(self) -> dict[str, str]:
        links = {"next": self.next, "prev": self.previous}
        header = ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items() if url)
        return {"Link": header} if header else {}

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {
            "type": ["string", "null"],
            "format": "uri",
            "example": "https://timeline.example/api/v1/events?cursor=WyJkYXRlIl0",
        }
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "description": "The page after this one; null on the last."},
                "previous": {**link, "description": "The page before this one; null on the first."},
                "count": {
                    "type": "integer",
                    "minimum": 0,
                    "description": "How many rows there are in all; only with `count=true`.",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = self._described(view)
        known = {"page_size", "cursor", "count"}
        if getattr(view, "action", "") != "history":
            known |= view.list_parameters()
        return [one for one in parameters if one["name"] in known]

    def _described(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "page_size",
                "in": "query",
                "description": "How many rows a page has.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MAX_SIZE,
                    "default": DEFAULT_SIZE,
                },
                "example": 20,
            },
            {
                "name": "cursor",
                "in": "query",
                "description": "Where the page begins; taken from `next` or `previous`, "
                "never made up.",
                "schema": {"type": "string"},
            },
            {
                "name": "count",
                "in": "query",
                "description": "Whether to count all rows that match.",
                "schema": {"type": "boolean", "default": False},
            },
            self.describe_ordering(view),
        ]

    @staticmethod
    def describe_ordering(view: Any) -> dict[str, Any]:
        """The parameter as OpenAPI has it."""
        return {
            "name": "ordering",
            "in": "query",
            "description": "The order of the rows; `-` runs it downwards. Undated rows "
            "come last either way.",
            "schema": {
                "type": "string",
                "enum": list(view.orderings()),
                "default": view.default_ordering,
            },
        }


def _once(request: Request, name: str, default: Any = None) -> Any:
    """The parameter's text. Of two nobody could say which was meant."""
    texts = request.query_params.getlist(name)
    if len(texts) > 1:
        raise BadParameter(name, f"{name} may be given once.", "repeated")
    return texts[0] if texts else default


def page_size_of(request: Request) -> int:
    """How many rows a page is to have."""
    text = _once(request, "page_size", str(DEFAULT_SIZE))
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= MAX_SIZE):
        raise BadParameter("page_size", f"page_size is a whole number from 1 to {MAX_SIZE}.")
    return int(text)


def flag(request: Request, name: str) -> bool:
    """A query parameter that is true or false; false when it is not given."""
    text = _once(request, name, "false").lower()
    if text not in ("true", "false"):
        raise BadParameter(name, f"{name} is true or false.")
    return text == "true"
