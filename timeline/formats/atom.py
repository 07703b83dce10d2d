"""Atom (RFC 4287), to be subscribed to: an entry for each event, streamed.

An entry's date is when its record last changed; when the event happened is in words, at the head
of summary and content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from xml.sax.saxutils import escape, quoteattr

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
from timeline.formats.prose import to_html, to_plain
from timeline.formats.text import as_words, legible, one_line, web_address
from timeline.formats.when import When, read_when

READS = (
    *("id", "title", "summary", "kind", "date", "tags", "published_at", "updated_at"),
    *(*PLACE_NAME, *POINT, *PARTICIPANTS, *CITED, "citations.source.title"),
)
# A feed must say when it last changed; an empty one that nobody dated never did.
_NEVER = "1970-01-01T00:00:00Z"
_SHORT = 400
_NOTHING_TO_QUOTE = re.compile("[A-Za-z0-9:/._-]*")


@gathered
def write_atom(records: Iterable[Record], context: Context) -> Iterator[bytes]:
    stream = iter(records)
    first = next(stream, None)
    updated = context.updated or (first or {}).get("updated_at") or _NEVER
    yield _head(context, one_line(updated)).encode()
    for record in chain([first] if first is not None else [], stream):
        yield entry(record, context).encode()
    yield b"</feed>\n"


def _head(context: Context, updated: str) -> str:
    address, site = web_address(context.self_url), web_address(context.site_url)
    return "".join(
        (
            '<?xml version="1.0" encoding="utf-8"?>\n',
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"',
            ' xmlns:georss="http://www.georss.org/georss">\n',
            _element("id", address or "urn:timeline:events"),
            _element("title", one_line(context.title) or "Timeline"),
            _element("subtitle", one_line(context.description)) if context.description else "",
            _element("updated", updated),
            _link("self", address, "application/atom+xml"),
            _link("alternate", site, "text/html"),
            f"<author>{_element('name', 'Timeline')}{_element('uri', site) if site else ''}</author>\n",
            _element("generator", "Timeline"),
        )
    )


def entry(event: Record, context: Context) -> str:
    """The event as an entry."""
    kind, where = event.get("kind"), point(event)
    published = one_line(event.get("published_at"))
    when = _sentence(read_when(event.get("date")))
    return "".join(
        (
            "<entry>\n",
            _element("id", f"urn:uuid:{one_line(event.get('id'))}"),
            _element("title", one_line(event.get("title")) or "(no title)"),
            _element("updated", one_line(event.get("updated_at")) or published or _NEVER),
            _element("published", published) if published else "",
            _link("alternate", web_address(context.page("events", event)), "text/html"),
            _category(kind, as_words(kind)) if kind else "",
            *(_category(tag, tag) for tag in event.get("tags") or ()),
            _element("summary", _summary(event, when)),
            f'<content type="html">{escape(_content(event, when, context))}</content>\n',
            f"<georss:point>{where[0]} {where[1]}</georss:point>\n" if where else "",
            "</entry>\n",
        )
    )


# There are few of them, and each stands in many entries.
@lru_cache(maxsize=1024)
def _category(term: object, label: object) -> str:
    term, label = one_line(term), one_line(label)
    return f"<category term={_quoted(term)} label={_quoted(label)}/>\n" if term else ""


@lru_cache(maxsize=256)
def _sentence(when: When | None) -> str:
    if when is None:
        return "Date not known."
    words = when.words[:1].upper() + when.words[1:]
    return f"{words} ({when.grounds})." if when.grounds else f"{words}."


def _summary(event: Record, when: str) -> str:
    told = one_line(to_plain(event.get("summary")))
    if len(told) > _SHORT:
        told = told[:_SHORT].rsplit(" ", 1)[0] + " …"
    return f"{when} {told}".strip()


def _content(event: Record, when: str, context: Context) -> str:
    """What a reader of feeds shows: the date, the summary, who took part, on whose word."""
    where = place_name(event)
    parts = [f"<p>{escape(f'{when} {where}.' if where else when)}</p>"]
    parts.append(to_html(event.get("summary")))
    parts.append(_listed("Taking part", [escape(name) for name in participants(event)]))
    cited = [_reference(source, context) for source in sources(event)]
    parts.append(_listed("Sources", cited))
    return "\n".join(part for part in parts if part)


def _reference(source: Record, context: Context) -> str:
    address = web_address(source.get("url")) or web_address(context.page("sources", source))
    title = escape(one_line(source.get("title")) or "Source")
    return f"<a href={_quoted(address)}>{title}</a>" if address else title


def _listed(heading: str, items: list[str]) -> str:
    rows = "</li><li>".join(items)
    return f"<p>{heading}:</p><ul><li>{rows}</li></ul>" if items else ""


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>\n"


def _link(relation: str, address: str, media_type: str) -> str:
    if not address:
        return ""
    return f'<link rel="{relation}" type="{media_type}" href={_quoted(address)}/>\n'


def _quoted(text: str) -> str:
    if _NOTHING_TO_QUOTE.fullmatch(text):
        return f'"{text}"'
    return quoteattr(legible(text))
