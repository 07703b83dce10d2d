"""The pages that the ``type`` of a problem leads to: what each code means, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from timeline.api.problems import BadOperation, BadParameters, status_of
from timeline.errors import TimelineError


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means."""

    code: str
    status: int
    title: str
    meaning: str
    advice: str


# What no class of ours stands for: refusals of the framework, of the database and of the server.
OTHERS = (
    Explanation(
        "malformed",
        400,
        "The request is malformed",
        "The body or the address could not be read at all: no JSON, no UTF-8, or no address.",
        "Read `detail`, which says where; send JSON in UTF-8 as `application/json`.",
    ),
    Explanation(
        "not-authenticated",
        401,
        "A login is needed",
        "Only somebody with a token may do this.",
        "Send the token that an administrator gave you as `Authorization: Bearer tl_…`.",
    ),
    Explanation(
        "authentication-failed",
        401,
        "The login is not valid",
        "The token is not known, has expired, or was revoked.",
        "Check that it was copied whole; otherwise ask an administrator for a new one.",
    ),
    Explanation(
        "no-such-address",
        404,
        "There is nothing at this address",
        "The address leads to no resource and no operation of this service.",
        "Begin at `/api/v1`, which lists the resources, or at `/api/docs`.",
    ),
    Explanation(
        "method-not-allowed",
        405,
        "This cannot be done here",
        "The address is right, and what it leads to does not know this method.",
        "Read the header `Allow`, or ask the address with `OPTIONS` what it knows.",
    ),
    Explanation(
        "not-acceptable",
        406,
        "There is no answer in the format asked for",
        "`Accept` names only formats in which this address does not answer.",
        "Ask for `application/json`; other formats have addresses of their own, `/events.csv`.",
    ),
    Explanation(
        "too-large",
        413,
        "The body is too large",
        "The body is larger than this service reads.",
        "Send less at a time; many events go in by `/imports` or in batches.",
    ),
    Explanation(
        "unsupported-media-type",
        415,
        "The body is in no known format",
        "`Content-Type` names a format that this address does not read.",
        "Send `application/json`; files to import are `application/x-ndjson` or a form.",
    ),
    Explanation(
        "throttled",
        429,
        "Too many requests",
        "You asked more often than the service lets anybody ask.",
        "Wait as many seconds as `Retry-After` says; the `RateLimit-` headers tell what is left.",
    ),
    Explanation(
        "internal-error",
        500,
        "Something went wrong on our side",
        "The service met something it was not made for. Nothing was changed.",
        "Try again; if it stays so, tell the operator the `request_id`.",
    ),
    Explanation(
        "database-busy",
        503,
        "The database cannot answer just now",
        "The database is busy, or is not there. Nothing was changed.",
        "Try again after as many seconds as `Retry-After` says.",
    ),
    Explanation(
        "disk-full",
        507,
        "There is no room left to store this",
        "The disk of the database is full. Nothing was changed.",
        "Tell the operator; reading goes on.",
    ),
)
# These only carry others.
CARRIERS = (TimelineError, BadParameters, BadOperation)


def _kinds(kind: type[TimelineError] = TimelineError) -> Iterator[type[TimelineError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _kinds(one)


@cache
def explanations() -> dict[str, Explanation]:
    """Every code there is, in the order of the statuses."""
    ours = [
        Explanation(
            kind.code,
            status_of(kind),
            kind.title,
            " ".join((kind.__doc__ or "").replace("``", "`").split()),
            kind.advice,
        )
        for kind in _kinds()
        # What has no code of its own, as what is wrong with a seed, is told by no answer.
        if kind not in CARRIERS and "code" in vars(kind)
    ]
    ordered = sorted((*ours, *OTHERS), key=lambda one: (one.status, one.code))
    return {one.code: one for one in ordered}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every problem, in one line each."""
    return _page(request, "timeline/problems.html", {"problems": explanations().values()})


@require_safe
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """What one code means, and what to do."""
    explained = explanations().get(code)
    if explained is None:
        raise Http404
    texts = {"meaning": _marked(explained.meaning), "advice": _marked(explained.advice)}
    return _page(request, "timeline/problem.html", {"problem": explained, **texts})


def _marked(text: str) -> SafeString:
    """The text with what stands in backticks as code."""
    parts = text.split("`")
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", part) if at % 2 else part,)
            for at, part in enumerate(parts)
        ),
    )


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    response = render(request, template, context)
    patch_cache_control(response, public=True, max_age=3600)
    return response
