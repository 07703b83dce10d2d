"""The lines of an iCalendar component (RFC 5545, 3.1), for hundreds of thousands of them."""

from __future__ import annotations

from datetime import date, datetime

# Octets of a line, its beginning or the space that goes on with it included.
_LONGEST = 74
_BACKSLASH = ord("\\")


def text(name: str, value: str) -> str:
    """A line with a text, in which nothing ends it or has a meaning."""
    return line(name, escaped(value))


def escaped(value: str) -> str:
    """A text in which a backslash is a backslash, and the end of a line is no end of the line."""
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    return value.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def day(name: str, when: date) -> str:
    """A line with a day, or with an instant of UTC."""
    if isinstance(when, datetime):
        return line(name, spelled(when))
    return line(f"{name};VALUE=DATE", when.isoformat().replace("-", ""))


def spelled(moment: datetime) -> str:
    """An instant of UTC."""
    return f"{moment.isoformat()[:19].replace('-', '').replace(':', '')}Z"


def line(name: str, value: str) -> str:
    """A line, folded where it is long: not within a character, nor within what is escaped."""
    whole = f"{name}:{value}"
    if whole.isascii():
        if len(whole) <= _LONGEST:
            return f"{whole}\r\n"
    elif len(whole.encode()) <= _LONGEST:
        return f"{whole}\r\n"
    return _folded(whole.encode()).decode()


def _folded(whole: bytes) -> bytes:
    pieces, start, last = [], 0, len(whole) - _LONGEST
    while start < last:
        end = start + _LONGEST
        while whole[end] & 0xC0 == 0x80:
            end -= 1
        if whole[end - 1] == _BACKSLASH:
            before = whole[start:end]
            end -= (len(before) - len(before.rstrip(b"\\"))) % 2
        pieces.append(whole[start:end])
        start = end
    return b"\r\n ".join([*pieces, whole[start:]]) + b"\r\n"
