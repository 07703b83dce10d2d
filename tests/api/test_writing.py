"""Writing over HTTP: merge patches, versions, refusals by name, and nothing by halves."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.clients import Api, api_of, is_problem
from tests.contract.document import operations
from tests.factories.records import (
    MAKERS,
    key_of,
    make_actor,
    make_claim,
    make_event,
    make_place,
    make_source,
    make_tag,
    make_timeline,
    taking_part,
)
from timeline.models import Action, Actor, Change, Event, Redirect, Tag

pytestmark = pytest.mark.django_db

CHANGES: dict[str, dict[str, Any]] = {
    "events": {"title": "Another"},
    "actors": {"name": "Another"},
    "affiliations": {"title": "Another"},
    "places": {"name": "Another"},
    "sources": {"title": "Another"},
    "citations": {"locator": "page 2"},
    "claims": {"text": "Another."},
    "figures": {"unit": "people"},
    "relations": {"note": "Another."},
    "timelines": {"title": "Another"},
}


def pointers(answer: Any) -> dict[str, str]:
    assert is_problem(answer), answer.content
    return {flaw["pointer"]: flaw["code"] for flaw in answer.json()["errors"]}


def entries(record: Any) -> list[Change]:
    return list(Change.objects.filter(record_uuid=record.uuid).order_by("id"))


# --- The ledger -----------------------------------------------------------------------------------


@pytest.mark.parametrize("resource", list(MAKERS))
def test_each_write_over_http_is_one_entry_with_its_reason_and_request(
    resource: str, publisher: Api
) -> None:
    record = MAKERS[resource]("draft")
    path = f"{resource}/{key_of(record)}"

    patched = publisher.patch(path, CHANGES[resource] | {"reason": "In the body."})
    asked = publisher.patch(path, _back(resource), reason="In the query.")
    deleted = publisher.delete(path, reason="Gone.")

    assert [a.status_code for a in (patched, asked, deleted)] == [200, 200, 204]
    last = entries(record)[-3:]
    assert [c.reason for c in last] == ["In the body.", "In the query.", "Gone."]
    assert [c.action for c in last] == [Action.UPDATED, Action.UPDATED, Action.DELETED]
    assert [c.request_id for c in last] == [
        a.headers["X-Request-ID"] for a in (patched, asked, deleted)
    ]
    assert {c.by_name for c in last} == {"publishr"}
    assert {c.origin for c in last} == {"api"}


def _back(resource: str) -> dict[str, Any]:
    return {name: f"{value} again" for name, value in CHANGES[resource].items()}


def test_what_a_reader_sends_again_unchanged_is_no_new_version(publisher: Api) -> None:
    event = make_event("draft", date="2019-08", tags=["a"])
    told = publisher.get(f"events/{event.uuid}").json()
    same = {
        name: told[name] for name in ("title", "summary", "tags", "status", "extra", "sequence")
    }
    same["date"] = {"edtf": told["date"]["edtf"]}

    answer = publisher.patch(f"events/{event.uuid}", same)

    assert answer.json()["version"] == event.version
    assert len(entries(event)) == 1


# --- Merge patches (RFC 7396) ---------------------------------------------------------------------


def test_what_a_patch_does_not_name_stays(publisher: Api) -> None:
    event = make_event("draft", date="2019-08", summary="Kept.", tags=["kept"], extra={"a": 1})
    before = publisher.get(f"events/{event.uuid}").json()

    after = publisher.patch(f"events/{event.uuid}", {"title": "Another"}).json()

    assert after["title"] == "Another"
    changing = {"title", "version", "updated_at"}
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }


@pytest.mark.parametrize(
    ("patch", "member", "after"),
    [
        pytest.param({"summary": None}, "summary", "", id="a text"),
        pytest.param({"place": None}, "place", None, id="a pointer"),
        pytest.param({"date": None}, "date", None, id="a date"),
        pytest.param({"tags": None}, "tags", [], id="the tags"),
        pytest.param({"participations": None}, "participations", [], id="a list"),
        pytest.param({"extra": None}, "extra", {}, id="an object"),
        pytest.param({"extra": {"a": None}}, "extra", {"b": {"c": 1, "d": 2}}, id="a member"),
        pytest.param(
            {"extra": {"b": {"c": None}}}, "extra", {"a": 1, "b": {"d": 2}}, id="an inner member"
        ),
        pytest.param({"status": None}, "status", "occurred", id="a choice"),
        pytest.param({"sequence": None}, "sequence", 0, id="a number"),
        pytest.param({"kind": None}, "kind", None, id="a term"),
        pytest.param({"image": None}, "image", None, id="an address"),
    ],
)
def test_null_in_a_patch_takes_away(
    patch: dict[str, Any], member: str, after: Any, publisher: Api
) -> None:
    event = make_event(
        "draft",
        summary="S",
        date="2019",
        place=make_place(),
        tags=["a"],
        status="planned",
        sequence=3,
        image="https://pictures.example/1",
        extra={"a": 1, "b": {"c": 1, "d": 2}},
        participations=[taking_part(make_actor())],
    )

    answer = publisher.patch(f"events/{event.uuid}", patch)

    assert answer.status_code == 200, answer.content
    assert answer.json()[member] == after


def test_what_is_needed_cannot_be_taken_away(publisher: Api) -> None:
    event = make_event("draft")

    assert pointers(publisher.patch(f"events/{event.uuid}", {"title": None})) == {"/title": "null"}


@pytest.mark.parametrize(
    ("patch", "after"),
    [
        pytest.param(
            {"basis_note": "Why."}, {"edtf": "2019-08", "basis_note": "Why."}, id="a note"
        ),
        pytest.param({"edtf": "2019-09"}, {"edtf": "2019-09", "text": "in August"}, id="a date"),
        pytest.param(
            {"text": "7 Nov 2019"}, {"edtf": "2019-11-07", "text": "7 Nov 2019"}, id="words"
        ),
        pytest.param({"text": None}, {"edtf": "2019-08", "text": ""}, id="without words"),
        pytest.param({"basis": None}, {"edtf": "2019-08", "basis": "stated"}, id="a basis"),
    ],
)
def test_a_patch_of_a_date_is_merged_into_it(
    patch: dict[str, Any], after: dict[str, Any], publisher: Api
) -> None:
    event = make_event("draft", date="2019-08", date_text="in August", date_basis="inferred")

    answer = publisher.patch(f"events/{event.uuid}", {"date": patch})

    assert answer.status_code == 200, answer.content
    assert answer.json()["date"].items() >= after.items()


@pytest.mark.parametrize(
    ("resource", "member"), [("sources", "published"), ("claims", "said_on"), ("figures", "period")]
)
def test_the_dates_of_other_records_are_patched_under_their_own_names(
    resource: str, member: str, publisher: Api
) -> None:
    record = MAKERS[resource]("draft", date="2019-08")
    path = f"{resource}/{record.uuid}"

    answer = publisher.patch(path, {member: {"text": "late 2019"}})
    assert answer.json()[member]["text"] == "late 2019"
    assert publisher.patch(path, {member: None}).json()[member] is None


def test_words_become_a_date_and_are_kept(writer: Api) -> None:
    answer = writer.post("events", {"title": "T", "date": {"text": "c. 1912"}})

    assert answer.json()["date"]["edtf"] == "1912~"
    assert answer.json()["date"]["text"] == "c. 1912"
    two = writer.post("events", {"title": "T", "date": {"text": "07/11/2019"}})
    assert pointers(two).keys() == {"/date/text"}


# --- What is refused, and where -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "where"),
    [
        pytest.param({"titel": "x"}, {"/titel": "unknown"}, id="a member that there is not"),
        pytest.param({"id": str(uuid4())}, {"/id": "read-only"}, id="a member that is told"),
        pytest.param({"version": 9}, {"/version": "read-only"}, id="the version"),
        pytest.param({"publication": "published"}, {"/publication": "read-only"}, id="the state"),
        pytest.param(
            {"citations": []}, {"/citations": "read-only"}, id="what is written elsewhere"
        ),
        pytest.param(
            {"place": str(uuid4())}, {"/place": "missing"}, id="a place that there is not"
        ),
        pytest.param({"kind": "trail"}, {"/kind": "unknown"}, id="a kind misspelt"),
        pytest.param({"date": {"edtf": "2019-13"}}, {"/date/edtf"}, id="a month that there is not"),
        pytest.param(
            {"participations": [{"role": "court"}]},
            {"/participations/0/actor": "required"},
            id="a participation of nobody",
        ),
        pytest.param(
            {"participations": [{"actor": str(uuid4()), "role": "court", "name": "x"}]},
            {"/participations/0/name": "unknown"},
            id="a member of a participation",
        ),
        pytest.param(
            {"add_participations": [{"role": "court"}]},
            {"/add_participations/0/actor": "required"},
            id="somebody added without being named",
        ),
        pytest.param({"tags": ["a"], "add_tags": ["b"]}, {"/tags": "ambiguous"}, id="both ways"),
        pytest.param({"extra": "x"}, {"/extra": "not-a-dict"}, id="a text for an object"),
        pytest.param({"reason": "r" * 2001}, {"/reason": "max-length"}, id="a long reason"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_is_wrong_is_named_and_nothing_is_written(
    method: str, body: dict[str, Any], where: Any, publisher: Api
) -> None:
    event = make_event("draft")
    written = Change.objects.count()
    path = "events" if method == "POST" else f"events/{event.uuid}"
    told = {"title": "Not to be written"} | body

    answer = publisher.send(method, path, told)

    assert answer.status_code == 400, answer.content
    found = pointers(answer)
    assert found == where if isinstance(where, dict) else found.keys() == where
    assert Change.objects.count() == written
    assert not Event.objects.filter(title="Not to be written").exists()


def test_the_nearest_right_word_is_named(publisher: Api) -> None:
    for body, hint in [
        ({"titel": "x"}, "title"),
        ({"title": "x", "kind": "trail"}, "trial"),
        ({"title": "x", "participatons": []}, "participations"),
    ]:
        assert f"“{hint}”" in publisher.post("events", body).json()["detail"]


@pytest.mark.parametrize(
    ("resource", "body", "where", "code"),
    [
        *(
            ("actors", {"name": "x", "kind": kind, "count": count}, "/count", code)
            for kind, count, code in [("person", 3, "not-a-group"), ("group", 0, "min-value")]
        ),
        ("places", {"name": "x", "latitude": 9}, "/longitude", "half-a-point"),
        ("places", {"name": "x", "longitude": 9}, "/latitude", "half-a-point"),
        ("places", {"name": "x", "latitude": 91, "longitude": 0}, "/latitude", "max-value"),
        ("places", {"name": "x", "latitude": 0, "longitude": -181}, "/longitude", "min-value"),
        ("figures", {"measure": "x"}, "/low", "no-bound"),
        ("figures", {"measure": "x", "low": 5, "high": 2}, "/high", "reversed"),
        ("citations", {"source": "a source", "quote": "x"}, "/figure", "one-record"),
        (
            "citations",
            {"source": "a source", "event": "an event", "claim": "a claim"},
            "/claim",
            "one-record",
        ),
        (
            "citations",
            {"source": "a source", "event": "an event", "position_start": 3},
            "/position_end",
            "half-a-position",
        ),
        (
            "citations",
            {"source": "a source", "event": "an event", "position_start": 3, "position_end": 3},
            "/position_end",
            "reversed",
        ),
        (
            "relations",
            {"subject": "an event", "object": "an event", "type": "led_to"},
            "/object",
            "same-record",
        ),
        (
            "affiliations",
            {"actor": "an actor", "organisation": "an actor", "type": "member_of"},
            "/organisation",
            "same-record",
        ),
        (
            "claims",
            {"speaker": "an actor", "text": "x", "about": "an event", "about_value": "2018"},
            "/about_field",
            "no-field",
        ),
    ],
)
def test_a_broken_rule_is_told_in_a_sentence_at_its_field(
    resource: str, body: dict[str, Any], where: str, code: str, publisher: Api
) -> None:
    known = {
        "a source": make_source(),
        "an event": make_event("draft"),
        "a claim": make_claim(),
        "an actor": make_actor(),
    }
    told = {k: str(known[v].uuid) if v in known else v for k, v in body.items()}

    answer = publisher.post(resource, told)

    assert (answer.status_code, pointers(answer)) == (400, {where: code})
    assert "onstraint" not in answer.json()["detail"]


def test_the_words_that_can_be_chosen_are_named(publisher: Api) -> None:
    for path, body in [
        ("actors", {"name": "x", "kind": "alien"}),
        ("actors", {"name": "x", "names": [{"text": "y", "kind": "alien"}]}),
        ("events", {"title": "x", "status": "alien"}),
        ("events", {"title": "x", "date": {"edtf": "2019", "basis": "alien"}}),
    ]:
        detail = publisher.post(path, body).json()["detail"]
        assert "“alien” is none of these: " in detail
        assert any(word in detail for word in ("person", "alias", "planned", "inferred"))


def test_who_asks_in_the_wrong_way_is_told_the_right_one(publisher: Api) -> None:
    event = make_event()
    path = f"events/{event.uuid}"

    wrong = publisher.send("PUT", path, {"title": "x"})
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, PATCH, DELETE, HEAD, OPTIONS")
    assert "GET, PATCH, DELETE, HEAD, OPTIONS" in wrong.json()["detail"]
    body = publisher.client.patch(
        f"/api/v1/{path}", "x", content_type="text/plain", headers=publisher.headers
    )
    assert body.status_code == 415
    assert "application/json or application/merge-patch+json" in body.json()["detail"]
    answer = publisher.send("GET", path, headers={"Accept": "application/xml"})
    assert answer.status_code == 406
    assert "application/json" in answer.json()["detail"]


def test_who_takes_problems_alone_is_answered_too(publisher: Api) -> None:
    event = make_event("draft")
    path = f"events/{event.uuid}"
    headers = {"Accept": "application/problem+json"}

    assert publisher.send("GET", path, headers=headers).json()["id"] == str(event.uuid)
    assert publisher.send("DELETE", path, headers=headers).status_code == 204
    refused = publisher.send("DELETE", path, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/not-found")


def test_a_head_has_the_tag_of_its_get(anonymous: Api) -> None:
    event = make_event()

    for path in ("events", f"events/{event.uuid}", "places?page_size=1"):
        head, get = anonymous.send("HEAD", path), anonymous.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["ETag"] == get.headers["ETag"]


def test_a_hidden_record_and_a_missing_one_are_refused_alike(writer: Api) -> None:
    hidden, missing = str(make_actor(protected=True).uuid), str(uuid4())
    answers = [
        writer.post("claims", {"text": "x", "speaker": key}).content.decode().replace(key, "…")
        for key in (hidden, missing)
    ]

    assert answers[0].partition("request_id")[0] == answers[1].partition("request_id")[0]


def test_a_refused_patch_leaves_lists_and_tags_as_they_were(publisher: Api) -> None:
    actor = make_actor()
    event = make_event("draft", tags=["kept"], participations=[taking_part(actor)])
    before = publisher.get(f"events/{event.uuid}").json()
    patch = {
        "title": "Half",
        "tags": ["new"],
        "participations": [
            {"actor": str(actor.uuid), "role": "court"},
            {"actor": str(actor.uuid), "role": "court"},
        ],
    }

    assert publisher.patch(f"events/{event.uuid}", patch).status_code == 400
    assert publisher.patch(f"events/{event.uuid}", {"add_tags": ["x", "!!!"]}).status_code == 400

    assert publisher.get(f"events/{event.uuid}").json() == before
    assert not Tag.objects.filter(slug__in=["new", "x"]).exists()


def test_who_may_not_protect_an_identity_is_told_so_and_nothing_is_written(writer: Api) -> None:
    answer = writer.post("actors", {"name": "The informant", "protected": True})

    assert (answer.status_code, is_problem(answer)) == (403, True)
    assert not Actor.objects.exists()
    assert api_of("publish").post("actors", {"name": "X", "protected": True}).status_code == 201


# --- Versions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("resource", list(MAKERS))
def test_a_change_to_an_older_version_is_refused(resource: str, publisher: Api) -> None:
    record = MAKERS[resource]("draft")
    path = f"{resource}/{key_of(record)}"
    tag = publisher.get(path).headers["ETag"]

    first = publisher.patch(path, CHANGES[resource], headers={"If-Match": tag})
    second = publisher.patch(path, _back(resource), headers={"If-Match": tag})
    verb = publisher.post(f"{path}/submit", headers={"If-Match": tag})
    gone = publisher.delete(path, headers={"If-Match": tag})

    assert first.status_code == 200
    assert [a.status_code for a in (second, verb, gone)] == [412, 412, 412]
    assert all(is_problem(a) for a in (second, verb, gone))
    fresh = first.headers["ETag"]
    assert publisher.delete(path, headers={"If-Match": fresh}).status_code == 204


@pytest.mark.parametrize(
    ("header", "status"),
    [
        *(('"1"', 200), ("*", 200), ('"1-abcdef"', 200), ('"2"', 412), ("1", 412), ('W/"1"', 412)),
        *(("garbage", 412), ('"99999999999999999999"', 412), ('""', 412)),
    ],
)
def test_which_tags_match(header: str, status: int, publisher: Api) -> None:
    event = make_event("draft")

    answer = publisher.patch(f"events/{event.uuid}", {"title": "x"}, headers={"If-Match": header})

    assert answer.status_code == status


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "POST"])
def test_where_versions_are_demanded_who_names_none_is_refused(
    method: str, publisher: Api, settings: Any
) -> None:
    settings.REQUIRE_IF_MATCH = True
    place = make_place("draft")
    path = f"places/{place.uuid}" + ("/submit" if method == "POST" else "")
    body = {"name": "x"} if method == "PATCH" else None

    answer = publisher.send(method, path, body)

    assert (answer.status_code, is_problem(answer)) == (428, True)
    assert publisher.send(method, path, body, headers={"If-Match": '"1"'}).status_code < 300
    assert publisher.post("places", {"name": "new"}).status_code == 201


def test_a_reader_who_has_it_already_is_told_so(anonymous: Api) -> None:
    event = make_event(participations=[taking_part(actor := make_actor())])
    path = f"events/{event.uuid}"
    tag = anonymous.get(path).headers["ETag"]

    again = anonymous.send("GET", path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    listed = anonymous.get("events").headers["ETag"]
    assert anonymous.send("GET", "events", headers={"If-None-Match": listed}).status_code == 304
    api_of("publish").patch(f"actors/{actor.uuid}", {"name": "Renamed"})
    assert anonymous.send("GET", path, headers={"If-None-Match": tag}).status_code == 200


# --- Merged records -------------------------------------------------------------------------------


def test_the_id_of_a_merged_record_leads_to_its_survivor(anonymous: Api, publisher: Api) -> None:
    survivor, old = make_actor(), uuid4()
    Redirect.objects.create(record_type="actor", old_uuid=old, new_uuid=survivor.uuid)

    read = anonymous.get(f"actors/{old}")
    assert read.status_code == 308
    assert read.headers["Location"].endswith(f"/api/v1/actors/{survivor.uuid}")
    for method, rest in [("PATCH", ""), ("DELETE", ""), ("POST", "/withdraw")]:
        answer = publisher.send(method, f"actors/{old}{rest}", {} if rest else {"name": "x"})
        assert answer.status_code == 308
        assert answer.headers["Location"].endswith(f"/actors/{survivor.uuid}{rest}")
    asked = publisher.delete(f"actors/{old}", reason="why")
    assert asked.headers["Location"].endswith("?reason=why")
    assert anonymous.get(f"places/{old}").status_code == 404


def test_a_merged_id_leads_only_those_who_may_see_the_survivor(anonymous: Api) -> None:
    hidden, old = make_actor("draft"), uuid4()
    Redirect.objects.create(record_type="actor", old_uuid=old, new_uuid=hidden.uuid)

    assert anonymous.get(f"actors/{old}").status_code == 404
    assert api_of("write").get(f"actors/{old}").status_code == 308


# --- The rest -------------------------------------------------------------------------------------


def test_what_is_created_has_an_address_and_a_tag(writer: Api) -> None:
    for path, body in [
        ("events", {"title": "T"}),
        ("timelines", {"slug": "a-timeline", "title": "T"}),
        ("tags", {"slug": "a-tag", "label": "A tag"}),
    ]:
        answer = writer.post(path, body)
        assert answer.status_code == 201
        assert answer.headers["ETag"].startswith('"1-')
        address = answer.headers["Location"].removeprefix("http://testserver")
        assert writer.send("GET", address).json() == answer.json()


def test_tags_and_terms_are_written_with_an_entry(publisher: Api) -> None:
    tag = make_tag("a-tag")
    assert publisher.patch("tags/a-tag", {"label": "Renamed"}).json()["version"] == 2
    body = {"code": "rumour", "label": "Rumour"}
    assert publisher.post("vocabularies/kinds", body, reason="New.").status_code == 201
    assert publisher.post("vocabularies/kinds", body).status_code in (400, 409)
    assert publisher.delete("vocabularies/kinds/rumour").status_code == 204
    assert [c.action for c in entries(tag)] == ["created", "updated"]
    kinds = Change.objects.filter(record_type="term").order_by("id")
    assert [c.action for c in kinds] == ["created", "deleted"]
    assert kinds[0].reason == "New."


def test_a_quote_is_looked_for_in_the_text_of_its_source(publisher: Api) -> None:
    source = make_source(text="A positive step, he said. A positive step.")
    event = make_event()

    def anchor(**quote: Any) -> str:
        body = {"source": str(source.uuid), "event": str(event.uuid), **quote}
        return publisher.post("citations", body).json()["anchor"]

    assert anchor(quote="he said") == "exact"
    assert anchor(quote="positive step", prefix="A ", suffix=", he") == "context"
    assert anchor(quote="positive step", position_start=28, position_end=41) == "position"
    assert anchor(quote="negative step") == "missing"
    assert anchor(locator="page 1") == "unchecked"


def test_a_relation_that_the_dates_rule_out_is_refused_with_the_reason(publisher: Api) -> None:
    early, late = make_event(date="2017"), make_event(date="2019")
    body = {"subject": str(late.uuid), "object": str(early.uuid), "type": "led_to"}

    answer = publisher.post("relations", body)

    assert pointers(answer) == {"/type": "contradicts-dates"}
    assert "2017" in answer.json()["detail"]
    assert publisher.post("relations", body | {"type": "responds_to"}).status_code == 201


def test_a_place_lies_not_within_itself(publisher: Api) -> None:
    outer = make_place("draft")
    inner = make_place("draft", parent=make_place("draft", parent=outer))

    answer = publisher.patch(f"places/{outer.uuid}", {"parent": str(inner.uuid)})

    assert pointers(answer) == {"/parent": "circular"}


def test_one_number_is_both_bounds_of_a_figure(publisher: Api) -> None:
    told = publisher.post("figures", {"measure": "Dead", "value": "9.5"})
    assert told.status_code == 201, told.content
    path = f"figures/{told.json()['id']}"

    assert (told.json()["low"], told.json()["high"]) == ("9.5", "9.5")
    again = publisher.patch(path, {"value": 9}).json()
    assert (again["low"], again["high"]) == ("9", "9")
    both = publisher.patch(path, {"value": 9, "low": 8})
    assert pointers(both) == {"/value": "ambiguous"}


def test_a_timeline_keeps_the_order_of_its_entries(publisher: Api) -> None:
    events = [make_event() for _ in range(3)]
    timeline = make_timeline("draft", entries=[{"event": e} for e in events])
    turned = [{"event": str(e.uuid), "note": "n"} for e in reversed(events)]

    answer = publisher.patch(f"timelines/{timeline.slug}", {"entries": turned})

    assert [e["event"]["id"] for e in answer.json()["entries"]] == [e["event"] for e in turned]


def test_every_operation_that_writes_is_written_with_here() -> None:
    writing = {o.id.partition("_")[0] for o in operations("PATCH")}

    # Webhooks are no records, and have tests of their own.
    assert writing == {*MAKERS, "tags", "vocabularies", "webhooks"}


@pytest.mark.parametrize(
    ("member", "value", "told"),
    [
        pytest.param("title", 5, "text", id="a number for a text"),
        pytest.param("title", True, "text", id="a flag for a text"),
        pytest.param("sequence", "5", "whole number", id="a text for a number"),
        pytest.param("sequence", True, "whole number", id="a flag for a number"),
        pytest.param("tags", [7], "text", id="a number among texts"),
        pytest.param("date", {"edtf": 2019}, "text", id="a number for a date"),
    ],
)
def test_what_json_tells_apart_is_not_turned_into_each_other(
    member: str, value: Any, told: str, writer: Api
) -> None:
    answer = writer.post("events", {"title": "A trial", member: value})

    assert answer.status_code == 400
    flaw = answer.json()["errors"][0]
    assert (flaw["code"], flaw["pointer"].split("/")[1]) == ("wrong-type", member)
    assert told in flaw["detail"]


def test_a_number_beyond_32_bits_is_refused_on_either_database(writer: Api) -> None:
    answer = writer.post("events", {"title": "A trial", "sequence": 2**31})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/sequence"


def test_an_import_of_nothing_is_refused(writer: Api) -> None:
    answer = writer.send("POST", "imports")

    assert answer.status_code == 400
    assert "Send the file" in answer.json()["detail"]


def test_what_is_no_id_has_no_version_to_go_back_to(publisher: Api) -> None:
    assert publisher.post("events/null/history/1/revert").status_code == 404


def test_an_import_can_be_told_in_part(writer: Api) -> None:
    row = b'{"dataset": "a", "external_id": "1", "title": "A raid"}'
    made = writer.client.generic(
        "POST", "/api/v1/imports", row, "application/x-ndjson", headers=writer.headers
    ).json()

    assert writer.get(f"imports/{made['id']}", fields="id").json() == {"id": made["id"]}
