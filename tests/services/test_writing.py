"""Creating and changing records: all of it or nothing, within limits, and with an entry."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.factories.people import someone
from tests.factories.records import (
    MAKERS,
    make_actor,
    make_event,
    make_place,
    make_tag,
    make_timeline,
    taking_part,
    term,
)
from timeline.errors import Invalid, Stale
from timeline.models import Action, Actor, Change, Event, Origin, Proposal, Scope, Tag
from timeline.services.access import ScopeTooSmall
from timeline.services.events import update_event
from timeline.services.proposals import approve_proposal, change_or_propose
from timeline.services.records import OutOfSight, create_record, update_record

pytestmark = pytest.mark.django_db

CHANGES: dict[str, dict[str, Any]] = {
    "events": {"title": "Another title"},
    "actors": {"name": "Another name"},
    "affiliations": {"title": "Another title"},
    "places": {"name": "Another name"},
    "sources": {"title": "Another title"},
    "citations": {"locator": "page 2"},
    "claims": {"text": "Another text."},
    "figures": {"unit": "people"},
    "relations": {"note": "Another note."},
    "timelines": {"title": "Another title"},
}


@pytest.mark.parametrize("resource", list(MAKERS))
def test_each_write_of_each_record_has_one_entry(resource: str) -> None:
    by = someone(request_id="the-request")
    record = MAKERS[resource](state="draft", by=by)
    update_record(record, values=CHANGES[resource], by=by, reason="It was wrong.")

    changes = list(Change.objects.filter(record_uuid=record.uuid).order_by("id"))
    assert [(c.action, c.version) for c in changes] == [(Action.CREATED, 1), (Action.UPDATED, 2)]
    assert {c.request_id for c in changes} == {"the-request"}
    assert {c.origin for c in changes} == {Origin.API}
    assert {c.by for c in changes} == {by.user}
    assert changes[1].reason == "It was wrong."
    assert changes[1].data != changes[0].data


@pytest.mark.parametrize("resource", list(MAKERS))
def test_what_changes_nothing_is_not_recorded(resource: str) -> None:
    record = MAKERS[resource](state="draft")
    name = next(iter(CHANGES[resource]))
    written = Change.objects.count()

    same = update_record(record, values={name: getattr(record, name)}, by=someone())

    assert (same.version, Change.objects.count()) == (1, written)


@pytest.mark.parametrize("resource", list(MAKERS))
def test_a_change_to_an_older_version_is_refused(resource: str) -> None:
    record = MAKERS[resource](state="draft")
    update_record(record, values=CHANGES[resource], by=someone(), expected_version=1)

    with pytest.raises(Stale):
        update_record(record, values=CHANGES[resource], by=someone(), expected_version=1)


@pytest.mark.parametrize("resource", list(MAKERS))
def test_a_contributor_changes_drafts_and_nothing_else(resource: str) -> None:
    draft, published = MAKERS[resource](state="draft"), MAKERS[resource]()
    writer = someone(Scope.WRITE)

    update_record(draft, values=CHANGES[resource], by=writer)
    with pytest.raises(ScopeTooSmall):
        update_record(published, values=CHANGES[resource], by=writer)


def test_a_list_replaces_the_list_and_what_an_item_does_not_say_is_gone() -> None:
    actor = make_actor()
    event = make_event(participations=[taking_part(actor, note="one of the nine", outcome="freed")])
    kept = event.participations.get().uuid

    update_event(event, values={"participations": [taking_part(actor)]}, by=someone())

    row = event.participations.get()
    assert (row.uuid, row.note, row.outcome) == (kept, "", "")


def test_lists_are_edited_without_being_replaced() -> None:
    judge, clerk, witness = make_actor(), make_actor(), make_actor()
    event = make_event(
        tags=["one", "two"],
        participations=[taking_part(judge, "judge", note="kept"), taking_part(clerk, "court")],
    )
    values = {
        "add_tags": ["three"],
        "remove_tags": ["One"],
        "add_participations": [taking_part(witness, "witness")],
        "remove_participations": [{"actor": clerk}],
    }

    update_event(event, values=values, by=someone())

    assert {tag.slug for tag in event.tags.all()} == {"two", "three"}
    rows = event.participations.order_by("position").values_list("actor", "note")
    assert list(rows) == [(judge.pk, "kept"), (witness.pk, "")]
    assert Change.objects.filter(record_uuid=event.uuid, action=Action.UPDATED).count() == 1


@pytest.mark.parametrize("state", ["draft", "published"])
def test_lists_are_edited_around_whoever_is_hidden(state: str) -> None:
    secret, witness = make_actor(protected=True), make_actor()
    event = make_event(state, participations=[taking_part(secret, "informant")])
    contributor = someone(Scope.WRITE)

    values = {"add_participations": [taking_part(witness, "witness")]}
    change_or_propose(event, values=values, by=contributor)
    for proposal in Proposal.objects.all():
        approve_proposal(proposal, by=someone())

    assert {row.actor for row in event.participations.all()} == {secret, witness}
    taken = {"remove_participations": [{"actor": secret}]}
    with pytest.raises(Invalid, match="does not take part"):
        change_or_propose(event, values=taken, by=contributor)


def test_taking_away_who_does_not_take_part_is_refused() -> None:
    event = make_event(tags=["one"])

    with pytest.raises(Invalid) as refusal:
        update_event(
            event, values={"remove_participations": [{"actor": make_actor()}]}, by=someone()
        )

    assert refusal.value.flaws[0].path == ("remove_participations", 0)


def test_a_list_is_either_replaced_or_edited() -> None:
    with pytest.raises(Invalid):
        update_event(make_event(), values={"tags": ["a"], "add_tags": ["b"]}, by=someone())


def test_of_a_refused_change_nothing_is_kept() -> None:
    event = make_event(tags=["one"])
    actor = make_actor()
    written = Change.objects.count()
    values = {
        "title": "Half written",
        "tags": ["new-tag", "!!!"],
        "participations": [taking_part(actor)],
    }

    with pytest.raises(Invalid):
        update_event(event, values=values, by=someone())

    event.refresh_from_db()
    assert event.title != "Half written"
    assert not event.participations.exists()
    assert not Tag.objects.filter(slug="new-tag").exists()
    assert Change.objects.count() == written


def test_of_a_refused_record_nothing_is_kept() -> None:
    actor = make_actor()
    twice = [taking_part(actor), taking_part(actor)]

    with pytest.raises(Invalid) as refusal:
        create_record(
            Event, values={"title": "Twice", "participations": twice, "tags": ["x"]}, by=someone()
        )

    assert refusal.value.flaws[0].path == ("participations", 1)
    assert not Event.objects.exists()
    assert not Tag.objects.exists()


def test_words_become_tags_once_whatever_their_case() -> None:
    make_tag("courts")

    event = make_event(tags=["Courts", "COURTS", "Lèse majesté"])

    assert {tag.slug for tag in event.tags.all()} == {"courts", "lèse-majesté"}
    assert Tag.objects.get(slug="lèse-majesté").label == "Lèse majesté"


def test_nobody_protects_an_identity_out_of_their_own_sight() -> None:
    writer = someone(Scope.WRITE)
    draft = make_actor(state="draft", by=writer)

    with pytest.raises(OutOfSight):
        create_record(Actor, values={"name": "The tip", "protected": True}, by=writer)
    with pytest.raises(OutOfSight):
        update_record(draft, values={"protected": True}, by=writer)

    assert not Actor.objects.filter(protected=True).exists()
    assert make_actor(protected=True).protected


def test_who_may_not_see_a_participant_neither_sees_nor_loses_them() -> None:
    hidden, shown = make_actor(protected=True), make_actor()
    event = make_event(
        state="draft", participations=[taking_part(hidden, "informant"), taking_part(shown)]
    )

    update_event(event, values={"participations": []}, by=someone(Scope.WRITE))

    assert [row.actor for row in event.participations.all()] == [hidden]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param({"summary": "x" * 20_001}, "summary", id="a summary"),
        pytest.param({"extra": {"x": "y" * 20_000}}, "extra", id="a free object"),
        pytest.param({"extra": {"x": json.loads("[" * 64 + "]" * 64)}}, "extra", id="levels"),
        pytest.param({"extra": {"x": 2**63}}, "extra", id="a number in a free object"),
        pytest.param({"extra": {"x": float("inf")}}, "extra", id="no number in a free object"),
        pytest.param({"image": "https://e.example/" + "中" * 700}, "image", id="an address"),
        pytest.param({"sequence": 2**31}, "sequence", id="a number"),
        pytest.param({"sequence": -(2**31) - 1}, "sequence", id="a negative number"),
        pytest.param({"date_basis_note": "x" * 2001}, "date_basis_note", id="a reasoning"),
        pytest.param({"tags": [f"t{n}" for n in range(201)]}, "tags", id="a list of tags"),
        pytest.param({"title": "x" * 501}, "title", id="a title"),
    ],
)
def test_through_whatever_interface_there_is_a_limit(values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        make_event(state="draft", **values)

    assert refusal.value.flaws[0].path == (field,)


def test_a_point_is_made_of_numbers() -> None:
    with pytest.raises(Invalid):
        make_place(latitude=float("nan"), longitude=1.0)


def test_a_record_has_200_links_and_a_timeline_1000_entries() -> None:
    actors = Actor.objects.bulk_create(Actor(name=f"Actor {n}") for n in range(201))
    event = make_event(participations=[taking_part(actor) for actor in actors[:200]])
    with pytest.raises(Invalid):
        update_event(event, values={"add_participations": [taking_part(actors[200])]}, by=someone())

    events = Event.objects.bulk_create(Event(title=f"Event {n}") for n in range(1001))
    entries = [{"event": each} for each in events]
    timeline = make_timeline(entries=entries[:1000])
    with pytest.raises(Invalid):
        update_record(timeline, values={"entries": entries}, by=someone())


def test_a_term_of_another_vocabulary_is_refused() -> None:
    with pytest.raises(Invalid):
        make_event(kind=term("roles", "court"))
