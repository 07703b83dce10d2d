"""A small world half of which the public may not know, and every question that can be asked of it.

What is hidden hangs on what is published in every way that the models allow. Taken away again row
by row, past the services, it leaves the published half as it was, to the version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from django.db.models import ProtectedError

from tests.factories import records as make
from tests.factories.records import taking_part, term
from timeline.models import (
    Actor,
    Affiliation,
    Citation,
    Claim,
    Event,
    Figure,
    Participation,
    Place,
    Relation,
    Source,
    Timeline,
)

# Stands in every text of what is hidden, and in no other.
SECRET = "Xyzzyquux"
WRITTEN = json.loads((Path(__file__).parents[2] / "openapi" / "openapi.json").read_text())
NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass
class World:
    """The records by name, and apart those that are hidden."""

    shown: dict[str, Any] = field(default_factory=dict)
    hidden: list[Any] = field(default_factory=list)

    def hide(self, record: Any) -> Any:
        self.hidden.append(record)
        return record

    def ids(self) -> list[str]:
        return [str(record.uuid) for record in self.hidden]

    def one_hidden(self, model: type) -> str:
        return next(make.key_of(record) for record in self.hidden if isinstance(record, model))

    def forget_the_hidden(self) -> None:
        """Delete what is hidden, and leave no other row changed by it."""
        for pointer in ("place", "kind"):
            Event.objects.filter(**{f"{pointer}__in": self._of(pointer)}).update(**{pointer: None})
        Place.objects.filter(parent__in=self._of("place")).update(parent=None)
        Source.objects.filter(derived_from__in=self._of("source")).update(derived_from=None)
        Claim.objects.filter(about__in=self._of("event")).update(about=None)
        Claim.objects.filter(said_in__in=self._of("event")).update(said_in=None)
        Figure.objects.filter(place__in=self._of("place")).update(place=None)
        Participation.objects.filter(actor__in=self._of("actor")).delete()
        left = list(self.hidden)
        while left:
            kept = []
            for record in left:
                try:
                    record.delete()
                except ProtectedError:
                    kept.append(record)
            assert len(kept) < len(left), kept
            left = kept

    def _of(self, name: str) -> list[Any]:
        kinds = {"event": Event, "place": Place, "actor": Actor, "source": Source}
        if name == "kind":
            return [one for one in self.hidden if getattr(one, "vocabulary", "") == "kinds"]
        return [one.pk for one in self.hidden if isinstance(one, kinds[name])]


def make_world() -> World:
    world = World()
    shown, hide = world.shown, world.hide
    secret = {"title": f"{SECRET} title", "summary": f"{SECRET} summary"}
    tag, other_tag = make.make_tag("trial"), hide(make.make_tag(SECRET.lower()))
    kind = hide(make.make_term("kinds", f"{SECRET.lower()}_kind", curated=False))
    role = hide(make.make_term("roles", f"{SECRET.lower()}_role", curated=False))

    region = hide(make.make_place("draft", name=f"{SECRET} region", country="XA"))
    place = shown["place"] = make.make_place(
        name="Xingtai", country="CN", latitude=37.07, longitude=114.5, parent=region
    )
    lair = hide(
        make.make_place("draft", name=f"{SECRET} lair", country="XB", latitude=1.0, longitude=1.0)
    )
    actor = shown["actor"] = make.make_actor(name="Court", names=[{"text": "Tribunal"}])
    office = shown["office"] = make.make_actor(name="Office", kind="organisation")
    informant = hide(
        make.make_actor(
            name=f"{SECRET} informant",
            kind="person",
            protected=True,
            names=[{"text": f"{SECRET} alias"}],
            description=f"{SECRET} description",
        )
    )
    drafted = hide(make.make_actor("draft", name=f"{SECRET} draft actor"))
    paper = hide(
        make.make_source(
            "withdrawn", title=f"{SECRET} source", publisher=f"{SECRET} press", date="1999"
        )
    )
    source = shown["source"] = make.make_source(
        title="Report",
        publisher="Reuters",
        url="https://example.org/a",
        date="2019-11-07",
        derived_from=paper,
        text="All of it.",
    )

    first = shown["first"] = make.make_event(
        title="Trial", summary="Nine people", date="[2018,2019-11]", tags=["trial"], place=place,
        kind=term("kinds", "sentencing"), dataset="case", external_id="1", extra={"a": "b"},
        participations=[
            taking_part(actor, "court"), taking_part(informant, "informant"),
            taking_part(drafted, "court"),
        ],
    )  # fmt: skip
    second = shown["second"] = make.make_event(
        title="Tip", date="2017?", place=lair, participations=[taking_part(office, "speaker")]
    )
    shown["undated"] = make.make_event(title="Undated trial")
    shown["citation"] = make.make_citation(
        event=first, source=source, quote="sentenced nine people", locator="page 1"
    )
    hide(make.make_citation("draft", event=first, source=source, quote=f"{SECRET} quote"))
    hide(
        make.make_citation(
            event=second, source=paper, bearing="disputes", quote=f"{SECRET} published quote"
        )
    )
    participation = first.participations.get(actor=informant)
    hide(make.make_citation(participation=participation, source=source, quote=f"{SECRET} of it"))

    claim = shown["claim"] = make.make_claim(
        text="China denies it", speaker=actor, about=first, said_in=second, date="2019-08"
    )
    hide(make.make_claim(text=f"{SECRET} claim", speaker=informant, about=first))
    hide(
        make.make_claim(
            "draft", text=f"{SECRET} draft claim", speaker=actor, about=first, status="disputed",
            links=[{"type": "contradicts", "other": claim}],
        )
    )  # fmt: skip
    shown["figure"] = make.make_figure(measure="Deaths", speaker=actor, place=lair, date="2017")
    hide(make.make_figure(measure=f"{SECRET} figure", speaker=informant))
    hide(make.make_figure("draft", measure=f"{SECRET} draft figure"))
    shown["relation"] = make.make_relation(
        subject=second, object=first, type=term("relation-types", "same_case_as")
    )
    shown["affiliation"] = make.make_affiliation(actor=actor, organisation=office, title="Clerk")
    hide(make.make_affiliation(actor=informant, organisation=office, title=f"{SECRET} of it"))

    draft = hide(
        make.make_event(
            "draft", **secret, tags=["trial", SECRET.lower()], place=place, kind=kind, date="1950",
            participations=[taking_part(actor) | {"role": role}], dataset=SECRET, external_id="2",
            extra={SECRET: SECRET, "a": "b"},
        )
    )  # fmt: skip
    for number, state in enumerate(("in_review", "withdrawn")):
        hide(
            make.make_event(
                state, **secret, date=f"18{number}0", place=lair, tags=["trial"],
                participations=[taking_part(actor, "court")],
            )
        )  # fmt: skip
    hide(
        make.make_relation(
            "draft", subject=second, object=first, type=term("relation-types", "led_to")
        )
    )
    hide(
        make.make_relation(
            subject=first, object=draft, type=term("relation-types", "same_case_as"), note=SECRET
        )
    )
    shown["timeline"] = make.make_timeline(
        slug="case", title="The case", entries=[{"event": first}, {"event": draft, "note": SECRET}]
    )
    shown["saved"] = make.make_timeline(slug="saved", title="Saved", filter={"tag": ["trial"]})
    hide(make.make_timeline("draft", slug=SECRET.lower(), title=SECRET, entries=[{"event": first}]))
    assert (tag.slug, other_tag.slug) == ("trial", SECRET.lower())
    return world


def values(world: World) -> dict[str, list[str]]:
    """What each parameter is asked with; the last value is the one that would tell the most."""
    shown = {name: make.key_of(record) for name, record in world.shown.items()}
    actors = [shown["actor"], world.one_hidden(Actor)]
    events = [shown["first"], world.one_hidden(Event)]
    places = [shown["place"], *(make.key_of(p) for p in world.hidden if isinstance(p, Place))]
    sources = [shown["source"], world.one_hidden(Source)]
    claims = [shown["claim"], world.one_hidden(Claim)]
    word = SECRET.lower()
    flags, windows = ["true", "false"], ["2017", "1999", "1700/1990", "../.."]
    return {
        **dict.fromkeys(("actor", "actor_all", "organisation", "speaker"), actors),
        **dict.fromkeys(("event", "related_to", "subject", "object", "about", "said_in"), events),
        **dict.fromkeys(("claim", "contradicts"), claims),
        **dict.fromkeys(("overlapping", "within", "before", "after", "containing"), windows),
        **dict.fromkeys(("undated", "trust_uncertain", "has_citation", "has_dispute"), flags),
        **dict.fromkeys(("disputed", "highlight", "count", "curated"), flags),
        **dict.fromkeys(("delivered", "enabled"), flags),
        "actor_kind": ["organisation", "person"],
        "anchor": ["unchecked"],
        "as_of": ["2999-01-01T00:00:00Z"],
        "assessment": ["unassessed"],
        "bbox": ["73,18,135,54", "0,0,2,2"],
        "bearing": ["supports", "disputes"],
        "by": ["kind,actor,role,place,country,tag,source,publisher,status,assessment"],
        "clock": ["recorded", "reported"],
        "code": ["court", f"{word}_role"],
        "country": ["CN", "XA", "XB"],
        "created_by": ["publishr"],
        "cursor": ["made up"],
        "dataset": ["case", SECRET],
        "expand": [
            "place",
            "participations.actor",
            "citations.source",
            "actor",
            "source",
            "parent",
        ],
        "external_id": ["1", "2"],
        "fields": ["id,title,participations.actor.name", "id", "name", "entries"],
        "figure": [make.key_of(world.shown["figure"]), world.one_hidden(Figure)],
        "id": [shown["first"], *world.ids()[:3], events[-1]],
        "identity": ["named"],
        "interval": ["decade", "century"],
        "kind": ["sentencing", "person", f"{word}_kind"],
        "limit": ["1"],
        "match": ["possible", "certain"],
        "name": ["Court", f"{SECRET} alias", f"{SECRET} informant"],
        "near": ["37.07,114.5,100", "1,1,100"],
        "omit": ["summary", "names"],
        "ordering": ["-date", "updated_at", "relevance", "title", "name", "created_at"],
        "page_size": ["1"],
        "parent": places,
        "place": places,
        "publication": ["draft", "published,withdrawn"],
        "publisher": ["Reuters", f"{SECRET} press"],
        "q": ["trial", f"-{SECRET} trial", f"{SECRET[:3]}*", SECRET],
        "role": ["court", "informant", f"{word}_role"],
        "record": [NOBODY],
        "since": ["0" * 64],
        "state": ["open"],
        "slug": ["case", word],
        "source": sources,
        "stance": ["asserts"],
        "status": ["occurred", "open", "disputed"],
        "tag": ["trial", word],
        "tag_all": ["trial", f"trial,{word}"],
        "timeline": ["case", "saved", word],
        "type": ["led_to", "member_of", "event", "claim"],
        "updated_since": ["2000-01-01T00:00:00Z"],
        "url": ["https://example.org/a"],
        "vocabulary": ["kinds", "roles"],
    }


PATHS = {
    "actors": (Actor, "actor"),
    "affiliations": (Affiliation, "affiliation"),
    "citations": (Citation, "citation"),
    "claims": (Claim, "claim"),
    "events": (Event, "first"),
    "figures": (Figure, "figure"),
    "places": (Place, "place"),
    "relations": (Relation, "relation"),
    "sources": (Source, "source"),
    "timelines": (Timeline, "timeline"),
}


def addresses(path: str, world: World) -> Iterator[str]:
    """The path with the keys of a shown and of a hidden record, and of none."""
    if "{" not in path:
        yield path
        return
    parts = path.split("/")
    if "{vocabulary}" in path:
        for code in ("court", f"{SECRET.lower()}_role"):
            yield path.replace("{vocabulary}", "roles").replace("{code}", code)
        return
    if parts[3] == "tags":
        yield from (path.replace("{slug}", slug) for slug in ("trial", SECRET.lower(), "nothing"))
        return
    if parts[3] in ("imports", "proposals", "webhooks"):
        yield path.replace("{id}", NOBODY)
        return
    model, name = PATHS[parts[3]]
    for key in (make.key_of(world.shown[name]), world.one_hidden(model), NOBODY):
        yield path.replace("{id}", key).replace("{slug}", key)


def questions(world: World) -> Iterator[tuple[str, dict[str, str]]]:
    """Every GET of the document with every parameter it has. One not known here is an error."""
    known = values(world)
    turns = {name: cycle(some) for name, some in known.items()}
    for path, operations in WRITTEN["paths"].items():
        if "get" not in operations:
            continue
        asked = [p for p in operations["get"].get("parameters", ()) if p["in"] == "query"]
        unknown = {p["name"].removeprefix("not_") for p in asked} - known.keys()
        assert not unknown, f"Say in values() what {path} is to be asked with: {unknown}"
        needed = {p["name"]: known[p["name"]][-1] for p in asked if p.get("required")}
        if path.endswith("/search"):
            needed = {"q": "trial"}
        first, *others = addresses(path, world)
        for address in (first, *others):
            yield address, needed
        for position, parameter in enumerate(asked):
            name = parameter["name"]
            some = known[name.removeprefix("not_")]
            if "." in path and position % len(FORMATS) != FORMATS.index(path.partition(".")[2]):
                # The formats of a list share their view: each parameter is asked of one of them.
                continue
            if path.endswith(COUNTS) and not path.endswith(COUNTS[position % len(COUNTS)]):
                continue
            if "page_size" not in {p["name"] for p in asked} or "timelines/" in path:
                some = [next(turns[name.removeprefix("not_")])]
            for value in some[-1:] if name.startswith("not_") else some:
                more = {"q": "trial"} if value == "relevance" or name == "highlight" else {}
                yield first, needed | more | {name: value}
        if any(parameter["name"] == "has_dispute" for parameter in asked):
            yield first, needed | {f"extra.{SECRET}": SECRET}
            yield first, needed | {"clock": "reported", "overlapping": "1999"}


COUNTS = ("histogram", "facets", "explain")
FORMATS = (
    *("csv", "ndjson", "xlsx", "geojson", "ics", "atom", "jsonld", "timelinejs.json"),
    "csl.json",
)
