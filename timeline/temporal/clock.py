"""A date with a time of day: LoC EDTF level 0 "Date and Time".

Only the complete form: hours, minutes and seconds, extended format, with ``Z``, a shift in hours
or in hours and minutes, or nothing. ``24:00:00`` is the end of the day, which is the first second
of the next. ``23:59:60`` is accepted where a leap second can be, at the end of a UTC day; the
count of seconds has no number of its own for it, so it has that of 23:59:59 and stays in its day.
"""

from __future__ import annotations

import re

from timeline.temporal.dates import read_date
from timeline.temporal.errors import EdtfError
from timeline.temporal.precision import Precision
from timeline.temporal.shape import Point

_DATETIME = re.compile(
    r"(-?[0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(Z|([+-])([0-9]{2})(?::([0-9]{2}))?)?"
)


def read_datetime(text: str, start: int, end: int, zone: int) -> Point | None:
    """Read ``text[start:end]``; None if it does not have the form of a date with a time.

    ``zone`` is the shift, in minutes ahead of UTC, of a time that names none.
    """
    found = _DATETIME.fullmatch(text, start, end)
    if found is None:
        return None
    date = read_date(text, *found.span(1))
    if date is None:
        return None
    shift = _shift(text, found)
    hour, minute, second = int(found[2]), int(found[3]), int(found[4])
    whole_day = hour == 24 and not minute and not second
    if (hour > 23 and not whole_day) or minute > 59 or second > 60:
        at = found.start(2 if hour > 23 else 3 if minute > 59 else 4)
        raise EdtfError("no-such-time", at, text, "There is no such time of day")
    away = zone if shift is None else shift
    seconds = hour * 3600 + minute * 60 + min(second, 59)
    if second == 60:
        ends_utc_day = (hour * 60 + minute - away) % 1440 == 1439
        ends_local_day = shift is None and hour == 23 and minute == 59
        if not (ends_utc_day or ends_local_day):
            problem = "A leap second comes only after 23:59:59 in UTC"
            raise EdtfError("no-such-time", found.start(4), text, problem)
    instant = date.first + seconds - away * 60
    return date._replace(
        first=instant,
        last=instant,
        low=instant,
        high=instant,
        precision=Precision.SECOND,
        time=text[found.start(2) : found.end(4)],
        shift=shift,
    )


def _shift(text: str, found: re.Match[str]) -> int | None:
    """Minutes ahead of UTC, or None where none are written."""
    zone, sign, hours, minutes = found.groups("")[4:]
    if not zone:
        return None
    if zone == "Z":
        return 0
    if int(hours) > 23 or int(minutes or 0) > 59:
        problem = "There is no such shift: hours are 00 to 23, minutes 00 to 59"
        raise EdtfError("no-such-shift", found.start(5), text, problem)
    shift = int(hours) * 60 + int(minutes or 0)
    if sign == "-" and not shift:
        problem = "A shift of zero is written Z or +00:00"
        raise EdtfError("no-such-shift", found.start(5), text, problem)
    return shift if sign == "+" else -shift
