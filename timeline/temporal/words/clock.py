"""Times of day and zones in words."""

from __future__ import annotations

from timeline.temporal.canonical import written_shift
from timeline.temporal.words.parts import Parts
from timeline.temporal.words.tokens import Cursor

_ZONES = ("utc", "gmt", "z")


def begins_time(cursor: Cursor) -> bool:
    """Whether a time of day comes next: 14:30, 2 pm, noon."""
    token = cursor.next
    if token.kind == "number":
        return cursor.peek(1).text in ("am", "pm")
    return token.kind == "time" or token.text == "noon"


def read_time(cursor: Cursor, parts: Parts) -> None:
    """Read a time and its zone. Only UTC and shifts from it are known: EST names several."""
    token = cursor.next
    cursor.at += 1
    clock = "12:00" if token.text == "noon" else token.text
    hours, _, rest = clock.partition(":")
    hour, half = int(hours), cursor.say("am", "pm")
    if half:
        if not 1 <= hour <= 12:
            problem = "A time with am or pm has the hours 1 to 12"
            raise cursor.refusal("no-such-time", problem, token.offset)
        hour = hour % 12 + (12 if half == "pm" else 0)
    rest = rest or "00"
    parts.time = f"{hour:02d}:{rest if len(rest) > 2 else rest + ':00'}"
    parts.shift = _read_shift(cursor)


def _read_shift(cursor: Cursor) -> str:
    zone = cursor.say(*_ZONES)
    following = cursor.peek(1).kind in ("number", "time")
    if not zone and not (cursor.next.text == "+" and following):
        return ""
    sign = cursor.say("+", "-") if following else ""
    if not sign:
        return "Z"
    token = cursor.next
    cursor.at += 1
    hours, _, minutes = token.text.partition(":")
    shift = int(hours) * 60 + int(minutes or 0)
    if shift >= 1440:
        raise cursor.refusal("no-such-shift", "There is no such shift from UTC", token.offset)
    return written_shift(shift if sign == "+" else -shift)
