"""Where errors meet HTTP: RFC 9457 problem details, here and nowhere else.

Answers are plain ``HttpResponse``: one that went through the negotiated renderer would come out
as CSV on a request for CSV.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions

from timeline import errors
from timeline.services.answers import KeyReused
from timeline.services.imports import Rejected

log = structlog.get_logger(__name__)

STATUSES: list[tuple[type[errors.TimelineError], int]] = [
    (errors.Invalid, 400),
    (errors.NotAllowed, 403),
    (errors.Missing, 404),
    (errors.Stale, 412),
    (KeyReused, 422),
    (errors.Conflict, 409),
]


class BadParameter(errors.TimelineError):
    """A query parameter that is not known, or a value that it cannot have."""

    code = "bad-parameter"
    title = "A query parameter is not valid"
    advice = (
        "Put right or take away what `errors` names. Nothing unknown is ignored, since an answer to "
        "another question would be worse than none; `/api/docs` lists the parameters of each address."
    )

    def __init__(self, parameter: str, detail: str, code: str = "invalid") -> None:
        super().__init__(detail)
        self.parameter = parameter
        self.flaw_code = code


class PreconditionRequired(errors.TimelineError):
    """The service is set to take changes only from those who say what they change."""

    code = "precondition-required"
    title = "Say which version you are changing"
    advice = "Read the record, and send its `ETag` along with the change as `If-Match`."


STATUSES.append((PreconditionRequired, 428))


def status_of(kind: type[errors.TimelineError]) -> int:
    """The HTTP status of a kind of error."""
    return next((status for known, status in STATUSES if issubclass(kind, known)), 400)


class BadParameters(errors.TimelineError):
    """Several of them."""

    code, title = BadParameter.code, BadParameter.title

    def __init__(self, problems: list[BadParameter]) -> None:
        super().__init__(" ".join(problem.detail for problem in problems))
        self.problems = problems


class BadOperation(errors.TimelineError):
    """One operation of a batch cannot be carried out, and so none is."""

    def __init__(self, index: int, op: str, cause: Exception) -> None:
        super().__init__(f"Operation {index} ({op}) cannot be carried out, and so none was.")
        self.index, self.cause = index, cause


def unknown_parameter(name: str, known: Iterable[str]) -> BadParameter:
    """The refusal of a parameter, with the nearest one that there is."""
    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    if not near and known:
        hint = f" There are: {', '.join(known)}."
    return BadParameter(name, f"There is no parameter “{name[:80]}”.{hint}", "unknown-parameter")


def problem(  # noqa: PLR0917 - the members of RFC 9457, in its order
    request: Any,
    status: int,
    code: str,
    title: str,
    detail: str = "",
    flaws: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
    report: dict[str, Any] | None = None,
) -> HttpResponse:
    """The answer that tells what went wrong."""
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "instance": request.path,
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
        "errors": flaws or [],
    }
    if report is not None:
        body["report"] = report
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(
        text, status=status, content_type="application/problem+json", headers=headers
    )


def _pointer(path: Iterable[str | int]) -> str:
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in path]
    return "".join(f"/{part}" for part in parts)


def _of_serializer(detail: Any, path: tuple[str | int, ...] = ()) -> list[dict[str, Any]]:
    """Flatten what a serializer complains of; lists come as lists or as dicts of positions."""
    if isinstance(detail, dict):
        flaws = []
        for key, value in detail.items():
            step = () if key == "non_field_errors" else (key,)
            flaws += _of_serializer(value, path + step)
        return flaws
    if isinstance(detail, list):
        nested = any(isinstance(item, dict | list) for item in detail)
        flaws = []
        for position, item in enumerate(detail):
            flaws += _of_serializer(item, (*path, position) if nested else path)
        return flaws
    code = str(getattr(detail, "code", "invalid")).replace("_", "-")
    return [{"pointer": _pointer(path), "code": code, "detail": str(detail)}]


def _of_ours(request: Any, error: errors.TimelineError) -> HttpResponse:
    flaws: list[dict[str, Any]] = []
    status = status_of(type(error))
    match error:
        case errors.Invalid() | errors.Conflict():
            flaws = [
                {"pointer": _pointer(flaw.path), "code": flaw.code, "detail": flaw.detail}
                for flaw in error.flaws
            ]
        case BadParameters():
            flaws = [_parameter(one) for one in error.problems]
        case BadParameter():
            flaws = [_parameter(error)]
        case Rejected():
            report = error.report.as_dict()
            return problem(
                request,
                status,
                error.code,
                error.title,
                error.detail,
                list(_of_rows(report)),
                report=report,
            )
    return problem(request, status, error.code, error.title, error.detail, flaws)


def _of_rows(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in report["rows"]:
        for flaw in row.get("errors", ()):
            path = [row["line"], *(flaw["field"].split(".") if flaw["field"] else ())]
            yield {"pointer": _pointer(path), "code": flaw["code"], "detail": flaw["detail"]}


def _parameter(error: BadParameter) -> dict[str, Any]:
    return {"parameter": error.parameter, "code": error.flaw_code, "detail": error.detail}


def _of_framework(request: Any, error: exceptions.APIException) -> HttpResponse:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(max(1, round(error.wait)))
    if isinstance(error, exceptions.ValidationError):
        flaws = _of_serializer(error.detail)
        return problem(
            request,
            error.status_code,
            errors.Invalid.code,
            errors.Invalid.title,
            " ".join(f"{flaw['pointer'] or 'body'}: {flaw['detail']}" for flaw in flaws[:5]),
            flaws,
            headers,
        )
    code, title = TITLES.get(
        type(error), (str(error.default_code).replace("_", "-"), str(error.default_detail))
    )
    return problem(
        request,
        error.status_code,
        code,
        title,
        _what_to_do(request, error),
        headers=headers,
    )


def _what_to_do(request: Any, error: exceptions.APIException) -> str:
    """Where the framework says only what was wrong."""
    view = request.parser_context["view"] if hasattr(request, "parser_context") else None
    match error:
        case exceptions.MethodNotAllowed() if view:
            return f"{request.method} is not for this address. It takes {view.headers['Allow']}."
        case exceptions.UnsupportedMediaType() if view:
            sent = request.content_type[:80] or "no Content-Type"
            return f"The body came as {sent}. Send it as {_any_of(view.get_parsers())}."
        case exceptions.NotAcceptable() if view:
            return f"Accept {_any_of(view.get_renderers())}, or leave the header out."
    return str(error.detail)


def _any_of(formats: Iterable[Any]) -> str:
    return " or ".join(dict.fromkeys(f.media_type for f in formats))


def _of_operation(answer: HttpResponse, error: BadOperation) -> HttpResponse:
    """The problem of one operation, told as one of the batch."""
    body = json.loads(answer.content)
    place = f"/operations/{error.index}"
    for flaw in body["errors"]:
        flaw["pointer"] = f"{place}/data{flaw.get('pointer', '')}"
    if not body["errors"]:
        body["errors"] = [{"pointer": place, "code": "refused", "detail": body["detail"]}]
    body["detail"] = f"{error.detail} {body['detail']}"
    answer.content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return answer


TITLES: dict[type[exceptions.APIException], tuple[str, str]] = {
    exceptions.ParseError: ("malformed", "The request is malformed"),
    exceptions.UnsupportedMediaType: ("unsupported-media-type", "The body is in no known format"),
    exceptions.NotAcceptable: ("not-acceptable", "There is no answer in the format asked for"),
    exceptions.MethodNotAllowed: ("method-not-allowed", "This cannot be done here"),
    exceptions.NotAuthenticated: ("not-authenticated", "A login is needed"),
    exceptions.AuthenticationFailed: ("authentication-failed", "The login is not valid"),
    exceptions.Throttled: ("throttled", "Too many requests"),
}


def _of_database(request: Any, error: Exception) -> HttpResponse:
    if isinstance(error, IntegrityError):
        return problem(
            request,
            409,
            "conflict",
            errors.Conflict.title,
            "Another record stands in the way, or one that this needs has just gone.",
        )
    if isinstance(error, DataError | OverflowError):
        return problem(request, 400, "invalid", errors.Invalid.title, "A value is out of range.")
    if "full" in str(error).lower():
        return problem(request, 507, "disk-full", "There is no room left to store this")
    return problem(
        request,
        503,
        "database-busy",
        "The database cannot answer just now",
        "Nothing was changed, unless you were told so. Try again in a moment.",
        headers={"Retry-After": "2"},
    )


def problem_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Answer any error of a view."""
    request = context["request"]
    match error:
        case BadOperation():
            answer = problem_handler(error.cause, context)
            return answer and _of_operation(answer, error)
        case errors.TimelineError():
            return _of_ours(request, error)
        case exceptions.APIException():
            return _of_framework(request, error)
        case Http404():
            return problem(request, 404, "not-found", errors.Missing.title)
        case PermissionDenied():
            return problem(request, 403, "not-allowed", errors.NotAllowed.title)
        case MultiPartParserError():
            return problem(request, 400, "malformed", "The request is malformed")
        case RequestDataTooBig():
            return problem(request, 413, "too-large", "The body is too large")
        case SuspiciousOperation() | UnicodeError():
            return problem(request, 400, "malformed", "The request is malformed")
        case IntegrityError() | DataError() | OverflowError():
            return _of_database(request, error)
        case OperationalError() | InterfaceError():
            log.error("database_unavailable", kind=type(error).__name__)
            return _of_database(request, error)
        case _:
            log.error("unexpected_error", exc_info=error)
            return problem(
                request,
                500,
                "internal-error",
                "Something went wrong on our side",
                "It has been logged under the request id given here.",
            )


def restated(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """A refusal that was made outside of our views, by Django or a middleware, in our words."""
    status = answer.status_code
    code, title = {
        404: ("not-found", errors.Missing.title),
        405: TITLES[exceptions.MethodNotAllowed],
        412: (errors.Stale.code, errors.Stale.title),
    }.get(
        status,
        ("malformed", "The request is malformed")
        if status < 500
        else ("internal-error", "Something went wrong on our side"),
    )
    kept = {name: answer[name] for name in ("Allow", "ETag", "Retry-After") if name in answer}
    return problem(request, status, code, title, headers=kept)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer for an address under ``/api/`` where there is nothing."""
    return problem(
        request,
        404,
        "no-such-address",
        "There is nothing at this address",
        "The resources are listed at /api/v1 and described at /api/docs.",
    )
