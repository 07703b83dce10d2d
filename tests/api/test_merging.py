"""Merging and undoing over HTTP: previewed, answered, followed by old addresses and mirrors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients import Api, api_of, is_problem
from tests.contract.document import assert_as_described, by_id
from tests.factories.people import someone
from tests.factories.records import (
    make_actor,
    make_affiliation,
    make_event,
    make_place,
    make_source,
    taking_part,
)
from tests.journeys.test_mirrors import LISTS, rows_of, without_stamps
from tests.services.test_imports import ROW, bring, file_of
from timeline.models import Actor, Change, Event, Redirect
from timeline.services.imports import run_import

NOBODY = "7d3b5a0c-9d0e-4a3f-8b64-2f0d1c9e8a77"

pytestmark = pytest.mark.django_db


def merge(api: Api, one: Any, other: Any, **asked: Any) -> Any:
    kind = one._meta.verbose_name_plural
    return api.post(f"{kind}/{one.uuid}/merge", {"into": str(other.uuid), **asked})


def world() -> list[Any]:
    """What the public and the staff are told, but for versions and stamps."""
    return [
        sorted((without_stamps(row) for row in rows_of(name, api_of(scope))), key=str)
        for scope in (None, "publish")
        for name in LISTS.values()
    ]


def test_a_merge_is_previewed_carried_out_and_undone(publisher: Api, anonymous: Api) -> None:
    diana, zhang = make_actor(name="Diana"), make_actor(name="Zhang", kind="person")
    event = make_event(participations=[taking_part(diana)])
    between = make_affiliation(actor=diana, organisation=zhang)
    before = world()

    preview = merge(publisher, diana, zhang, dry_run=True)

    assert preview.status_code == 200
    assert_as_described(by_id("actors_merge"), preview)
    assert world() == before
    report = preview.json()
    assert report["operation"] is None
    assert report["merged"] == {"id": str(diana.uuid), "label": "Diana"}
    assert report["into"] == {"id": str(zhang.uuid), "label": "Zhang"}
    assert {
        "type": "event",
        "id": str(event.uuid),
        "label": event.title,
        "fields": ["participations"],
    } in report["moves"]
    assert [(c["id"], c["outcome"]) for c in report["clashes"]] == [(str(between.uuid), "dropped")]

    done = merge(publisher, diana, zhang, reason="The verdict names her.")
    assert done.status_code == 200
    assert_as_described(by_id("actors_merge"), done)
    operation = done.json()["operation"]
    assert done.json() == report | {"dry_run": False, "operation": operation}
    told = anonymous.get(f"events/{event.uuid}").json()["participations"]
    assert [one["actor"]["name"] for one in told] == ["Zhang"]
    assert anonymous.ids("events", q=f'"{event.title}"') == [str(event.uuid)]
    assert anonymous.ids("actors", q="Diana") == [str(zhang.uuid)]
    moved = anonymous.get(f"actors/{diana.uuid}")
    assert moved.status_code == 308
    assert moved.headers["Location"].endswith(f"/api/v1/actors/{zhang.uuid}")
    versions = publisher.get(f"events/{event.uuid}/history").json()["results"]
    assert (versions[0]["operation"], versions[0]["reason"]) == (
        operation,
        "The verdict names her.",
    )
    told = anonymous.get(f"events/{event.uuid}/history").json()["results"]
    assert {version["operation"] for version in told} == {None}

    undone = publisher.post(f"operations/{operation}/undo", {"reason": "They are two."})
    assert undone.status_code == 200
    assert_as_described(by_id("operations_undo"), undone)
    assert {r["id"] for r in undone.json()["records"]} == {
        str(r.uuid) for r in (diana, zhang, event, between)
    }
    assert world() == before
    assert anonymous.get(f"actors/{diana.uuid}").json()["name"] == "Diana"


@pytest.mark.parametrize("make", [make_actor, make_place, make_source, make_event])
def test_every_address_of_the_old_id_leads_to_the_survivor(
    make: Any, publisher: Api, anonymous: Api
) -> None:
    one, two, three = make(), make(), make()
    assert merge(publisher, one, two).status_code == 200
    assert merge(publisher, two, three).status_code == 200
    resource = one._meta.verbose_name_plural

    for method, rest, body in [
        ("GET", "", None),
        ("GET", "/history", None),
        ("PATCH", "", {}),
        ("DELETE", "", None),
        ("POST", "/withdraw", {}),
        ("POST", "/history/1/revert", {}),
        ("POST", "/merge", {"into": str(two.uuid)}),
    ]:
        answer = publisher.send(method, f"{resource}/{one.uuid}{rest}", body)
        assert answer.status_code == 308, (method, rest)
        end = f"/api/v1/{resource}/{three.uuid}{rest}"
        assert answer.headers["Location"].endswith(end)
    assert anonymous.get(f"{resource}/{one.uuid}").status_code == 308
    publisher.post(f"{resource}/{three.uuid}/withdraw")
    assert anonymous.get(f"{resource}/{one.uuid}").status_code == 404
    assert publisher.get(f"{resource}/{one.uuid}").status_code == 308


def test_the_feed_names_the_survivor_to_those_who_may_know_of_it(
    publisher: Api, anonymous: Api
) -> None:
    def told(record: Any) -> tuple[str, str | None]:
        changes = anonymous.get("changes", page_size=200).json()["results"]
        last = next(c for c in reversed(changes) if c["id"] == str(record.uuid))
        assert last["record"] is None
        return last["action"], last["merged_into"]

    one, two, hidden = make_actor(), make_actor(), make_actor("draft")
    merge(publisher, one, two)
    assert told(one) == ("merged", str(two.uuid))
    merge(publisher, two, hidden)
    assert told(two) == ("merged", None)
    assert str(hidden.uuid) not in anonymous.get("changes", page_size=200).content.decode()
    publisher.post(f"actors/{hidden.uuid}/publish")
    assert told(one) == told(two) == ("merged", str(hidden.uuid))


def test_the_past_of_one_who_lives_on_in_a_protected_identity_is_not_told(
    publisher: Api, anonymous: Api
) -> None:
    once, other = make_actor(name="Wang the Informant"), make_actor(name="Somebody")
    instant = anonymous.get("changes").json()["results"][-1]["at"]
    assert anonymous.get("actors", as_of=instant).status_code == 200
    merge(publisher, once, other)
    publisher.patch(f"actors/{other.uuid}", {"protected": True})

    for path in ("changes", "actors", f"actors?as_of={instant.replace('+', '%2B')}"):
        assert "Wang" not in anonymous.get(path).content.decode(), path


def test_what_stands_in_the_way_is_listed_and_nothing_is_done(publisher: Api) -> None:
    town = make_place()
    country = make_place()
    publisher.patch(f"places/{town.uuid}", {"parent": str(country.uuid)})

    preview = merge(publisher, country, town, dry_run=True)
    assert preview.status_code == 200
    assert [c["code"] for c in preview.json()["clashes"]] == ["merge-would-be-circular"]
    refused = merge(publisher, country, town)

    assert refused.status_code == 409
    assert is_problem(refused)
    assert refused.json()["type"] == "/problems/merge-would-be-circular"
    assert refused.json()["errors"][0]["pointer"] == "/into"
    assert not Redirect.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"into": "x"},
        {"into": NOBODY},
        {"into": None},
        {"into": [], "dry_run": 3},
        {"intro": NOBODY},
        [],
    ],
)
def test_a_merge_into_nothing_is_refused_by_name(publisher: Api, body: Any) -> None:
    actor = make_actor()

    answer = publisher.post(f"actors/{actor.uuid}/merge", body)

    assert answer.status_code == 400
    assert is_problem(answer)
    assert Actor.objects.filter(pk=actor.pk).exists()
    assert merge(publisher, actor, actor).json()["errors"][0]["pointer"] == "/into"


def test_a_merge_may_be_sent_twice_and_says_what_it_changes(publisher: Api) -> None:
    one, two = make_actor(), make_actor()
    stale = publisher.post(
        f"actors/{one.uuid}/merge", {"into": str(two.uuid)}, headers={"If-Match": '"9"'}
    )
    assert stale.status_code == 412
    key = {"Idempotency-Key": "once"}
    path, body = f"actors/{one.uuid}/merge", {"into": str(two.uuid)}
    first = publisher.post(path, body, headers=key)
    again = publisher.post(path, body, headers=key)

    assert first.json() == again.json()
    assert Change.objects.filter(action="merged").count() == 1


def test_what_has_changed_since_is_named_and_stays(publisher: Api) -> None:
    one, two = make_actor(), make_actor()
    events = [make_event(participations=[taking_part(one)]) for _ in range(3)]
    operation = merge(publisher, one, two).json()["operation"]
    for event in events[:2]:
        publisher.patch(f"events/{event.uuid}", {"title": "Told anew"})

    refused = publisher.post(f"operations/{operation}/undo")

    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/changed-since"
    assert len(refused.json()["errors"]) == 2
    assert all(str(event.uuid) in refused.json()["detail"] for event in events[:2])
    assert publisher.get(f"actors/{one.uuid}").status_code == 308


@pytest.mark.parametrize("key", ["x", NOBODY, "0" * 8 + "-0000-0000-0000-" + "0" * 12])
def test_there_is_no_undoing_what_never_was(publisher: Api, key: str) -> None:
    answer = publisher.post(f"operations/{key}/undo")

    assert answer.status_code == 404
    assert is_problem(answer)


def test_a_batch_is_undone_by_its_operation(publisher: Api) -> None:
    kept, gone = make_event(tags=["one"]), make_event()
    before = world()
    done = publisher.post(
        "events/batch",
        {
            "operations": [
                {"op": "create", "data": {"title": "New", "tags": ["new"]}},
                {"op": "update", "id": str(kept.uuid), "data": {"title": "X", "tags": []}},
                {"op": "delete", "id": str(gone.uuid)},
            ]
        },
    )
    assert_as_described(by_id("events_batch"), done)
    assert world() != before

    undone = publisher.post(f"operations/{done.json()['operation']}/undo")

    assert undone.status_code == 200
    assert world() == before
    actions = {one["action"] for one in undone.json()["records"]}
    assert actions == {"reverted", "deleted"}


# --- Imports --------------------------------------------------------------------------------------


def test_an_import_is_undone_row_for_row_and_can_be_done_again(publisher: Api) -> None:
    bring(ROW, publish=True)
    before = world()
    rows = [ROW | {"title": "Told anew", "tags": []}, ROW | {"external_id": "2", "title": "New"}]
    report = bring(*rows, publish=True)
    assert (report.updated, report.created) == (1, 1)

    undone = publisher.post(f"imports/{report.id}/undo", {"reason": "The wrong file."})

    assert undone.status_code == 200, undone.content
    assert_as_described(by_id("imports_undo"), undone)
    assert world() == before
    run = publisher.get(f"imports/{report.id}")
    assert_as_described(by_id("imports_retrieve"), run)
    assert run.json()["undone_at"] is not None
    again = publisher.post(f"imports/{report.id}/undo")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/undone-already")
    assert bring(ROW, publish=True).unchanged == 1
    report = bring(*rows, publish=True)
    assert (report.updated, report.created) == (1, 1)


def test_a_merged_event_is_not_brought_in_again(publisher: Api) -> None:
    bring(ROW)
    other = bring(ROW | {"dataset": "other", "title": "The same raid"})
    first, second = (Event.objects.get(dataset=name) for name in ("acw", "other"))
    operation = merge(publisher, second, first).json()["operation"]

    assert bring(ROW | {"dataset": "other", "title": "The same raid"}).unchanged == 1
    assert bring(ROW).unchanged == 1
    assert Event.objects.count() == 1
    publisher.post(f"operations/{operation}/undo")
    assert bring(ROW | {"dataset": "other", "title": "The same raid"}).unchanged == 1
    assert Event.objects.count() == 2
    assert other.created == 1


def test_a_deleted_event_that_is_put_back_is_known_to_the_import(publisher: Api) -> None:
    bring(ROW)
    event = Event.objects.get()
    publisher.patch(f"events/{event.uuid}", {"title": "Corrected"})
    publisher.delete(f"events/{event.uuid}")
    deletion = Change.objects.filter(action="deleted", record_type="event").latest("id")

    assert publisher.post(f"operations/{deletion.operation}/undo").status_code == 200

    assert bring(ROW).unchanged == 1
    assert Event.objects.get().title == "Corrected"


def test_an_import_that_a_curator_went_on_from_is_not_undone(publisher: Api) -> None:
    report = bring(ROW)
    event = Event.objects.get()
    publisher.patch(f"events/{event.uuid}", {"title": "Corrected"})

    refused = publisher.post(f"imports/{report.id}/undo")

    assert refused.status_code == 409
    assert str(event.uuid) in refused.json()["detail"]
    assert Event.objects.get().title == "Corrected"


def test_an_import_over_http_is_one_operation(publisher: Api) -> None:
    answer = publisher.client.generic(
        "POST",
        "/api/v1/imports",
        file_of(ROW).read(),
        "application/x-ndjson",
        headers=publisher.headers,
    )
    assert answer.status_code == 201
    undone = publisher.post(f"imports/{answer.json()['id']}/undo")

    assert undone.status_code == 200
    assert not Event.objects.exists()
    report = run_import(file_of(ROW), by=someone())
    assert report.created == 1
