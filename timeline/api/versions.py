"""ETag and If-Match: a version to write against, a digest to read against.

The tag of a record is ``"<version>-<digest of the answer>"``. Writers are held to the version;
readers to the whole, since an event also changes when an actor in it gets another name.
"""

from __future__ import annotations

import hashlib
import re

import orjson
from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from timeline.api.problems import PreconditionRequired

TAG = re.compile(r'"(\d{1,9})(?:-[0-9a-f]+)?"')


def tag_of(body: bytes, version: int) -> str:
    """The tag of a record that is told so, however the JSON is spelled: databases space it each
    in their own way.
    """
    told = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    return f'"{version}-{hashlib.sha256(told).hexdigest()[:16]}"'


def tagged(response: Response, version: int) -> Response:
    """Give the answer its tag, once its body is known."""

    def tag(rendered: Response) -> None:
        rendered["ETag"] = tag_of(rendered.content, version)

    response.add_post_render_callback(tag)
    return response


def expected_version(request: Request) -> int | None:
    """The version that the writer says it has read."""
    header = request.headers.get("If-Match")
    if header is None:
        if settings.REQUIRE_IF_MATCH:
            raise PreconditionRequired("Send the ETag of the record you have read as If-Match.")
        return None
    if header.strip() == "*":
        return None
    match = TAG.fullmatch(header.strip())
    # A tag that is not ours, or weak, names no version that there ever was.
    return int(match[1]) if match else 0
