"""Published records, what can be put around them that the public may not see, and every question."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

from tests.clients import Api, api_of, forget_answers
from tests.contract.document import Operation, document, operations
from tests.factories.records import (
    bring_to,
    key_of,
    make_actor,
    make_affiliation,
    make_citation,
    make_claim,
    make_event,
    make_figure,
    make_place,
    make_relation,
    make_source,
    make_term,
    make_timeline,
    taking_part,
    term,
)
from timeline.models import (
    ActorName,
    ClaimLink,
    Event,
    Participation,
    Redirect,
    TimelineEntry,
)

# What differs from one request to the next, whatever is stored.
OF_THE_REQUEST = {"X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset"}
HIDDEN = ("draft", "in_review", "withdrawn")
ANSWERS = {"draft": "responds_to", "in_review": "same_case_as", "withdrawn": "part_of"}


class World:
    """Published records, each pointing to others in every way there is."""

    def __init__(self) -> None:
        self.country = make_place(name="A country", country="CN")
        self.place = make_place(name="A town", parent=self.country, country="CN")
        self.origin = make_source(title="An agency", publisher="Agency", date="2019-11-06")
        self.source = make_source(
            title="A paper", publisher="Paper", derived_from=self.origin, date="2019-11-07"
        )
        self.actor = make_actor(name="Somebody", names=[{"text": "Another name", "kind": "alias"}])
        self.court = make_actor(name="A court", kind="organisation")
        self.kind = term("kinds", "trial")
        self.event = make_event(
            title="A trial",
            date="2019-08",
            place=self.place,
            kind=self.kind,
            tags=["courts"],
            participations=[taking_part(self.court, "court")],
        )
        self.other = make_event(title="A tip", date="2017", tags=["tips"])
        self.undated = make_event(title="Some day")
        self.citation = make_citation(source=self.source, event=self.event, quote="a trial")
        self.claim = make_claim(speaker=self.actor, about=self.event, text="It was fair.")
        self.rival = make_claim(speaker=self.court, about=self.event, text="It was not.")
        self.figure = make_figure(speaker=self.actor, place=self.place, date="2017")
        self.relation = make_relation(subject=self.other, object=self.event)
        self.affiliation = make_affiliation(actor=self.actor, organisation=self.court)
        self.timeline = make_timeline(slug="shown", entries=[{"event": self.event}])
        self.saved = make_timeline(slug="saved", filter={"tag": ["courts", "secret-tag"]})

    def event_in(self, state: str, **values: Any) -> Event:
        """An event in this state that cites what is public already."""
        event = make_event("draft", **values)
        make_citation("draft", source=self.source, event=event)
        return bring_to(event, state)

    def surround(self) -> dict[str, list[Any]]:
        """Put what the public may not see around all of it; returns it by resource."""
        hidden: dict[str, list[Any]] = {}

        def keep(resource: str, record: Any) -> Any:
            hidden.setdefault(resource, []).append(record)
            return record

        secret_term = make_term("roles", "secret-role", curated=False)
        secret_kind = make_term("kinds", "secret-kind", curated=False)
        secret_link = make_term("relation-types", "secret-relation", curated=False)
        secret_bond = make_term("affiliation-types", "secret-bond", curated=False)
        protected = keep("actors", make_actor(name="The informant", protected=True))
        for state in HIDDEN:
            place = keep("places", make_place(state, name="A town", parent=self.country))
            keep("places", make_place(state, parent=self.place))
            actor = keep("actors", make_actor(state, name="Somebody"))
            source = keep("sources", make_source(state, publisher="Paper", date="2019"))
            keep("sources", make_source(state, derived_from=self.source))
            event = self.event_in(
                state,
                title=f"A secret trial ({state})",
                date="2019-08-15",
                place=place,
                kind=secret_kind,
                tags=["courts", "secret-tag", f"only-{state}"],
                participations=[
                    taking_part(self.actor, "witness"),
                    {"actor": self.court, "role": secret_term},
                    taking_part(protected, "informant"),
                ],
            )
            keep("events", event)
            keep("citations", event.citations.get())
            keep("events", self.event_in(state, place=self.place, tags=["courts"]))
            keep("citations", make_citation(state, source=self.source, event=self.event))
            keep("citations", make_citation(source=source, event=self.event))
            keep("citations", make_citation(source=self.source, event=event))
            keep("claims", make_claim(state, speaker=self.actor, about=self.event))
            keep("claims", make_claim(speaker=actor, about=self.event, status="disputed"))
            links = [{"type": "contradicts", "other": self.claim}]
            keep("claims", make_claim(state, speaker=self.court, links=links))
            answering = term("relation-types", ANSWERS[state])
            keep(
                "relations",
                make_relation(state, subject=self.event, object=self.undated, type=answering),
            )
            type_ = term("relation-types", "precedes")
            keep("relations", make_relation(subject=event, object=self.event, type=type_))
            keep(
                "relations",
                make_relation(state, subject=event, object=self.other, type=secret_link),
            )
            keep(
                "affiliations",
                make_affiliation(
                    state, actor=self.actor, organisation=self.court, type=secret_bond
                ),
            )
            keep("affiliations", make_affiliation(actor=self.actor, organisation=actor))
            keep("figures", make_figure(state, speaker=self.actor, place=self.place))
            keep("figures", make_figure(speaker=actor, place=self.place))
            keep("timelines", make_timeline(state, entries=[{"event": self.event}]))
        keep("claims", make_claim(speaker=protected, about=self.event, status="refuted"))
        keep("affiliations", make_affiliation(actor=protected, organisation=self.court))
        keep("figures", make_figure(speaker=protected, place=self.place))
        claim = hidden["claims"][-1]
        keep("citations", make_citation(source=self.source, claim=claim))

        # Parts of what is published that lead to what is not; written as rows, for a change of
        # the published record itself would be a new version of it.
        role = term("roles", "informant")
        Participation.objects.create(event=self.event, actor=protected, role=role, position=9)
        Participation.objects.create(
            event=self.other, actor=hidden["actors"][1], role=secret_term, position=0
        )
        TimelineEntry.objects.create(timeline=self.timeline, event=hidden["events"][0], position=0)
        ClaimLink.objects.create(claim=self.claim, other=claim, type="contradicts")
        ActorName.objects.create(actor=protected, text="Somebody", kind="alias")
        for record in (hidden["events"][0], hidden["places"][0], protected):
            Redirect.objects.create(
                record_type=record._meta.model_name, old_uuid=self.old, new_uuid=record.uuid
            )
            self.old = self.new_id()
        self.secret_terms = [secret_term, secret_kind, secret_link, secret_bond]
        return hidden

    def new_id(self) -> Any:
        from uuid import uuid4

        return uuid4()

    old = property(lambda self: self.__dict__.setdefault("_old", self.new_id()))

    @old.setter
    def old(self, value: Any) -> None:
        self.__dict__["_old"] = value


RESOURCES = {
    "events": ("event", "other", "undated"),
    "actors": ("actor", "court"),
    "affiliations": ("affiliation",),
    "places": ("place", "country"),
    "sources": ("source", "origin"),
    "citations": ("citation",),
    "claims": ("claim", "rival"),
    "figures": ("figure",),
    "relations": ("relation",),
    "timelines": ("timeline", "saved"),
}


def addresses(operation: Operation, world: World) -> list[str]:
    """The operation's addresses for what is published."""
    path = operation.path
    resource = path.removeprefix("/api/v1").strip("/").partition("/")[0]
    if "{vocabulary}" in path:
        names = ["kinds", "roles", "relation-types", "affiliation-types"]
        paths = [path.replace("{vocabulary}", name) for name in names]
        codes = {"kinds": "trial", "roles": "court"}
        return [p.replace("{code}", codes.get(p.split("/")[4], "nothing")) for p in paths]
    if resource == "tags":
        return [path.replace("{slug}", slug) for slug in ("courts", "tips")][: 1 + ("{" in path)]
    if "{" not in path:
        return [path]
    keys = [key_of(getattr(world, name)) for name in RESOURCES.get(resource, ())]
    return [path.replace("{id}", key).replace("{slug}", key) for key in keys]


def queries(operation: Operation, world: World) -> list[dict[str, Any]]:
    """The plain question, and each parameter with values that touch the hidden records too."""
    asked: list[dict[str, Any]] = []
    base: dict[str, Any] = {}
    if operation.id.endswith("events_histogram"):
        base = {"interval": "year"}
    if operation.id == "search_list":
        base = {"q": "trial"}
    if operation.id.endswith("events_facets"):
        base = {"by": "kind,actor,role,place,country,tag,source,publisher,status,assessment"}
    asked.append(base)
    for parameter in operation.described.get("parameters", ()):
        if parameter["in"] != "query" or parameter["name"] in base:
            continue
        asked += [base | {parameter["name"]: value} for value in values(parameter, world)]
    return asked


def values(parameter: dict[str, Any], world: World) -> list[Any]:
    schema = parameter["schema"]
    items = schema.get("items", schema)
    if "$ref" in items:
        items = document()["components"]["schemas"][items["$ref"].rpartition("/")[2]]
    known = {
        "cursor": [],
        "created_by": ["publishr"],
        "not_created_by": ["publishr"],
        "interval": ["year", "month"],
        "q": ["secret", "somebody", "trial"],
        "page_size": [1],
        "fields": ["version"],
        "omit": ["version"],
        "expand": [],
        "bbox": ["73,18,135,54"],
        "near": ["37.07,114.5,100"],
        "url": ["https://news.example/report"],
        "name": ["Somebody", "A town"],
        "updated_since": ["2019-11-07T13:29:21Z"],
        "as_of": ["2999-01-01T00:00:00Z"],
        "since": ["2019-11-07T13:29:21Z"],
    }
    name = parameter["name"]
    if name == "since" and "pattern" in schema:
        return ["0" * 64]
    if name in known:
        return known[name]
    if "enum" in items:
        words = [v for v in items["enum"] if not v.endswith(("created_at", "relevance"))]
        return (
            words if name == "ordering" else [",".join(words[:3])] if "items" in schema else words
        )
    if items.get("type") == "integer":
        return [3]
    if items.get("type") == "boolean":
        return ["true"] if name in ("count", "trust_uncertain") else ["true", "false"]
    if items.get("format") == "uuid":
        everything = [getattr(world, n) for names in RESOURCES.values() for n in names]
        mine = [str(record.uuid) for record in everything]
        return [",".join(mine)]
    if items.get("format") == "edtf":
        return ["2019-08-15"]
    words = "courts,secret-tag,trial,secret-kind,court,secret-role,informant,shown,saved,CN,Paper"
    return [f"{words},led_to,precedes,secret-relation,member_of,secret-bond"]


def told(api: Api, url: str) -> tuple[int, dict[str, str], bytes]:
    answer = api.send("GET", url)
    headers = {k: v for k, v in answer.headers.items() if k not in OF_THE_REQUEST}
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        # A workbook notes the minute at which it was written.
        headers.pop("ETag", None)
        headers.pop("Content-Length", None)
        with ZipFile(BytesIO(body)) as book:
            names = [n for n in book.namelist() if n != "docProps/core.xml"]
            body = b"".join(n.encode() + book.read(n) for n in names)
    if answer.status_code >= 400:
        # The tag is of the body, and that names the request.
        headers.pop("ETag", None)
        body = re.sub(rb'"request_id": "[^"]*"', b"", body)
    return answer.status_code, headers, body


def ask_everything(questions: list[str]) -> dict[str, Any]:
    api = api_of(None)
    forget_answers()
    return {url: told(api, url) for url in questions}


def all_questions(world: World) -> list[str]:
    return [
        f"{address}?{urlencode(query)}" if query else address
        for operation in operations("GET")
        for number, address in enumerate(addresses(operation, world))
        for query in _some(queries(operation, world), operation, number)
    ]


# These share their filters with the lists that are asked by every one of them.
ASKED_IN_SHORT = ("_export", "_explain", "_history", "timelines_events_list")
ASKED_IN_SHORT += ("timelines_events_histogram", "timelines_events_facets")


def _some(asked: list[dict[str, Any]], operation: Operation, number: int) -> list[dict[str, Any]]:
    if number:
        return asked[:1]
    return asked[::9] if operation.id.endswith(ASKED_IN_SHORT) else asked
