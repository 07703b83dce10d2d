"""What every view of the API has in common."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, ClassVar

from django.conf import settings
from rest_framework.exceptions import NotAuthenticated
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from timeline.api.authentication import AUTHENTICATION, author
from timeline.api.filters.base import asked_instant, check_query
from timeline.api.options import DescribedByTheDocument
from timeline.api.parsers import StrictJSONParser
from timeline.api.problems import BadParameter
from timeline.api.serializers.verbs import ReasonSerializer
from timeline.api.throttling import ClientThrottle
from timeline.errors import NotAllowed
from timeline.services.access import By
from timeline.services.past import as_of

MAX_REASON = 2000


class ReadersPermission(BasePermission):
    """Reading is free, unless a setting demands a login; what may be written the services say."""

    def has_permission(self, request: Request, view: Any) -> bool:
        reads = request.method in ("GET", "HEAD", "OPTIONS")
        if (not reads or settings.LOGIN_REQUIRED) and not request.user.is_authenticated:
            raise NotAuthenticated("Send a token as “Authorization: Bearer tl_….”.")
        return True


class JSONForProblems(DefaultContentNegotiation):
    """Whoever takes problems takes JSON."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        # What nearly everybody sends need not be taken apart.
        usual = renderers[0], renderers[0].media_type
        if request.META.get("HTTP_ACCEPT", "*/*") in ("*/*", usual[1]) and not format_suffix:
            return usual
        return super().select_renderer(request, renderers, format_suffix)

    # Generated clients accept problems only where nothing else comes back, as of a deletion.
    def get_accept_list(self, request: Request) -> list[str]:
        accepted = super().get_accept_list(request)
        return [one.replace("application/problem+json", "application/json") for one in accepted]


class BaseView:
    """What all views of the API have in common."""

    authentication_classes = AUTHENTICATION
    permission_classes: ClassVar = [ReadersPermission]
    throttle_classes: ClassVar = [ClientThrottle]
    renderer_classes: ClassVar = [JSONRenderer]
    content_negotiation_class = JSONForProblems
    metadata_class = DescribedByTheDocument
    parser_classes: ClassVar[list[Any]] = [StrictJSONParser]
    # What is read may be asked for as it was (`as_of`).
    has_a_past = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_query(request)
        self.past = ExitStack()
        instant = asked_instant(request)
        if instant is not None:
            self.past.enter_context(as_of(instant))

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except BaseException:
            self._come_back()
            raise
        if response.streaming:
            # Its rows are read while it is sent.
            response._resource_closers.append(self._come_back)
        else:
            self._come_back()
        return response

    def _come_back(self) -> None:
        if hasattr(self, "past"):
            self.past.close()

    @property
    def by(self) -> By:
        if not hasattr(self.request, "by"):
            self.request.by = author(self.request)
        return self.request.by

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kw)
        if limits := getattr(request, "rate_limit", None):
            for name, value in zip(("Limit", "Remaining", "Reset"), limits, strict=True):
                response[f"RateLimit-{name}"] = str(value)
        known = getattr(request, "user", None) is not None and request.user.is_authenticated
        response.headers.setdefault(
            "Cache-Control", "private, no-store" if known else "public, no-cache"
        )
        response["Vary"] = "Accept, Authorization, Cookie"
        return response

    def handle_exception(self, exc: Exception) -> Any:
        # To whom nothing is known of, a login may help.
        if isinstance(exc, NotAllowed) and not self.request.user.is_authenticated:
            exc = NotAuthenticated(exc.detail)
        return super().handle_exception(exc)

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        if getattr(self, "swagger_fake_view", False):
            return context
        expand = self.shape.expand if hasattr(self, "shape") else frozenset()
        return context | {"viewer": self.by.viewer, "expand": expand}


def reason_given(request: Request) -> str:
    """The reason given in the body, or in the query."""
    data: Any = request.data
    body = ReasonSerializer(data={} if data is None else data)
    body.is_valid(raise_exception=True)
    return body.validated_data.get("reason", "") or reason_of(request)


def reason_of(request: Request) -> str:
    """The reason given in the query."""
    text = request.query_params.get("reason", "")
    if len(text) > MAX_REASON:
        raise BadParameter("reason", f"A reason may have {MAX_REASON} characters.", "too-long")
    return text
