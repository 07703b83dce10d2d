"""The lines of an iCalendar component (RFC 5545, 3.1), for hundreds of thousands of them."""

from __future__ import annotations

from datetime import date, datetime

# Octets of a line, its beginning or the space that goes on with it included.
_LONGEST = 74


def text(name: str, value: str) -> bytes:
    """A line with a text, in which nothing ends it or has a meaning."""
    return line(name, escaped(value))


def escaped(value: str) -> str:
    """A text in which a backslash is a backslash, and the end of a line is no end of the line."""
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return value.replace("\n", "\\n")


def instant(name: str, moment: datetime) -> bytes:
    """A line with an instant of UTC."""
    return line(name, moment.strftime("%Y%m%dT%H%M%SZ").rjust(16, "0"))


def day(name: str, when: date) -> bytes:
    """A line with a day, or with an instant of UTC."""
    if isinstance(when, datetime):
        return instant(name, when)
    return line(f"{name};VALUE=DATE", when.strftime("%Y%m%d").rjust(8, "0"))


def line(name: str, value: str) -> bytes:
    """A line, folded where it is long: not within a character, nor within what is escaped."""
    whole = f"{name}:{value}".encode()
    if len(whole) <= _LONGEST:
        return whole + b"\r\n"
    pieces, start = [], 0
    while len(whole) - start > _LONGEST:
        end = start + _LONGEST
        while whole[end] & 0xC0 == 0x80:
            end -= 1
        before = whole[start:end]
        end -= (len(before) - len(before.rstrip(b"\\"))) % 2
        pieces.append(whole[start:end])
        start = end
    return b"\r\n ".join([*pieces, whole[start:]]) + b"\r\n"
