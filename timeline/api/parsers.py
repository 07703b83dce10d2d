"""What bodies may be: JSON within limits that no client of good will meets."""

from __future__ import annotations

import codecs
import json
import math
from collections import Counter
from typing import Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_DEPTH = 64
MAX_BYTES = 2_621_440
INTEGERS = range(-(2**63), 2**63)


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
    text = text.removeprefix("\ufeff")
    if _depth(text) > MAX_DEPTH:
        raise ParseError(f"The JSON is nested more than {MAX_DEPTH} levels deep.")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_float,
            parse_int=_int,
        )
    except json.JSONDecodeError as error:
        raise ParseError(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from error
    _check_texts(value)
    return value


def _depth(text: str) -> int:
    depth = deepest = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise ParseError(f"The member “{twice[:80]}” stands twice in one object.")
    return result


def _no_constant(text: str) -> None:
    raise ParseError(f"{text} is not a number in JSON.")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ParseError(f"{text[:40]} is too large a number.")
    return value


def _int(text: str) -> int:
    if len(text) > 20 or int(text) not in INTEGERS:
        raise ParseError(f"{text[:40]} does not fit in 64 bits.")
    return int(text)


def _check_texts(value: Any) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += item.keys()
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, str):
            if "\0" in item:
                raise ParseError("A text holds the character NUL, which nothing here may.")
            if any("\ud800" <= character <= "\udfff" for character in item):
                raise ParseError("A text holds half a surrogate pair, which is no character.")
