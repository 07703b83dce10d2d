"""What is deleted leaves nothing behind that points to it, and an entry for all that went."""

from __future__ import annotations

import pytest

from tests.factories.people import someone
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
    make_tag,
    make_term,
    make_timeline,
    taking_part,
)
from timeline.models import Action, Change, Citation, Claim, Event, Relation, Scope, Timeline
from timeline.services.access import ScopeTooSmall
from timeline.services.ledger import first_broken
from timeline.services.records import StillInUse, delete_record

pytestmark = pytest.mark.django_db


def entries_of(record: object) -> list[str]:
    changes = Change.objects.filter(record_uuid=record.uuid).order_by("id")
    return list(changes.values_list("action", flat=True))


def test_an_event_takes_with_it_what_is_nothing_without_it_each_with_an_entry() -> None:
    event = make_event(participations=[taking_part(make_actor())])
    participation = event.participations.get()
    citations = [
        event.citations.get(),
        make_citation(participation=participation),
        make_citation(event=event, state="draft"),
    ]
    relations = [make_relation(subject=event), make_relation(object=event)]
    citations.append(make_citation(relation=relations[0]))

    delete_record(event, by=someone(), reason="It never happened.")

    assert not Event.objects.filter(pk=event.pk).exists()
    assert not Citation.objects.filter(pk__in=[c.pk for c in citations]).exists()
    assert not Relation.objects.filter(pk__in=[r.pk for r in relations]).exists()
    for record in (event, *citations, *relations):
        assert entries_of(record).count(Action.DELETED) == 1
        last = Change.objects.filter(record_uuid=record.uuid).latest("id")
        assert (last.reason, last.state_after) == ("It never happened.", "")
    assert first_broken() is None


def test_claims_about_a_deleted_event_stay_and_forget_it() -> None:
    event = make_event()
    about = make_claim(about=event, about_field="date", about_value="2018")
    said_in = make_claim(said_in=event)

    delete_record(event, by=someone())

    about, said_in = Claim.objects.get(pk=about.pk), Claim.objects.get(pk=said_in.pk)
    assert (about.about, about.about_field, about.about_value) == (None, "", "")
    assert said_in.said_in is None
    assert entries_of(about)[-1] == entries_of(said_in)[-1] == Action.UPDATED


def test_a_deleted_event_leaves_its_timelines_and_the_others_keep_their_order() -> None:
    first, second, third = make_event(), make_event(), make_event()
    entries = [{"event": e, "note": e.title} for e in (third, second, first)]
    timeline = make_timeline(entries=entries)

    delete_record(second, by=someone())

    timeline = Timeline.objects.get(pk=timeline.pk)
    kept = timeline.entries.order_by("position").values_list("event", "note")
    assert list(kept) == [(third.pk, third.title), (first.pk, first.title)]
    assert entries_of(timeline)[-1] == Action.UPDATED


def test_a_deleted_claim_is_unlinked_from_the_others() -> None:
    claim = make_claim()
    other = make_claim(links=[{"type": "contradicts", "other": claim}])

    delete_record(claim, by=someone())

    assert not other.links.exists()
    assert entries_of(other)[-1] == Action.UPDATED


def test_a_deleted_tag_is_taken_off_its_events_with_an_entry_for_each() -> None:
    make_tag("kept")
    events = [make_event(tags=["gone", "kept"]), make_event(state="draft", tags=["gone"])]
    tag = events[0].tags.get(slug="gone")

    delete_record(tag, by=someone(), reason="Misspelt.")

    assert [e.slug for e in events[0].tags.all()] == ["kept"]
    for event in events:
        last = Change.objects.filter(record_uuid=event.uuid).latest("id")
        assert (last.action, last.reason) == (Action.UPDATED, "Misspelt.")
        assert "gone" not in last.data["tags"]


@pytest.mark.parametrize(
    "in_use",
    [
        pytest.param(lambda a: make_event(participations=[taking_part(a)]), id="it took part"),
        pytest.param(lambda a: make_claim(speaker=a), id="it said something"),
        pytest.param(lambda a: make_affiliation(actor=a), id="it belongs to another"),
        pytest.param(lambda a: make_affiliation(organisation=a), id="another belongs to it"),
        pytest.param(lambda a: make_figure(speaker=a), id="it gave a number"),
    ],
)
def test_an_actor_that_others_point_to_cannot_be_deleted(in_use: object) -> None:
    actor = make_actor(names=[{"text": "A further name"}])
    in_use(actor)
    written = Change.objects.count()

    with pytest.raises(StillInUse):
        delete_record(actor, by=someone())

    assert actor.names.count() == 1
    assert Change.objects.count() == written


def test_places_sources_and_terms_that_others_point_to_cannot_be_deleted() -> None:
    parent = make_place()
    make_place(parent=parent)
    where = make_event(place=make_place()).place
    source = make_citation().source
    origin = make_source()
    make_source(derived_from=origin)
    kind = make_event(kind=make_term("kinds", "rumour")).kind

    for record in (parent, where, source, origin, kind):
        with pytest.raises(StillInUse):
            delete_record(record, by=someone())


def test_a_contributor_cannot_delete_a_draft_on_which_something_public_rests() -> None:
    draft = make_event(state="draft")
    make_claim(said_in=draft)

    with pytest.raises(ScopeTooSmall):
        delete_record(draft, by=someone(Scope.WRITE))

    assert Event.objects.filter(pk=draft.pk).exists()
