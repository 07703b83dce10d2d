"""The OpenAPI document: what generated clients and people are told."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.extensions import OpenApiFilterExtension
from drf_spectacular.openapi import AutoSchema

from timeline.api import examples, shape, wording
from timeline.api.filters.base import AS_OF
from timeline.api.idempotency import KEY, MAX_KEY
from timeline.api.pagination import KeysetPagination
from timeline.api.serializers.verbs import ReasonSerializer

READING = ("400", "401", "404", "406", "414", "429", "503")
WRITING = (*READING, "403", "409", "413", "415")


class TimelineSchema(AutoSchema):
    """Describes each operation in words, with its refusals and an example."""

    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.split("/") if part and "{" not in part]
        return [parts[2].partition(".")[0] if len(parts) > 2 else "service"]

    def get_operation_id(self) -> str:
        parts = [p for p in re.sub(r"^/api/v\d+", "", self.path).split("/") if p]
        names = [re.sub(r"\W", "_", part) for part in parts if "{" not in part]
        if "{vocabulary}" in self.path:
            names.append("terms")
        action = wording.verb(self.view, self.method)
        if names and names[-1] == action:
            names = names[:-1]
        return "_".join([*names, action]) if names else "index"

    def get_summary(self) -> str:
        return wording.summary(self.view, self.method)

    def get_description(self) -> str:
        return wording.description(self.view, self.method)

    def map_parsers(self) -> list[str]:
        # A merge patch may say so, or call itself JSON, which it is.
        return ["application/json"]

    def _is_list_view(self, serializer: Any = None) -> bool:
        return getattr(self.view, "action", "") == "list" or super()._is_list_view(serializer)

    def get_filter_backends(self) -> list[Any]:
        # The base class has none for what is no list; a count and an export have the list's.
        return list(self.view.filter_backends) if self._lists() or self._counts() else []

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        if not self._counts():
            return super()._get_filter_parameters()
        # Of one answer and not a page of rows, and still of whatever the filters choose.
        parameters = []
        for backend in self.get_filter_backends():
            extension = OpenApiFilterExtension.get_match(backend())
            parameters += extension.get_schema_operation_parameters(self)
        if "ordering" in self.view.list_parameters():
            parameters.append(KeysetPagination.describe_ordering(self.view))
        return parameters

    def _counts(self) -> bool:
        return getattr(self.view, "action", "") in getattr(self.view, "counting", ())

    def _get_paginator(self) -> Any:
        pages = self._lists() or getattr(self.view, "action", "") == "history"
        return super()._get_paginator() if pages else None

    def _lists(self) -> bool:
        return getattr(self.view, "action", "") == "list"

    def _get_parameters(self) -> list[dict[str, Any]]:
        parameters = super()._get_parameters()
        tells = self._lists() or getattr(self.view, "action", "") == "retrieve"
        if tells and hasattr(self.view, "shape"):
            parameters += shape.describe(self.view.serializer_class)
        if self.method == "GET" and getattr(self.view, "has_a_past", False):
            parameters.append(AS_OF.describe())
        if wording.takes_a_version(self.view):
            parameters.append(IF_MATCH)
        if self._is_done_once():
            parameters.append(IDEMPOTENCY_KEY)
        if self._may_be_proposed():
            parameters.append(PROPOSE)
        if self._takes_a_reason():
            parameters.append(REASON)
        for parameter in parameters:
            parameter.setdefault("description", PATH_WORDS.get(parameter["name"], ""))
        # What the path names already says nothing as a filter, and to many clients it is one name.
        in_path = {one["name"] for one in parameters if one["in"] == "path"}
        return [one for one in parameters if one["in"] == "path" or one["name"] not in in_path]

    def _is_done_once(self) -> bool:
        """Whether a POST may be sent twice and is carried out once."""
        is_repeatable = getattr(self.view, "action", "") in getattr(self.view, "repeatable", ())
        return self.method == "POST" and not self.path.endswith("/imports") and not is_repeatable

    def _takes_a_reason(self) -> bool:
        writes = self.method in ("POST", "PATCH", "DELETE") and not self.path.endswith("/imports")
        return writes and getattr(self.view, "takes_a_reason", True)

    def _may_be_proposed(self) -> bool:
        return self.method == "PATCH" and hasattr(self.view, "publish")

    def get_auth(self) -> list[dict[str, Any]]:
        auths = super().get_auth()
        is_open = self.method == "GET" and not getattr(self.view, "staff_only", False)
        return [*auths, {}] if is_open else auths

    def get_request_serializer(self) -> Any:
        if wording.is_step(self.view):
            return ReasonSerializer
        return super().get_request_serializer()

    def _get_request_body(self, direction: str = "request") -> dict[str, Any] | None:
        body = super()._get_request_body(direction)
        if body:
            # A verb needs no reason, and a patch of nothing changes nothing.
            body["required"] = not wording.is_step(self.view) and self.method != "PATCH"
        example = examples.request(self.view, self.method)
        if body and example is not None:
            for content in body["content"].values():
                content["example"] = example
        return body

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        responses = super()._get_response_bodies(direction)
        if wording.is_step(self.view):
            responses = {"200": responses.get("200") or responses.get("201")}
        if self._may_be_proposed():
            # The same type as of 200, so that a client has one.
            responses["202"] = responses["200"] | {"description": PROPOSED}
        for code, response in responses.items():
            response["description"] = response.get("description") or wording.answer(code)
            if self.method == "GET" and code == "200":
                response["headers"] = dict(ETAG)
        if self.method == "GET":
            responses["304"] = {"description": "What you have is still right (`If-None-Match`)."}
        if "{id}" in self.path and hasattr(self.view, "write_scope"):
            responses["308"] = {"description": "It was merged; `Location` leads to the survivor."}
        codes = READING if self.method == "GET" else WRITING
        if getattr(self.view, "staff_only", False):
            codes = (*codes, "403")
        if wording.takes_a_version(self.view):
            codes = (*codes, "412", "428")
        if self._is_done_once():
            codes = (*codes, "422")
        for code in codes:
            responses[code] = {"$ref": f"#/components/responses/Refusal{code}"}
        return dict(sorted(responses.items()))


ETAG = {
    "ETag": {
        "description": "The state of the answer, for `If-None-Match` and `If-Match`.",
        "schema": {"type": "string"},
    }
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The `ETag` of the record as you read it; refused with 412 when it has "
    "changed since.",
    "schema": {"type": "string"},
    "example": '"3-5f2a9c0d1e4b7a68"',
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A text of your own. Sent again within a day with the same request, it is "
    "answered as the first time and nothing is done twice; with another request it is refused.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": f"^{KEY}$"},
    "example": "9f0c1c0e-6a53-4f6d-8f8e-6a3d3a2d9b11",
}
PROPOSE = {
    "name": "propose",
    "in": "query",
    "description": "Propose the change of a published record, for somebody else to approve. "
    "Without the scope `publish` it is proposed in any case.",
    "schema": {"type": "boolean", "default": False},
}
PROPOSED = (
    "Proposed, and not yet made: the record as it still is; `Location` leads to the proposal."
)
REASON = {
    "name": "reason",
    "in": "query",
    "description": "Why; kept in the ledger. The body may say it as well.",
    "schema": {"type": "string", "maxLength": 2000},
}
PATH_WORDS = {
    "id": "The public id.",
    "slug": "The slug.",
    "code": "The code of the term.",
    "vocabulary": "The name of the vocabulary.",
}
