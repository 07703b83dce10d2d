"""iCalendar (RFC 5545, RFC 7986), to be subscribed to; streamed component by component.

A calendar has days, and most events have less. What is done about that:

- Certain days, or seconds, are a VEVENT of just those days or seconds (in UTC).
- A date that is less certain but bounded, within the years 1 to 9999, is a VEVENT of whole days
  from the first to the last day that it can touch. Its summary ends with the date in words,
  "(in August 2019)", and its description says that the days are bounds.
- Without a date, or a bound, or a year that calendars have, there is no honest day: the event is
  a VJOURNAL without DTSTART, with the same texts. Programs that show days only pass over it;
  in the file nothing is lost.

No event takes up anybody's time: all are TRANSPARENT.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from functools import lru_cache

from timeline.formats.content_lines import day, escaped, line, spelled, text
from timeline.formats.contract import Context, Record, gathered
from timeline.formats.parts import (
    CITED,
    PARTICIPANTS,
    PLACE_NAME,
    POINT,
    participants,
    place_name,
    point,
    sources,
)
from timeline.formats.prose import to_plain
from timeline.formats.text import as_words, legible, one_line, web_address
from timeline.formats.when import Instant, When, read_when

READS = (
    *("id", "version", "title", "summary", "kind", "date", "status", "assessment", "tags"),
    *("updated_at", *PLACE_NAME, *POINT, *PARTICIPANTS, *CITED, "citations.source.title"),
)
_END = b"END:VCALENDAR\r\n"
_REFRESH = timedelta(hours=1)
_DOUBTED = {"alleged", "disputed", "refuted"}
_NEVER = "19700101T000000Z"
_UTC = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z")
_LARGEST_SEQUENCE = 2**31 - 1
_BOUNDS_ARE_SHOWN = (
    "The date is not known to the day. The days shown are the first and the last that it can touch."
)
_NO_DAY_IS_SHOWN = "No days of a calendar say this date, and so none are shown."


@gathered
def write_ics(records: Iterable[Record], context: Context) -> Iterator[bytes]:
    yield _head(context)
    for record in records:
        yield component(record, context).encode()
    yield _END


def _head(context: Context) -> bytes:
    """The calendar without its components and its end."""
    # Only who asks for a calendar needs what takes three megabytes of each process.
    from icalendar import Calendar, vText

    class Text(vText):
        """A text in which a backslash is a backslash.

        icalendar takes a written backslash and N for the end of a line, and so loses both of them.
        """

        def to_ical(self) -> bytes:
            return escaped(self).encode()

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Timeline//Events//EN")
    calendar.add("calscale", "GREGORIAN")
    name, description = one_line(context.title), legible(context.description)
    calendar.add("name", Text(name))
    calendar.add("x-wr-calname", Text(name))
    if description:
        calendar.add("description", Text(description))
        calendar.add("x-wr-caldesc", Text(description))
    calendar.add("x-wr-timezone", "UTC")
    address = web_address(context.self_url)
    if address:
        calendar.add("source", address, parameters={"VALUE": "URI"})
    updated = _instant(context.updated)
    if updated:
        calendar.add("last-modified", updated)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    written: bytes = calendar.to_ical(sorted=False)
    return written.removesuffix(_END)


def component(event: Record, context: Context) -> str:
    """The event as a VEVENT where it has days, else as a VJOURNAL."""
    when = read_when(event.get("date"))
    days = _days(when) if when else None
    kind = "VEVENT" if days else "VJOURNAL"
    changed = _stamp(event.get("updated_at"))
    described = _description(event, when, context, has_days=days is not None)
    labels = [_label(tag) for tag in event.get("tags") or ()]
    if event.get("kind"):
        labels.insert(0, _label(as_words(event["kind"])))
    address = web_address(context.page("events", event))
    sequence = min(int(event.get("version") or 0), _LARGEST_SEQUENCE)
    lines = [
        f"BEGIN:{kind}\r\n",
        text("UID", f"urn:uuid:{one_line(event.get('id'))}"),
        f"DTSTAMP:{changed or _NEVER}\r\n",
        f"LAST-MODIFIED:{changed}\r\n" if changed else "",
        f"SEQUENCE:{sequence}\r\n",
        text("SUMMARY", _summary(event, when)),
        text("DESCRIPTION", described),
        line("CATEGORIES", ",".join(labels)) if labels else "",
        line("URL", address) if address else "",
        _in_time(when) if when else "",
        *([_status(event), _in_space(event)] if days else [_outside_of_time(event)]),
        f"END:{kind}\r\n",
    ]
    return "".join(lines)


# There are few labels, and events come in the order of their dates.
@lru_cache(maxsize=1024)
def _label(tag: object) -> str:
    return escaped(one_line(tag))


@lru_cache(maxsize=256)
def _in_time(when: When) -> str:
    written, days = text("X-TIMELINE-EDTF", when.edtf), _days(when)
    if days is None:
        return written
    first, last = days
    return written + day("DTSTART", first) + (day("DTEND", last) if last != first else "")


def _in_space(event: Record) -> str:
    place, where = place_name(event), point(event)
    written = text("LOCATION", place) if place else ""
    return written + line("GEO", f"{where[0]};{where[1]}") if where else written


def _outside_of_time(event: Record) -> str:
    return line("STATUS", "CANCELLED" if event.get("status") == "cancelled" else "FINAL")


@lru_cache(maxsize=256)
def _days(when: When) -> tuple[date, date] | None:
    """The first and, exclusively, the last day or second; None where there are none."""
    first, last = when.start.earliest, when.end.latest
    if first is None or last is None or first.year < 1 or last.year > MAXYEAR:
        return None
    if when.is_timed:
        return _datetime(first), _datetime(last)
    try:
        return date(*first[:3]), date(*last[:3]) + timedelta(days=1)
    except OverflowError:
        # The day after 9999-12-31, which the last day would have to end before.
        return None


def _datetime(instant: Instant) -> datetime:
    return datetime(*instant, tzinfo=UTC)


def _summary(event: Record, when: When | None) -> str:
    title = one_line(event.get("title"))
    if when is None:
        return f"{title} (no date known)"
    return title if when.is_exact else f"{title} ({when.words})"


def _description(event: Record, when: When | None, context: Context, *, has_days: bool) -> str:
    """Paragraphs: the date in words, the summary, who took part, on whose word, where to read."""
    parts = [_date_in_words(when, has_days), to_plain(event.get("summary"))]
    if event.get("assessment") not in (None, "", "unassessed"):
        parts.append(f"Assessment: {one_line(event['assessment'])}.")
    taking_part = "; ".join(participants(event))
    if taking_part:
        parts.append(f"Taking part: {taking_part}.")
    cited = [
        f"{one_line(source.get('title'))} {web_address(source.get('url'))}".strip()
        for source in sources(event)
    ]
    if cited:
        parts.append("\n".join(["Sources:", *cited]))
    parts.append(web_address(context.page("events", event)))
    return "\n\n".join([part for part in parts if part])


@lru_cache(maxsize=256)
def _date_in_words(when: When | None, has_days: bool) -> str:
    if when is None:
        return "Date: not known."
    said = f"Date: {when.words} ({when.grounds})." if when.grounds else f"Date: {when.words}."
    if not has_days:
        return f"{said} {_NO_DAY_IS_SHOWN}"
    return said if when.is_exact else f"{said} {_BOUNDS_ARE_SHOWN}"


def _status(event: Record) -> str:
    """That it takes up nobody's time, and whether it took place."""
    status = event.get("status")
    if status == "cancelled":
        said = "CANCELLED"
    elif status in ("planned", "postponed") or event.get("assessment") in _DOUBTED:
        said = "TENTATIVE"
    else:
        said = "CONFIRMED"
    return f"TRANSP:TRANSPARENT\r\nSTATUS:{said}\r\n"


def _stamp(written: object) -> str:
    """An instant in RFC 3339, as calendars write it; nothing for what is none."""
    if isinstance(written, str) and _UTC.fullmatch(written):
        digits = written[:19].replace("-", "").replace(":", "")
        return f"{digits}Z"
    moment = _instant(written)
    return spelled(moment) if moment else ""


def _instant(written: object) -> datetime | None:
    """An instant in RFC 3339, to the second in UTC."""
    try:
        moment = datetime.fromisoformat(str(written))
        # One at an edge of what datetime holds may be shifted over it.
        return moment.astimezone(UTC).replace(microsecond=0) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
