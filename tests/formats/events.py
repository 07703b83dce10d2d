"""Events as the API shows them, made from a date in EDTF."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from hypothesis import strategies as st

from timeline.formats import FORMATS, Context
from timeline.temporal import format_instant, parse

SITE = "https://timeline.example"
CONTEXT = Context(
    title="The fentanyl case",
    self_url=f"{SITE}/api/v1/events.csv?tag=fentanyl&kind=trial",
    site_url=SITE,
    updated="2019-11-09T10:00:00.123456Z",
    description="From the tip to the sentence.",
)

# What breaks files: the ends of lines as all readers know them, quotes, markup, controls, marks of
# direction, characters of two units, and what a spreadsheet runs.
_SPECIAL = st.sampled_from(
    [
        *("\r\n", "\n", "\r", "\t", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\0", "\x07"),
        *('"', "'", "\\", ",", ";", ":", "=", "+", "-", "@", "|", "&", "<", ">", "]]>", "&#0;"),
        *("<script>alert(1)</script>", "=1+1", "\r\nEND:VCALENDAR\r\n", "](javascript:alert(1))"),
        *(
            "\u202e",
            "\u200f",
            "é",
            "e\u0301",
            "中文",
            "🇨🇳",
            "👩‍👩‍👧",
            "\ufeff",
            "\uffff",
            "\ufdd0",
            "x" * 80,
        ),
    ]
)
_ORDINARY = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
TEXTS = st.lists(st.one_of(_SPECIAL, _ORDINARY), max_size=8).map("".join)


def identity(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def date(edtf: str | None, **said: str) -> dict[str, Any] | None:
    """The JSON of a date."""
    if edtf is None:
        return None
    when = parse(edtf)
    return {
        "edtf": when.text,
        "text": "",
        "label": when.label,
        "basis": "stated",
        "basis_note": "",
        "precision": str(when.precision),
        "approximate": when.approximate,
        "uncertain": when.uncertain,
        "start": {
            "earliest": format_instant(when.start_min),
            "latest": format_instant(when.start_max),
        },
        "end": {"earliest": format_instant(when.end_min), "latest": format_instant(when.end_max)},
        "end_state": str(when.end_state),
        **said,
    }


def actor(name: str = "Xi Jinping", kind: str = "person") -> dict[str, Any]:
    return {
        "id": identity(name),
        "name": name,
        "kind": kind,
        "identity": "named",
        "count": None,
    }


def participation(name: str = "Xi Jinping", role: str = "accused", **more: Any) -> dict[str, Any]:
    kind = more.pop("kind", "person")
    part = {"id": identity(name + role), "actor": actor(name, kind), "role": role}
    return {**part, "note": "", "outcome": "", **more}


def source(**changes: Any) -> dict[str, Any]:
    return {
        "id": identity("report"),
        "title": "China jails nine",
        "kind": "article",
        "publisher": "Reuters",
        "url": "https://news.example/nine",
        "published": date("2019-11-07"),
        **changes,
    }


def citation(**changes: Any) -> dict[str, Any]:
    return {
        "id": identity("citation"),
        "source": source(),
        "bearing": "supports",
        "quote": "accused Xi",
        "locator": "paragraph 3",
        "note": "",
        "anchor": "exact",
        **changes,
    }


def event(edtf: str | None = "2019-08", **changes: Any) -> dict[str, Any]:
    """An event as `/events` lists it to the public."""
    return {
        "id": identity(str(changes.get("title", "accusation")).encode(errors="replace").decode()),
        "version": 3,
        "publication": "published",
        "title": "Accusation",
        "summary": "He **accused** him.",
        "kind": "accusation",
        "date": date(edtf),
        "place": {
            "id": identity("Washington"),
            "name": "Washington",
            "country": "US",
            "latitude": 38.9,
            "longitude": -77.0,
            "point_precision": "locality",
        },
        "status": "occurred",
        "assessment": "unassessed",
        "sequence": 0,
        "tags": ["fentanyl", "trade"],
        "image": None,
        "dataset": "",
        "external_id": "",
        "extra": {},
        "participations": [participation("Donald Trump", "accuser"), participation()],
        "citations": [citation()],
        "claims": {"count": 0, "disputed": 0, "results": []},
        "relations": [],
        "published_at": "2019-11-08T12:00:00Z",
        "updated_at": "2019-11-09T09:30:15.654321Z",
        "created_at": None,
        "created_by": None,
        **changes,
    }


def nasty(text: str, edtf: str | None = "2019-08") -> dict[str, Any]:
    """An event with the text wherever people write."""
    return event(
        edtf,
        title=text,
        summary=text,
        date=date(edtf, text=text, basis_note=text) if edtf else None,
        place={**event()["place"], "name": text},
        tags=[text, "trade"],
        image=f"https://pictures.example/{text}",
        extra={"image_credit": text},
        participations=[participation(text, "accused", note=text, outcome=text)],
        citations=[citation(source=source(title=text, publisher=text, url=text), quote=text)],
    )


def written(suffix: str, *events: dict[str, Any], context: Context = CONTEXT) -> bytes:
    """The whole export."""
    return b"".join(FORMATS[suffix].write(iter(events), context))
