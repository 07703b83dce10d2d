"""``Idempotency-Key``: a POST that is sent again is answered again, and not carried out again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from timeline.api.versions import tagged
from timeline.services import ledger
from timeline.services.answers import keep_answer, kept_answer

MAX_KEY = 255
# Printable ASCII; HTTP takes away the blanks around it.
KEY = r"[!-~]([ -~]*[!-~])?"


def once(method: Callable[..., Response]) -> Callable[..., Response]:
    """Let a POST be repeated safely under a key. What failed is not kept, and may be retried."""

    @wraps(method)
    def carried_out(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None or self.by.user is None:
            return method(self, request, *args, **kwargs)
        if len(key) > MAX_KEY or not re.fullmatch(KEY, key):
            raise ParseError(f"An Idempotency-Key has 1 to {MAX_KEY} printable ASCII characters.")
        asked = {"user": self.by.user, "key": key, "request_sha256": _digest(request)}
        with ledger.writing():
            kept = kept_answer(**asked)
            if kept is not None:
                return _again(kept)
            response = method(self, request, *args, **kwargs)
            keep_answer(
                **asked,
                status=response.status_code,
                location=response.headers.get("Location", ""),
                body=json.dumps(response.data, cls=JSONEncoder, ensure_ascii=False),
            )
            return response

    return carried_out


def _digest(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, ensure_ascii=False)
    asked = f"{request.method} {request.get_full_path()} {body}"
    return hashlib.sha256(asked.encode()).hexdigest()


def _again(kept: Any) -> Response:
    data = json.loads(kept.body)
    response = Response(data, status=kept.status, headers={"Idempotent-Replayed": "true"})
    if kept.location:
        response["Location"] = kept.location
    is_record = isinstance(data, dict) and isinstance(data.get("version"), int)
    return tagged(response, data["version"]) if is_record else response
