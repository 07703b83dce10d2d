"""Every filter of every list answers right, in both ways to write a list."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.clients import Api, is_problem
from tests.contract.document import operations
from tests.factories.records import (
    make_actor,
    make_affiliation,
    make_citation,
    make_claim,
    make_event,
    make_figure,
    make_place,
    make_relation,
    make_source,
    make_timeline,
    taking_part,
    term,
)

pytestmark = pytest.mark.django_db


class World:
    """A few records that every filter can tell apart."""

    def __init__(self) -> None:
        self.china = make_place(name="China", country="CN", latitude=35.0, longitude=103.0)
        self.hebei = make_place(name="Hebei", country="CN", parent=self.china)
        self.xingtai = make_place(
            name="Xingtai", country="CN", parent=self.hebei, latitude=37.07, longitude=114.5
        )
        self.paris = make_place(name="Paris", country="FR", latitude=48.85, longitude=2.35)
        self.court = make_actor(name="The court", kind="organisation")
        self.diana = make_actor(
            name="Diana",
            kind="person",
            identity="pseudonym",
            names=[{"text": "狄安娜", "kind": "transliteration"}],
        )
        self.nine = make_actor(name="The nine", kind="group", count=9)
        self.reuters = make_source(
            title="Report", publisher="Reuters", kind="article", url="https://news.example/1"
        )
        self.gazette = make_source(
            title="Gazette", publisher="Gazette", kind="court_record", date="2019-11"
        )
        self.trial = make_event(
            title="Trial",
            date="2019-08",
            place=self.xingtai,
            kind=term("kinds", "trial"),
            status="occurred",
            assessment="confirmed",
            tags=["courts", "fentanyl"],
            participations=[taking_part(self.court, "court"), taking_part(self.nine, "defendant")],
            dataset="acw",
            external_id="AL001",
            extra={"docket": "114", "counts": 9},
        )
        self.tip = make_event(
            title="Tip",
            date="2017",
            place=self.paris,
            kind=term("kinds", "tip"),
            tags=["fentanyl"],
            participations=[taking_part(self.diana, "informant")],
        )
        self.plan = make_event(title="Plan", status="planned", assessment="alleged")
        self.of_trial = make_citation(source=self.reuters, event=self.trial, bearing="supports")
        self.of_tip = make_citation(source=self.gazette, event=self.tip, bearing="disputes")
        self.denial = make_claim(
            speaker=self.diana, about=self.trial, said_in=self.tip, stance="denies", date="2019-11"
        )
        self.rival = make_claim(
            speaker=self.court,
            about=self.trial,
            status="disputed",
            links=[{"type": "contradicts", "other": self.denial}],
        )
        self.loner = make_claim(speaker=self.nine)
        self.figure = make_figure(speaker=self.court, place=self.china, date="2017")
        self.of_figure = make_citation(source=self.reuters, figure=self.figure)
        self.of_claim = make_citation(source=self.reuters, claim=self.denial, bearing="mentions")
        self.led = make_relation(subject=self.tip, object=self.trial)
        self.answered = make_relation(
            subject=self.plan, object=self.trial, type=term("relation-types", "responds_to")
        )
        self.member = make_affiliation(actor=self.diana, organisation=self.court, date="2018")
        self.head = make_affiliation(
            actor=self.nine, organisation=self.court, type=term("affiliation-types", "head_of")
        )
        self.chosen = make_timeline(slug="chosen", entries=[{"event": self.tip}])
        self.saved = make_timeline(slug="saved", filter={"tag": ["courts"]})

    def names(self, ids: list[str]) -> set[str]:
        by_key = {
            str(getattr(record, "slug", None) or record.uuid): name
            for name, record in vars(self).items()
        } | {str(record.uuid): name for name, record in vars(self).items()}
        return {by_key.get(key, key) for key in ids}


@pytest.fixture(scope="module")
def world(lasting: None) -> World:
    return World()


ALL = {"trial", "tip", "plan"}
# list, parameter, value (names of records stand for their ids), and the rows right for it
ROWS: list[tuple[str, str, str, set[str]]] = [
    ("events", "id", "trial,tip", {"trial", "tip"}),
    ("events", "actor", "court", {"trial"}),
    ("events", "actor", "court,diana", {"trial", "tip"}),
    ("events", "actor_all", "court,nine", {"trial"}),
    ("events", "actor_all", "court,diana", set()),
    ("events", "role", "informant", {"tip"}),
    ("events", "role", "court,informant", {"trial", "tip"}),
    ("events", "actor_kind", "group", {"trial"}),
    ("events", "actor_kind", "group,person", {"trial", "tip"}),
    ("events", "place", "xingtai", {"trial"}),
    ("events", "place", "china", {"trial"}),
    ("events", "place", "hebei,paris", {"trial", "tip"}),
    ("events", "country", "CN", {"trial"}),
    ("events", "country", "cn,fr", {"trial", "tip"}),
    ("events", "kind", "trial", {"trial"}),
    ("events", "kind", "trial,tip", {"trial", "tip"}),
    ("events", "tag", "courts", {"trial"}),
    ("events", "tag", "courts,fentanyl", {"trial", "tip"}),
    ("events", "tag_all", "courts,fentanyl", {"trial"}),
    ("events", "timeline", "chosen", {"tip"}),
    ("events", "timeline", "saved", {"trial"}),
    ("events", "timeline", "chosen,saved", {"trial", "tip"}),
    ("events", "source", "reuters", {"trial"}),
    ("events", "source", "reuters,gazette", {"trial", "tip"}),
    ("events", "publisher", "Reuters", {"trial"}),
    ("events", "publisher", "Reuters,Gazette", {"trial", "tip"}),
    ("events", "dataset", "acw", {"trial"}),
    ("events", "external_id", "AL001,AL002", {"trial"}),
    ("events", "status", "planned", {"plan"}),
    ("events", "status", "planned,occurred", ALL),
    ("events", "assessment", "confirmed,alleged", {"trial", "plan"}),
    ("events", "related_to", "trial", {"tip", "plan"}),
    ("events", "has_citation", "true", ALL),
    ("events", "has_dispute", "true", {"trial", "tip"}),
    ("events", "has_dispute", "false", {"plan"}),
    ("events", "undated", "true", {"plan"}),
    ("events", "undated", "false", {"trial", "tip"}),
    ("events", "overlapping", "2019", {"trial"}),
    ("events", "within", "2017/2019", {"trial", "tip"}),
    ("events", "before", "2019", {"tip"}),
    ("events", "after", "2017", {"trial"}),
    ("events", "containing", "2017-05", {"tip"}),
    ("events", "bbox", "73,18,135,54", {"trial"}),
    ("events", "near", "48.8,2.3,50", {"tip"}),
    ("events", "q", "trial", {"trial"}),
    ("events", "publication", "published", ALL),
    ("events", "updated_since", "2000-01-01T00:00:00Z", ALL),
    ("events", "updated_since", "2999-01-01T00:00:00Z", set()),
    ("events", "extra.docket", "114", {"trial"}),
    ("events", "extra.docket", "113,114", {"trial"}),
    ("events", "extra.nothing", "114", set()),
    ("events", "not_tag", "courts", {"tip", "plan"}),
    ("events", "not_actor", "court", {"tip", "plan"}),
    ("events", "not_id", "trial,tip", {"plan"}),
    ("events", "not_country", "CN,FR", {"plan"}),
    ("events", "not_status", "planned", {"trial", "tip"}),
    ("events", "not_timeline", "chosen", {"trial", "plan"}),
    ("actors", "kind", "group,person", {"nine", "diana"}),
    ("actors", "identity", "pseudonym", {"diana"}),
    ("actors", "name", "Diana", {"diana"}),
    ("actors", "name", "狄安娜,The nine", {"diana", "nine"}),
    ("actors", "event", "trial", {"court", "nine"}),
    ("actors", "id", "diana,court", {"diana", "court"}),
    ("affiliations", "actor", "diana,nine", {"member", "head"}),
    ("affiliations", "organisation", "court", {"member", "head"}),
    ("affiliations", "type", "head_of", {"head"}),
    ("affiliations", "overlapping", "2018", {"member"}),
    ("places", "country", "FR", {"paris"}),
    ("places", "parent", "china", {"hebei"}),
    ("places", "parent", "china,hebei", {"hebei", "xingtai"}),
    ("places", "name", "Paris,Xingtai", {"paris", "xingtai"}),
    ("sources", "kind", "court_record", {"gazette"}),
    ("sources", "publisher", "Reuters,Gazette", {"reuters", "gazette"}),
    ("sources", "url", "https://news.example/1", {"reuters"}),
    ("sources", "event", "tip", {"gazette"}),
    ("sources", "overlapping", "2019", {"gazette"}),
    ("citations", "source", "gazette", {"of_tip"}),
    ("citations", "event", "trial", {"of_trial"}),
    ("citations", "claim", "denial", {"of_claim"}),
    ("citations", "figure", "figure", {"of_figure"}),
    ("citations", "bearing", "disputes,mentions", {"of_tip", "of_claim"}),
    ("citations", "anchor", "missing", set()),
    ("claims", "speaker", "diana,nine", {"denial", "loner"}),
    ("claims", "about", "trial", {"denial", "rival"}),
    ("claims", "said_in", "tip", {"denial"}),
    ("claims", "stance", "denies", {"denial"}),
    ("claims", "status", "disputed", {"rival"}),
    ("claims", "disputed", "true", {"denial", "rival"}),
    ("claims", "disputed", "false", {"loner"}),
    ("claims", "contradicts", "denial", {"rival"}),
    ("claims", "contradicts", "rival", {"denial"}),
    ("claims", "overlapping", "2019", {"denial"}),
    ("figures", "speaker", "court", {"figure"}),
    ("figures", "place", "china", {"figure"}),
    ("figures", "within", "2017", {"figure"}),
    ("relations", "event", "tip", {"led"}),
    ("relations", "event", "trial,tip", {"led", "answered"}),
    ("relations", "subject", "plan", {"answered"}),
    ("relations", "object", "trial", {"led", "answered"}),
    ("relations", "type", "responds_to", {"answered"}),
    ("timelines", "slug", "saved,chosen", {"saved", "chosen"}),
    ("timelines", "event", "tip", {"chosen"}),
    ("tags", "slug", "courts", {"courts"}),
    ("vocabularies/roles", "code", "court,witness", {"court", "witness"}),
    ("vocabularies/roles", "curated", "false", set()),
]
# Citations that the factories put beside an event that is published.
BESIDE = {"citations": {"event", "bearing"}, "sources": {"event"}}


def test_filters_answer_right_whether_repeated_or_joined(anonymous: Api, world: World) -> None:
    wrong = []
    for path, name, value, right in ROWS:
        is_list = not (name in ("near", "bbox", "q") or value.startswith("http"))
        parts = [
            str(getattr(world, part).uuid) if hasattr(world, part) and _by_id(path, name) else part
            for part in (value.split(",") if is_list else [value])
        ]
        for spelled in ([",".join(parts)], parts) if len(parts) > 1 else (parts,):
            found = world.names(anonymous.ids(path, **{name: spelled}))
            if path in ("citations", "sources"):
                found &= {*vars(world)}
            if found != right:
                wrong.append((path, name, spelled, found))
    assert wrong == []


def _by_id(path: str, name: str) -> bool:
    ids = {"id", "actor", "actor_all", "place", "source", "related_to", "event", "organisation"}
    ids |= {"parent", "claim", "figure", "speaker", "about", "said_in", "contradicts", "subject"}
    return name.removeprefix("not_") in ids | {"object"}


def test_an_actor_is_asked_in_a_role_when_both_are_given(anonymous: Api, world: World) -> None:
    court, nine = str(world.court.uuid), str(world.nine.uuid)

    assert world.names(anonymous.ids("events", actor=court, role="court")) == {"trial"}
    assert anonymous.ids("events", actor=court, role="defendant") == []
    assert world.names(anonymous.ids("events", actor=nine, role="defendant")) == {"trial"}
    assert anonymous.ids("events", role="court", actor_kind="group") == []


def test_filters_together_all_have_to_hold(anonymous: Api, world: World) -> None:
    assert world.names(anonymous.ids("events", tag="fentanyl", country="FR")) == {"tip"}
    assert anonymous.ids("events", tag="courts", country="FR") == []


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ({"overlapping": "2019-08-15"}, {"trial"}),
        ({"overlapping": "2019-08-15", "match": "certain"}, set()),
        ({"within": "2019", "match": "certain"}, {"trial"}),
        ({"before": "2019-08-15", "match": "possible"}, {"trial", "tip"}),
        ({"before": "2019-08-15", "match": "certain"}, {"tip"}),
    ],
)
def test_a_relation_is_possible_or_certain(
    query: dict[str, str], right: set[str], anonymous: Api, world: World
) -> None:
    assert world.names(anonymous.ids("events", **query)) == right


def test_every_parameter_of_every_list_is_asked_above() -> None:
    """A new filter without a row in these tables fails."""
    asked = {(path, name) for path, name, _, _ in ROWS}
    elsewhere = {"page_size", "cursor", "count", "ordering", "fields", "omit", "expand"}
    elsewhere |= {"match", "trust_uncertain", "clock", "created_by", "not_created_by", "q"}
    elsewhere |= {"publication", "highlight", "as_of"}
    shared = {"id", "updated_since", "undated", "overlapping", "within", "before", "after"}
    shared |= {"containing"}
    missing = []
    for operation in operations("GET"):
        path = operation.path.removeprefix("/api/v1/").replace("{vocabulary}", "roles")
        if path not in {row[0] for row in ROWS}:
            continue
        for parameter in operation.described["parameters"]:
            name = parameter["name"]
            plain = name.removeprefix("not_")
            known = {(path, name), (path, plain)} & asked
            if parameter["in"] == "query" and not known and name not in elsewhere | shared:
                missing.append((path, name))
    assert missing == []


LISTS = sorted({row[0] for row in ROWS})


@pytest.mark.parametrize("path", LISTS)
def test_what_does_not_exist_finds_nothing(path: str, anonymous: Api, world: World) -> None:
    for row_path, name, _, _ in ROWS:
        if row_path == path and _by_id(path, name) and not name.startswith("not_"):
            answer = anonymous.get(path, **{name: str(uuid4())})
            assert (answer.status_code, answer.json()["results"]) == (200, []), name


@pytest.mark.parametrize("path", LISTS)
def test_what_is_misspelt_is_refused_with_the_nearest_right_name(path: str, anonymous: Api) -> None:
    names = {row[1] for row in ROWS if row[0] == path and "." not in row[1]}
    for name in names - {"q", "id"}:
        answer = anonymous.get(path, **{f"{name}z": "1"})
        assert is_problem(answer)
        assert answer.status_code == 400
        error = answer.json()["errors"][0]
        assert (error["parameter"], error["code"]) == (f"{name}z", "unknown-parameter")
        assert f"“{name}”" in error["detail"]
