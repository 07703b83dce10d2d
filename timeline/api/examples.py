"""The examples of the OpenAPI document, which the tests send, or read, as they stand here."""

from __future__ import annotations

from typing import Any

REQUESTS: dict[str, dict[str, Any]] = {
    "event": {
        "title": "A court hears the case",
        "summary": "The first hearing, *in public*.",
        "date": {
            "text": "in August",
            "edtf": "2019-08",
            "basis": "inferred",
            "basis_note": "The report is of November 2019.",
        },
        "status": "occurred",
        "assessment": "unassessed",
        "tags": ["courts"],
        "extra": {"docket": "2019-114"},
    },
    "actor": {
        "name": "Diana",
        "kind": "person",
        "identity": "pseudonym",
        "names": [{"text": "狄安娜", "language": "zh-Hans", "kind": "transliteration"}],
        "identifiers": {"wikidata": "Q42"},
    },
    "place": {
        "name": "Xingtai",
        "country": "CN",
        "latitude": 37.07,
        "longitude": 114.5,
        "point_precision": "locality",
    },
    "source": {
        "kind": "article",
        "title": "A report on the case",
        "authors": ["A. Writer"],
        "publisher": "A newspaper",
        "url": "https://news.example/report",
        "published": {"edtf": "2019-11-07"},
        "language": "en",
        "reliability": "B",
    },
    "figure": {
        "measure": "overdose deaths",
        "low": "28000",
        "text": "more than 28,000",
        "unit": "deaths",
        "period": {"edtf": "2017"},
    },
    "timeline": {
        "slug": "courts-2019",
        "title": "Courts in 2019",
        "introduction": "What the courts did.",
        "filter": {"tag": ["courts"], "within": "2019"},
    },
    "tag": {"slug": "courts", "label": "Courts", "description": "What courts did."},
    "term": {
        "code": "hearing_in_camera",
        "label": "Hearing in camera",
        "description": "A hearing without the public.",
    },
    "webhook": {
        "name": "The mirror in Xingtai",
        "url": "https://mirror.example/changes",
        "types": ["event", "actor"],
    },
}

# These point to other records, whose ids an example cannot know; the tests put real ones in.
POINTING: dict[str, dict[str, Any]] = {
    "affiliation": {
        "actor": "11f7ab5e-0f0e-4d0a-8d3b-0d9a6fcd1b62",
        "organisation": "b7a8e7a4-6f9e-4a0d-9d53-30b1c2f0c6b4",
        "type": "member_of",
        "title": "Attaché",
        "date": {"text": "since 2017"},
    },
    "citation": {
        "source": "5c1f0f0e-3d0a-4f7e-9a55-1f2f3b0c7d11",
        "event": "0e9a7c1d-2b7f-4d55-8a8e-6d8f3c1b2a90",
        "bearing": "supports",
        "quote": "positive step",
        "locator": "paragraph 10",
    },
    "claim": {
        "speaker": "11f7ab5e-0f0e-4d0a-8d3b-0d9a6fcd1b62",
        "stance": "denies",
        "text": "Most of it does not come from here.",
        "said_on": {"edtf": "2019-11"},
        "about": "0e9a7c1d-2b7f-4d55-8a8e-6d8f3c1b2a90",
    },
    "relation": {
        "subject": "0e9a7c1d-2b7f-4d55-8a8e-6d8f3c1b2a90",
        "type": "led_to",
        "object": "7d3b5a0c-9d0e-4a3f-8b64-2f0d1c9e8a77",
    },
}

PATCHES: dict[str, dict[str, Any]] = {
    "event": {"date": {"text": "7 November 2019"}, "add_tags": ["verdicts"]},
    "actor": {"identity": "named"},
    "affiliation": {"title": "Regional attaché"},
    "place": {"region": "Hebei"},
    "source": {"archived_url": "https://archive.example/report"},
    "citation": {"locator": "paragraph 11"},
    "claim": {"status": "disputed", "status_note": "Others say the opposite."},
    "figure": {"unit": "people"},
    "relation": {"note": "The hearing followed from the tip."},
    "timeline": {"title": "The courts in 2019"},
    "tag": {"label": "Court cases"},
    "term": {"description": "A hearing from which the public is excluded."},
    "webhook": {"enabled": False},
}

IMPORTED = (
    '{"dataset": "acw", "external_id": "AL001", "title": "Raid of Streight", '
    '"date_text": "April 1863", "edtf": "1863-04", '
    '"place": {"name": "Cullman", "lat": 34.2, "lon": -86.8, "region": "AL", "country": "US"}, '
    '"actors": [{"name": "Abel Streight", "kind": "person", "role": "commander"}], '
    '"sources": [{"url": "https://archive.example/al001", "title": "Report"}], '
    '"tags": ["raid"], "extra": {"campaign": "Raid of Streight"}}\n'
)


MERGE: dict[str, Any] = {
    "into": "b7a8e7a4-6f9e-4a0d-9d53-30b1c2f0c6b4",
    "dry_run": True,
    "reason": "The verdict names her.",
}


REPLAY: dict[str, Any] = {"since": "2026-11-07T13:29:21Z"}


def request(view: Any, method: str) -> dict[str, Any] | None:
    """The body to send, for this operation."""
    action = getattr(view, "action", "")
    name = view.queryset.model._meta.model_name if hasattr(view, "queryset") else ""
    match action:
        case "batch":
            return {"operations": [{"op": "create", "data": REQUESTS["event"]}]}
        case "create" if name == "import":
            return {"file": IMPORTED}
        case "create":
            return REQUESTS.get(name) or POINTING.get(name)
        case "partial_update":
            return PATCHES.get(name)
        case "merge":
            return MERGE
        case "replay":
            return REPLAY
        case "undo":
            return {"reason": "They were two persons after all."}
        case (
            "submit"
            | "approve"
            | "return_"
            | "publish"
            | "withdraw"
            | "revert"
            | "accept"
            | "dismiss"
        ):
            return {"reason": "Checked against the report."}
        case _:
            return None


# What is told again and again, as the schemas of these names.
TOLD: dict[str, dict[str, Any]] = {
    "Date": {
        "edtf": "2019-08",
        "text": "In August",
        "label": "August 2019",
        "basis": "inferred",
        "basis_note": "The report is of 7 November 2019.",
        "precision": "month",
        "approximate": False,
        "uncertain": False,
        "start": {"earliest": "2019-08-01T00:00:00Z", "latest": "2019-08-31T23:59:59Z"},
        "end": {"earliest": "2019-08-01T00:00:00Z", "latest": "2019-08-31T23:59:59Z"},
        "end_state": "closed",
    },
    "DateRequest": {"text": "late 2019"},
}
