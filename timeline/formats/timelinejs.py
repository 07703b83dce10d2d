"""The JSON of TimelineJS 3.

- A date has the parts that are known and no more: a year stays a year. A date that fills no unit
  of the calendar spans from its first to its last year, month or day, by its precision.
- Every slide has its date in words as ``display_date``, which TimelineJS prints in place of what
  it would make of the parts: "about 1912", "in or before July 2019".
- Where one side is not bounded, a slide stands at the edge that is known, and the words say so.
- What has no known edge stands on no line. It is listed on the title slide, up to a hundred of
  them by name and the rest by number.
- Years before the common era. TimelineJS prints -490 as "490 BCE", on slides and along the axis,
  and so do its users write them; EDTF counts as astronomers do, with a year 0. So -0489 is
  written -490, and there is no year 0. Since the browser reckons leap years by the written
  number, a 29 February before the common era is given by its month.
- Titles are escaped, and Markdown becomes HTML that runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from timeline.formats.contract import Context, Record, gathered
from timeline.formats.json_text import dump, without_none
from timeline.formats.parts import (
    CITED,
    PARTICIPANTS,
    PLACE_NAME,
    participants,
    place_name,
    sources,
)
from timeline.formats.prose import to_html
from timeline.formats.text import as_words, one_line, web_address
from timeline.formats.when import Instant, Moment, When, read_when

READS = (
    *("id", "title", "summary", "kind", "date", "image", "extra"),
    *(*PLACE_NAME, *PARTICIPANTS, *CITED, "citations.source.title"),
)
MOST_LISTED = 100

# How many of year, month, day, hour, minute and second each unit gives.
_PARTS = {
    "second": 6,
    "day": 3,
    "month": 2,
    "season": 2,
    "quarter": 2,
    "quadrimester": 2,
    "half": 2,
}
_NAMES = ("year", "month", "day", "hour", "minute", "second")
# Beyond these a browser has no dates, and TimelineJS must count in years alone.
_EARLIEST_YEAR, _LATEST_YEAR = -271_820, 275_759


@gathered
def write_timelinejs(records: Iterable[Record], context: Context) -> Iterator[bytes]:
    yield b'{"events":['
    separator, unlisted, is_vast = b"\n", 0, False
    listed: list[str] = []
    for record in records:
        made = slide(record, context)
        if made is not None:
            yield separator + dump(made)
            separator = b",\n"
            is_vast = is_vast or _is_vast(made)
        elif len(listed) < MOST_LISTED:
            listed.append(_unplaced(record, context))
        else:
            unlisted += 1
    yield b'\n],"title":' + dump(_title(context, listed, unlisted))
    yield b',"scale":"cosmological"}\n' if is_vast else b"}\n"


def slide(event: Record, context: Context) -> dict[str, Any] | None:
    """The event as a slide; None where it has no known edge."""
    when = read_when(event.get("date"))
    start, end = _dates(when) if when else (None, None)
    if when is None or start is None:
        return None
    return without_none(
        {
            "unique_id": one_line(event.get("id")),
            "start_date": start,
            "end_date": end if end != start else None,
            "display_date": escape(when.label),
            "group": escape(as_words(event.get("kind"))),
            "text": {
                "headline": escape(one_line(event.get("title"))),
                "text": _text(event, context),
            },
            "media": _media(event, context),
        }
    )


def _dates(when: When) -> tuple[dict[str, int] | None, dict[str, int] | None]:
    """Where it begins and, if that is elsewhere, where it ends."""
    precision = when.precision
    if when.start == when.end and when.start.unit:
        return _known(when.start, precision), None
    start = _known(when.start, precision) or _parts(when.start.earliest, precision)
    end = _known(when.end, precision) or _parts(when.end.latest, precision)
    if start is None:
        # Bounded on the later side only, or on neither.
        edge = when.start.latest or when.end.earliest or when.end.latest
        return end or _parts(edge, precision), None
    return start, end


def _known(moment: Moment, precision: str) -> dict[str, int] | None:
    """The moment, where it fills a unit of the calendar that its date may be known to."""
    unit = moment.unit
    # A bound to the second of a date that is not: where a number stopped short of "no bound".
    return (
        _parts(moment.earliest, unit) if unit and (unit != "second" or precision == unit) else None
    )


def _parts(instant: Instant | None, unit: str) -> dict[str, int] | None:
    if instant is None:
        return None
    count = _PARTS.get(unit, 1)
    if instant.year <= 0 and (instant.month, instant.day) == (2, 29):
        count = min(count, 2)
    year = instant.year if instant.year > 0 else instant.year - 1
    return dict(zip(_NAMES[:count], (year, *instant[1:count]), strict=True))


def _is_vast(made: dict[str, Any]) -> bool:
    years = [made[side]["year"] for side in ("start_date", "end_date") if side in made]
    return not all(_EARLIEST_YEAR <= year <= _LATEST_YEAR for year in years)


def _text(event: Record, context: Context) -> str:
    """The summary, where it was, who took part, on whose word, and where to read more."""
    parts = [to_html(event.get("summary"))]
    facts = [place_name(event), "; ".join(participants(event))]
    parts += [f"<p>{escape(fact)}</p>" for fact in facts if fact]
    cited = [
        _link(web_address(source.get("url")) or context.page("sources", source), source)
        for source in sources(event)
    ]
    if cited:
        parts.append(f"<p>Sources: {', '.join(cited)}</p>")
    page = web_address(context.page("events", event))
    if page:
        parts.append(f'<p><a href="{escape(page)}">More</a></p>')
    return "\n".join(part for part in parts if part)


def _link(address: str, record: Record) -> str:
    title, followed = escape(one_line(record.get("title"))), web_address(address)
    return f'<a href="{escape(followed)}">{title}</a>' if followed else title


def _media(event: Record, context: Context) -> dict[str, Any] | None:
    """The picture; whose it is, where the event's ``extra`` says so as ``image_credit``."""
    address = web_address(event.get("image"))
    if not address:
        return None
    return without_none(
        {
            "url": address,
            "credit": escape(one_line((event.get("extra") or {}).get("image_credit"))),
            "alt": one_line(event.get("title")),
            "link": web_address(context.page("events", event)),
        }
    )


def _unplaced(event: Record, context: Context) -> str:
    when = read_when(event.get("date"))
    said = when.words if when else "no date known"
    return f"<li>{_link(context.page('events', event), event)} ({escape(said)})</li>"


def _title(context: Context, listed: list[str], unlisted: int) -> dict[str, Any]:
    parts = [f"<p>{escape(context.description)}</p>"] if context.description else []
    if listed:
        more = f"<li>and {unlisted} more</li>" if unlisted else ""
        parts.append(f"<p>Not on the line:</p><ul>{''.join(listed)}{more}</ul>")
    return {"text": {"headline": escape(one_line(context.title)), "text": "\n".join(parts)}}
