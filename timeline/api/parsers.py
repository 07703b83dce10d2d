"""What bodies may be: JSON within limits that no client of good will meets."""

from __future__ import annotations

import codecs
import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from timeline.services.strict_json import Unsound
from timeline.services.strict_json import read_json as read_strictly

MAX_BYTES = 2_621_440


class StrictJSONParser(BaseParser):
    """JSON without repeated keys, infinities, NUL, lone surrogates or more than 64 levels."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise RequestDataTooBig(f"The body is larger than {MAX_BYTES} bytes.")
        return read_json(data)


class MergePatchParser(StrictJSONParser):
    """RFC 7396, which is JSON; what it means is the serializers' business."""

    media_type = "application/merge-patch+json"


def read_json(data: bytes) -> Any:
    """Parse, or raise :class:`ParseError` saying where and why not."""
    try:
        text = codecs.decode(data, "utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(f"The body is not UTF-8 (byte {error.start}).") from error
    try:
        return read_strictly(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise ParseError(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from error
    except Unsound as error:
        raise ParseError(str(error)) from error
