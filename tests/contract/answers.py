"""How each example of an answer is asked for, of a service that holds the case and nothing else.

The examples bear the name of their schema; what has no schema of its own, that of its operation.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import override_settings

from tests.clients import ROOT, Api
from tests.factories.people import token_for
from tests.receivers import receiving
from timeline.api.examples import IMPORTED, REQUESTS
from timeline.models import Scope

FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "fentanyl.json"

RECORDS = {
    "Event": "events",
    "Actor": "actors",
    "Affiliation": "affiliations",
    "Place": "places",
    "Source": "sources",
    "Citation": "citations",
    "Claim": "claims",
    "Figure": "figures",
    "Relation": "relations",
    "Timeline": "timelines",
    "Tag": "tags",
    "Term": "vocabularies/roles",
}
REASON = {"reason": "Checked against the report."}


def ask(path: str, *, to: Api | None = None, **query: Any) -> Any:
    answer = (to or Api()).get(path, **query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def editor(scope: Scope = Scope.PUBLISH) -> Api:
    return Api(token_for(scope, "editor"))


def send(path: str, body: Any) -> Any:
    answer = editor().post(path, body)
    assert answer.status_code in (200, 201), answer.content
    return answer.json()


def page(path: str, **query: Any) -> Any:
    return ask(path, page_size=1, **query)


def first(path: str, **query: Any) -> str:
    """The address of the first record of a list."""
    [row] = page(path, **query)["results"]
    return f"{path}/{row.get('slug') or row.get('code') or row['id']}"


def export(path: str) -> Any:
    answer = Api().get(path, id=first("events").rpartition("/")[2])
    return json.loads(answer.getvalue())


def imported() -> Any:
    api = editor()
    answer = api.client.generic(
        "POST", f"{ROOT}/imports", IMPORTED, "application/x-ndjson", headers=api.headers
    )
    assert answer.status_code == 201, answer.content
    return answer.json()


def imports(path: str = "", **query: Any) -> Any:
    report = imported()
    return ask(f"imports{path}".format(**report), to=editor(), **query)


def corrected() -> Any:
    change = {"locator": "paragraph 11", "reason": "The passage is one further down."}
    assert editor().patch(first("citations"), change).status_code == 200
    return page("corrections")


def proposed(*, alone: bool) -> Any:
    api = editor(Scope.WRITE)
    answer = api.patch(first("actors"), {"identity": "named", "reason": "The verdict names it."})
    assert answer.status_code == 202, answer.content
    path = answer.headers["Location"].partition(f"{ROOT}/")[2] if alone else "proposals"
    return ask(path, to=api)


def merged() -> Any:
    known = {row["name"]: row["id"] for row in ask("actors", kind="organisation")["results"]}
    whole = "Department of Homeland Security"
    part = known[f"New Orleans office of the {whole}"]
    return send(f"actors/{part}/merge", {"into": known[whole], "dry_run": True})


def webhook(*, alone: bool) -> Any:
    made = send("webhooks", REQUESTS["webhook"])
    return ask(f"webhooks/{made['id']}" if alone else "webhooks", to=editor())


def delivered(*, alone: bool) -> Any:
    """A test, to a receiver that takes it."""
    with override_settings(WEBHOOK_ALLOW_PRIVATE=True), receiving() as receiver:
        made = send("webhooks", REQUESTS["webhook"] | {"url": receiver.url})
        delivery = send(f"webhooks/{made['id']}/test", {})
    return delivery if alone else ask(f"webhooks/{made['id']}/deliveries", to=editor())


ASKED: dict[str, Callable[[], Any]] = {
    **{name: lambda path=path: ask(first(path)) for name, path in RECORDS.items()},
    **{f"Paginated{name}List": lambda path=path: page(path) for name, path in RECORDS.items()},
    "Resources": lambda: ask(ROOT),
    "Me": lambda: ask("me", to=editor()),
    "vocabularies_list": lambda: ask("vocabularies"),
    "Changes": lambda: page("changes", type="actor"),
    "PaginatedVersionList": lambda: page(f"{first('actors')}/history"),
    "PaginatedCorrectionList": corrected,
    "PaginatedResultList": lambda: page("search", q="informant"),
    "Explanation": lambda: ask(f"{first('events')}/explain", before="2019", q="informant"),
    "Facets": lambda: ask("events/facets", by="kind,role", within="2019-11"),
    "Histogram": lambda: ask("events/histogram", interval="year"),
    "events_geojson_export": lambda: export("events.geojson"),
    "events_jsonld_export": lambda: export("events.jsonld"),
    "events_timelinejs_json_export": lambda: export("events.timelinejs.json"),
    "sources_csl_json_export": lambda: json.loads(Api().get("sources.csl.json").getvalue())[:1],
    "BatchDone": lambda: send(
        "events/batch", {"operations": [{"op": "create", "data": REQUESTS["event"] | {"tags": []}}]}
    ),
    "ImportReport": imported,
    "Import": lambda: imports("/{id}"),
    "PaginatedImportList": lambda: imports(page_size=1),
    "Undone": lambda: send(f"imports/{imported()['id']}/undo", REASON),
    "MergeReport": merged,
    "Proposal": lambda: proposed(alone=True),
    "PaginatedProposalList": lambda: proposed(alone=False),
    "Webhook": lambda: webhook(alone=True),
    "WebhookWithSecret": lambda: send("webhooks", REQUESTS["webhook"]),
    "PaginatedWebhookList": lambda: webhook(alone=False),
    "Delivery": lambda: delivered(alone=True),
    "PaginatedDeliveryList": lambda: delivered(alone=False),
}


def asked(name: str) -> Any:
    """The answer, as it would be told again; what is written for it is taken back."""
    with transaction.atomic():
        answer = ASKED[name]()
        transaction.set_rollback(True)
    return settled(answer)


def settled(answer: Any) -> Any:
    """The answer with a name for whatever chance or the clock has made: by where it first comes."""
    case = FIXTURE.read_text(encoding="utf-8")
    seen: dict[str, int] = {}

    def number(found: str) -> int:
        return seen.setdefault(found, len(seen) + 1)

    def identity(match: re.Match[str]) -> str:
        uuid = match[0]
        return uuid if uuid in case else f"00000000-0000-4000-8000-{number(uuid):012}"

    def digest(match: re.Match[str]) -> str:
        return hashlib.sha256(str(number(match[0])).encode()).hexdigest()

    text = json.dumps(answer, ensure_ascii=False).replace(
        "http://testserver", "https://timeline.example"
    )
    text = re.sub(r"\b\w{8}(-\w{4}){3}-\w{12}\b", identity, text)
    text = re.sub(r"\b[0-9a-f]{64}\b", digest, text)
    text = re.sub(r"cursor=[^&\"]+", "cursor=…", text)
    text = re.sub(r"\btest_[0-9a-f]{32}", f"test_{bytes(range(16)).hex()}", text)
    text = re.sub(r"whsec_[\w+/=]+", f"whsec_{b64encode(bytes(range(32))).decode()}", text)
    text = re.sub(r"\"duration_ms\": \d+", '"duration_ms": 12', text)
    # Each database weighs words in its own way.
    text = re.sub(r"\"relevance\": \d+", '"relevance": 1000', text)
    # The case ends in 2019; what is later was done to it.
    text = re.sub(r"\b20[23]\d-\d\d-\d\dT[\d:.]+Z", "2026-11-27T09:00:00Z", text)
    return json.loads(text)
