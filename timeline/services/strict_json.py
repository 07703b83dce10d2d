"""JSON as strictly as everything here reads it, bodies and rows of files alike.

What one database would refuse, or one reader of ours would lose, is refused by all of them:
repeated members, infinities, integers beyond 64 bits, NUL, half a surrogate pair, and more levels
than anybody of good will nests.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

MAX_DEPTH = 64
INTEGERS = range(-(2**63), 2**63)


class Unsound(ValueError):
    """JSON that is well written and holds what nothing here may."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def read_json(text: str) -> Any:
    """The value that is written, or :class:`Unsound`, or :class:`json.JSONDecodeError`."""
    if _depth(text) > MAX_DEPTH:
        raise Unsound("too-deep", f"The JSON is nested more than {MAX_DEPTH} levels deep.")
    value = _decoder.decode(text)
    # A reader of UTF-8 meets neither NUL nor half a pair, unless they are written as escapes.
    if "\\u" in text:
        _check_texts(value)
    return value


def _depth(text: str) -> int:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return 0
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
        raise Unsound("repeated-member", f"The member “{twice[:80]}” stands twice in one object.")
    return result


def _no_constant(text: str) -> None:
    raise Unsound("bad-number", f"{text} is not a number in JSON.")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise Unsound("bad-number", f"{text[:40]} is too large a number.")
    return value


def _int(text: str) -> int:
    if len(text) > 20 or int(text) not in INTEGERS:
        raise Unsound("bad-number", f"{text[:40]} does not fit in 64 bits.")
    return int(text)


_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_no_constant,
    parse_float=_float,
    parse_int=_int,
)


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
                raise Unsound(
                    "bad-character", "A text holds the character NUL, which nothing here may."
                )
            if any("\ud800" <= character <= "\udfff" for character in item):
                raise Unsound(
                    "bad-character", "A text holds half a surrogate pair, which is no character."
                )
