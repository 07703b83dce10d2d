"""What every answer carries, and what the log says about a request."""

from collections.abc import Callable
from functools import cache

import structlog
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import set_response_etag
from django_structlog.middlewares import RequestMiddleware

from timeline.api.problems import restated

GetResponse = Callable[[HttpRequest], HttpResponse]

UNUSED_POWERS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class RequestLogMiddleware(RequestMiddleware):
    """Gives each request an id, tells the client, and logs the path without its query."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        # A query holds what a reader searched for, and may hold a title.
        return f"{request.method} {request.path}"

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        context = structlog.contextvars.get_contextvars()
        response.headers["X-Request-ID"] = context["request_id"]
        super().handle_response(request, response)


def permissions_policy(get_response: GetResponse) -> GetResponse:
    """Renounce, in every answer, the powers of a browser that no page of ours uses."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", UNUSED_POWERS)
        return response

    return middleware


def problems_of_the_api(get_response: GetResponse) -> GetResponse:
    """Tell refusals under /api/ as the API does, also those that Django makes on its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if (
            response.status_code >= 400
            and request.path_info.startswith("/api/")
            and response.headers.get("Content-Type") != "application/problem+json"
        ):
            return restated(request, response)
        return response

    return middleware


class ConditionalReadMiddleware(ConditionalGetMiddleware):
    """Gives the answer to a HEAD the tag of its GET, which Django leaves out."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        tagless = isinstance(response, HttpResponse) and "ETag" not in response
        if request.method == "HEAD" and tagless and self.needs_etag(response):
            set_response_etag(response)
        return super().process_response(request, response)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Sends the directives in one order: the library's changes with every start of the process."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not hasattr(response, "_csp_update"):
            response.headers.setdefault(HEADER, usual_policy())
            return response
        response = super().process_response(request, response)
        response.headers[HEADER] = in_order(response.headers[HEADER])
        return response


@cache
def usual_policy() -> str:
    """The policy of all but the few answers that change it."""
    return in_order(build_policy())


def in_order(policy: str) -> str:
    return "; ".join(sorted(policy.split("; ")))
