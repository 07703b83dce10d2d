"""Sources as CSL-JSON, which Zotero, Pandoc and every reference manager read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from timeline.formats.contract import Context, Record, gathered
from timeline.formats.json_text import dump, without_none
from timeline.formats.text import one_line, web_address
from timeline.formats.when import Instant, When, read_when

_TYPES = {
    "article": "article-newspaper",
    "report": "report",
    "statement": "speech",
    "court_record": "legal_case",
    "legislation": "legislation",
    "book": "book",
    "web_page": "webpage",
    "social_media": "post",
    "video": "motion_picture",
    "image": "graphic",
    "interview": "interview",
    "dataset": "dataset",
}
# Where the publisher is what the work appeared in.
_CONTAINED = {"article", "web_page", "social_media"}
_PARTS = {"second": 3, "day": 3, "month": 2, "year": 1}


@gathered
def write_csljson(records: Iterable[Record], context: Context) -> Iterator[bytes]:
    yield b"["
    separator = b"\n"
    for record in records:
        yield separator + dump(item(record))
        separator = b",\n"
    yield b"\n]\n"


def item(source: Record) -> dict[str, Any]:
    """The source as an item of a bibliography."""
    kind = str(source.get("kind"))
    publisher = one_line(source.get("publisher"))
    when = read_when(source.get("published"))
    retrieved = one_line(source.get("retrieved_at"))[:10]
    return without_none(
        {
            "id": one_line(source.get("id")),
            "type": _TYPES.get(kind, "document"),
            "title": one_line(source.get("title")),
            "author": [{"literal": one_line(name)} for name in source.get("authors") or ()],
            "container-title" if kind in _CONTAINED else "publisher": publisher,
            "issued": _issued(when) if when else None,
            "accessed": {"date-parts": [[int(part) for part in retrieved.split("-")]]}
            if retrieved
            else None,
            "URL": web_address(source.get("url")) or web_address(source.get("archived_url")),
            "archive_location": web_address(source.get("archived_url")),
            "language": one_line(source.get("language")),
        }
    )


def _issued(when: When) -> dict[str, Any]:
    """The parts that are known; in words what has none, or lies before the common era."""
    ends = [when.start] if when.start == when.end else [when.start, when.end]
    parts = [_known(end.earliest, end.unit) for end in ends]
    if any(part is None for part in parts) or when.edtf[:1] in ("[", "{"):
        return {"literal": when.label}
    issued: dict[str, Any] = {"date-parts": parts}
    if when.approximate or when.uncertain:
        issued["circa"] = True
    return issued


def _known(instant: Instant | None, unit: str) -> list[int] | None:
    count = _PARTS.get(unit)
    if instant is None or count is None or not 1 <= instant.year <= 9999:
        return None
    return list(instant[:count])
