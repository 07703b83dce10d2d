"""JSON in UTF-8, from whatever the records hold."""

from __future__ import annotations

from typing import Any

import orjson

from timeline.formats.contract import Record


def dump(value: Any) -> bytes:
    """The value as JSON on one line.

    A lone surrogate, which no text in UTF-8 can hold, becomes U+FFFD rather than an end of the
    whole export; so does an integer of more than 64 bits become text.
    """
    try:
        return orjson.dumps(value, default=str)
    except TypeError:
        return orjson.dumps(_sound(value), default=str)


def written(value: Any) -> orjson.Fragment:
    """The value as JSON, to be put as it is into what is dumped; as a copy, to be kept.

    What orjson itself returns is several times as large as it is long.
    """
    return orjson.Fragment(bytes(memoryview(dump(value))))


def without_none(members: Record) -> dict[str, Any]:
    """The members that say something."""
    return {name: value for name, value in members.items() if value or value == 0}


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_sound(str(name)): _sound(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_sound(member) for member in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)
    return value
