"""Two records become one: nothing is lost, nothing is told that was hidden, and all can be undone."""

from __future__ import annotations

from typing import Any

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
    make_timeline,
    taking_part,
)
from timeline.db.dates import read_edtf
from timeline.errors import Conflict, Invalid, Stale
from timeline.models import (
    RECORDS,
    Action,
    Actor,
    Change,
    Citation,
    Event,
    Publication,
    Redirect,
    Scope,
    Suggestion,
    Tag,
    Term,
)
from timeline.services import ledger
from timeline.services.access import ScopeTooSmall
from timeline.services.evidence import LastCitation
from timeline.services.ledger import first_broken
from timeline.services.merging import MergeRefused, MergeReport, merge_records
from timeline.services.publication import take_step
from timeline.services.records import delete_record, update_record
from timeline.services.rewriting import GoneSince, NeededSince
from timeline.services.undoing import ChangedSince, WouldMergeAgain, undo_operation

pytestmark = pytest.mark.django_db


def merge(one: Any, other: Any, **options: Any) -> MergeReport:
    return merge_records(one, other, by=someone(), **options)


def told() -> dict[str, Any]:
    """All records as they stand, and the keys and states they have."""
    return {
        f"{model._meta.model_name} {row.uuid}": (row.pk, ledger.snapshot(row))
        for model in (Term, Tag, *RECORDS)
        for row in model._default_manager.all()
    }


def assert_ledger_is_true() -> None:
    """The last entry of each record says what the record says."""
    assert first_broken() is None
    for model in RECORDS:
        for row in model._default_manager.all():
            last = Change.objects.filter(record_uuid=row.uuid).latest("id")
            assert last.data == ledger.snapshot(row)
            assert last.version == row.version
            row.full_clean()


def last_of(record: Any) -> Change:
    return Change.objects.versions().filter(record_uuid=record.uuid).latest("id")


@pytest.fixture
def diana() -> Actor:
    return make_actor(name="Diana", identity="pseudonym", kind="person", names=[{"text": "狄安娜"}])


@pytest.fixture
def zhang() -> Actor:
    return make_actor(name="Zhang", kind="person", names=[{"text": "张", "kind": "legal"}])


def test_all_that_pointed_to_an_actor_points_to_the_survivor(diana: Actor, zhang: Actor) -> None:
    event = make_event(participations=[taking_part(diana, note="sold it")])
    citation = make_citation(participation=event.participations.get())
    claim, figure = make_claim(speaker=diana), make_figure(speaker=diana)
    member, head = make_affiliation(actor=diana), make_affiliation(organisation=diana)
    timeline = make_timeline(filter={"actor": [str(diana.uuid)]})

    report = merge(diana, zhang, reason="The verdict names her.")

    assert not Actor.objects.filter(pk=diana.pk).exists()
    assert event.participations.get().actor == zhang
    assert citation in event.participations.get().citations.all()
    for record in (claim, figure, member, head, timeline):
        record.refresh_from_db()
    assert claim.speaker == figure.speaker == member.actor == head.organisation == zhang
    assert timeline.filter == {"actor": [str(zhang.uuid)]}
    names = list(zhang.names.order_by("position").values_list("text", "kind"))
    assert names == [("张", "legal"), ("狄安娜", "alias"), ("Diana", "pseudonym")]
    assert last_of(diana).action == Action.MERGED
    for record in (event, claim, figure, member, head, timeline, zhang):
        last = last_of(record)
        assert (last.action, last.reason) == (Action.UPDATED, "The verdict names her.")
        assert last.operation == report.operation
    moved = {(move["type"], move["id"]) for move in report.moves}
    assert ("event", str(event.uuid)) in moved
    assert ("claim", str(claim.uuid)) in moved
    assert Redirect.objects.survivor(diana.uuid) == zhang.uuid
    assert_ledger_is_true()


def test_the_preview_says_what_the_merge_does_and_writes_nothing(
    diana: Actor, zhang: Actor
) -> None:
    make_event(participations=[taking_part(diana, note="a"), taking_part(zhang, note="b")])
    make_affiliation(actor=diana, organisation=zhang)
    written, before = Change.objects.count(), told()

    preview = merge(diana, zhang, dry_run=True)

    assert Change.objects.count() == written
    assert told() == before
    done = merge(diana, zhang)
    assert done.moves == preview.moves
    assert done.clashes == preview.clashes
    assert done.left_behind == preview.left_behind
    assert [clash.outcome for clash in done.clashes] == ["joined", "dropped"]


def test_participations_in_the_same_role_become_one_with_the_words_and_citations_of_both(
    diana: Actor, zhang: Actor
) -> None:
    event = make_event(
        participations=[
            taking_part(diana, note="as Diana", outcome="fled"),
            taking_part(zhang, note="as Zhang"),
            taking_part(diana, "victim"),
        ]
    )
    citations = [make_citation(participation=one) for one in event.participations.all()]

    merge(diana, zhang)

    both, other = event.participations.order_by("position")
    assert (both.actor, both.note, both.outcome) == (zhang, "as Zhang; as Diana", "fled")
    assert (other.actor, other.role.code) == (zhang, "victim")
    assert both.citations.count() == 2
    assert Citation.objects.filter(pk__in=[c.pk for c in citations]).count() == 3
    assert_ledger_is_true()


def test_words_that_are_too_long_together_are_not_cut(diana: Actor, zhang: Actor) -> None:
    make_event(
        participations=[taking_part(diana, note="a" * 300), taking_part(zhang, note="b" * 300)]
    )
    before = told()

    assert merge(diana, zhang, dry_run=True).refused[0].code == "merge-would-lose-words"
    with pytest.raises(MergeRefused) as refusal:
        merge(diana, zhang)

    assert refusal.value.code == "merge-would-lose-words"
    assert told() == before


def test_an_affiliation_between_the_two_goes_if_it_says_nothing_more(
    diana: Actor, zhang: Actor
) -> None:
    between = make_affiliation(actor=diana, organisation=zhang)

    merge(diana, zhang)

    last = last_of(between)
    assert (last.action, last.version) == (Action.DELETED, between.version + 1)
    assert_ledger_is_true()


@pytest.mark.parametrize("words", [{"title": "Her own deputy"}, {"date": read_edtf("2017")}, {}])
def test_an_affiliation_between_the_two_that_says_more_is_not_lost(
    diana: Actor, zhang: Actor, words: dict[str, Any]
) -> None:
    between = make_affiliation(actor=zhang, organisation=diana, **words)
    if not words:
        make_citation(affiliation=between)

    with pytest.raises(MergeRefused, match="Delete it first") as refusal:
        merge(diana, zhang)

    assert refusal.value.code == "merge-would-lose-affiliation"


def test_of_two_affiliations_that_would_say_the_same_one_stays_with_all_citations(
    diana: Actor, zhang: Actor
) -> None:
    firm = make_actor()
    mine = make_affiliation("draft", actor=zhang, organisation=firm, title="Seller")
    hers = make_affiliation(actor=diana, organisation=firm, title="Seller")
    make_affiliation(actor=diana, organisation=firm, title="Buyer")
    cited = make_citation("draft", affiliation=mine)

    merge(diana, zhang)

    hers.refresh_from_db()
    cited.refresh_from_db()
    assert (hers.actor, hers.publication) == (zhang, Publication.PUBLISHED)
    assert (cited.affiliation, cited.publication) == (hers, Publication.DRAFT)
    assert zhang.affiliations.count() == 2
    assert last_of(mine).action == Action.DELETED
    assert_ledger_is_true()


def test_a_name_that_both_have_is_had_once(zhang: Actor) -> None:
    other = make_actor(
        name="Zhang",
        names=[{"text": "张", "kind": "legal"}, {"text": "Zhang"}, {"text": "Z", "kind": "former"}],
    )

    merge(other, zhang)

    names = zhang.names.order_by("position").values_list("text", "kind", "position")
    assert list(names) == [("张", "legal", 0), ("Z", "former", 1)]


def test_what_only_the_merged_one_says_of_itself_is_told_in_the_report(zhang: Actor) -> None:
    other = make_actor(name="Zhang", kind="person", description="A seller.")

    report = merge(other, zhang)

    left = {one["field"]: (one["merged"], one["survivor"]) for one in report.left_behind}
    assert left == {"description": ("A seller.", "")}
    zhang.refresh_from_db()
    assert zhang.description == ""


def test_that_something_public_will_be_hidden_is_said_beforehand() -> None:
    public, draft = make_actor(name="Diana"), make_actor("draft", name="Zhang")

    assert [c.outcome for c in merge(public, draft, dry_run=True).clashes] == ["hidden"]
    assert merge(draft, public, dry_run=True).clashes == []


@pytest.mark.parametrize("hidden", [0, 1])
def test_a_protected_identity_is_not_merged_with_an_open_one(hidden: int) -> None:
    pair = [make_actor(name="One", protected=hidden == 0), make_actor(protected=hidden == 1)]
    before = told()

    with pytest.raises(MergeRefused, match=r"Protect .* as well") as refusal:
        merge(*pair)

    assert refusal.value.code == "merge-would-reveal"
    assert told() == before


def test_what_is_public_does_not_tell_that_two_hidden_ones_were_merged() -> None:
    one = make_actor(name="Wang the Informant", protected=True)
    other = make_actor(name="W.", protected=True)
    event = make_event(participations=[taking_part(one)])

    merge(one, other, reason="Wang told us.")

    assert "W" not in last_of(event).reason
    assert last_of(event).is_public
    assert last_of(one).reason == "Wang told us."


def test_of_an_actor_who_may_be_protected_one_day_only_its_own_history_names_it(
    diana: Actor, zhang: Actor
) -> None:
    event = make_event(participations=[taking_part(diana)])

    merge(diana, zhang)

    assert last_of(zhang).reason == last_of(diana).reason == "“Diana” was merged into “Zhang”."
    assert last_of(event).reason == "One actor was merged into another."


def test_places_give_their_children_events_and_figures() -> None:
    hebei, other = make_place(name="Hebei"), make_place(name="Hopeh")
    child, event = make_place(parent=other), make_event(place=other)
    figure = make_figure(place=other)

    merge(other, hebei)

    for record in (child, event, figure):
        record.refresh_from_db()
    assert child.parent == event.place == figure.place == hebei
    assert_ledger_is_true()


def test_a_place_is_not_merged_into_what_lies_within_it() -> None:
    country = make_place()
    town = make_place(parent=make_place(parent=country))

    with pytest.raises(MergeRefused, match="lies within") as refusal:
        merge(country, town)
    assert refusal.value.code == "merge-would-be-circular"
    merge(town, country)


def test_sources_give_their_citations_and_derivatives_and_quotes_are_sought_anew() -> None:
    mirror = make_source(text="One was sentenced.")
    original = make_source(text="One was jailed.")
    citation = make_citation(source=mirror, quote="One was sentenced.")
    derived = make_source(derived_from=mirror)
    for start, source in ((0, mirror), (0, original), (9, mirror)):
        Suggestion.objects.create(
            source=source, title="T", sentence="S", position_start=start, position_end=start + 5
        )

    merge(mirror, original)

    citation.refresh_from_db()
    derived.refresh_from_db()
    assert (citation.source, citation.anchor) == (original, "missing")
    assert derived.derived_from == original
    assert original.suggestions.count() == 2
    assert_ledger_is_true()


def test_an_event_gives_all_it_has_to_the_survivor() -> None:
    actor, other = make_actor(), make_actor()
    mine = make_event(tags=["a"], participations=[taking_part(actor, note="x")])
    theirs = make_event(
        tags=["a", "b"],
        participations=[taking_part(other), taking_part(actor, note="y")],
        date="2019",
    )
    draft = make_citation("draft", event=theirs)
    of_a_part = make_citation(participation=theirs.participations.get(actor=actor))
    claim = make_claim(about=theirs, about_field="date", about_value="2018", said_in=theirs)
    third = make_event()
    relation = make_relation(subject=theirs, object=third)
    alone = make_timeline(entries=[{"event": theirs, "note": "n"}])
    both = make_timeline(entries=[{"event": theirs, "note": "n"}, {"event": mine, "note": "m"}])

    report = merge(theirs, mine)

    mine.refresh_from_db()
    assert [tag.slug for tag in mine.tags.order_by("slug")] == ["a", "b"]
    parts = mine.participations.order_by("position").values_list("actor", "note")
    assert list(parts) == [(actor.pk, "x; y"), (other.pk, "")]
    assert mine.citations.count() == 3
    assert mine.citations.get(pk=draft.pk).publication == Publication.DRAFT
    assert mine.participations.get(actor=actor).citations.get() == of_a_part
    for record in (claim, relation):
        record.refresh_from_db()
    assert (claim.about, claim.said_in, claim.about_value) == (mine, mine, "2018")
    assert relation.subject == mine
    assert alone.entries.get().event == mine
    assert list(both.entries.values_list("event", "note", "position")) == [(mine.pk, "m; n", 0)]
    assert mine.date is None
    assert {"field": "date", "merged": "2019", "survivor": None} in report.left_behind
    assert_ledger_is_true()


def test_relations_are_stated_once_and_not_of_an_event_with_itself() -> None:
    mine, theirs, third = make_event(), make_event(), make_event()
    kept = make_relation(subject=mine, object=third, note="kept")
    same = make_relation(subject=theirs, object=third)
    citation = make_citation(relation=same)
    between = make_relation(subject=theirs, object=mine)

    report = merge(theirs, mine)

    citation.refresh_from_db()
    assert citation.relation == kept
    assert last_of(same).action == last_of(between).action == Action.DELETED
    assert {clash.outcome for clash in report.clashes} == {"dropped"}
    assert_ledger_is_true()


def test_a_relation_with_a_note_of_its_own_is_not_lost() -> None:
    mine, theirs, third = make_event(), make_event(), make_event()
    make_relation(subject=mine, object=third, note="one")
    make_relation(subject=theirs, object=third, note="another")

    with pytest.raises(MergeRefused) as refusal:
        merge(theirs, mine)
    assert refusal.value.code == "merge-would-lose-relation"


def test_a_relation_that_the_dates_of_the_survivor_rule_out_is_refused() -> None:
    mine, theirs = make_event(date="2020"), make_event(date="2010")
    make_relation(subject=theirs, object=make_event(date="2015"))

    with pytest.raises(MergeRefused, match="began after") as refusal:
        merge(theirs, mine)
    assert refusal.value.code == "merge-would-contradict-dates"


def test_who_may_not_publish_may_not_merge_nor_undo(diana: Actor, zhang: Actor) -> None:
    with pytest.raises(ScopeTooSmall):
        merge_records(diana, zhang, by=someone(Scope.WRITE))
    operation = merge(diana, zhang).operation
    with pytest.raises(ScopeTooSmall):
        undo_operation(operation, by=someone(Scope.WRITE))


def test_nothing_is_merged_into_itself_nor_in_a_version_that_was_not_read(
    diana: Actor, zhang: Actor
) -> None:
    with pytest.raises(Invalid):
        merge(diana, diana)
    with pytest.raises(Stale):
        merge(diana, zhang, expected_version=diana.version + 1)


# --- undoing --------------------------------------------------------------------------------------


def test_undoing_a_merge_puts_everything_back(diana: Actor, zhang: Actor) -> None:
    firm = make_actor("draft")
    event = make_event(
        participations=[taking_part(diana, note="a"), taking_part(zhang, note="b")],
        date="[2019-11-07,2019-11-09]",
        tags=["one", "two"],
    )
    for participation in event.participations.all():
        make_citation(participation=participation)
    make_affiliation(actor=diana, organisation=zhang)
    make_affiliation(actor=diana, organisation=firm)
    make_affiliation(actor=zhang, organisation=firm)
    make_claim("draft", speaker=diana)
    make_timeline(filter={"actor": [str(diana.uuid), str(zhang.uuid)]})
    before = told()
    operation = merge(diana, zhang).operation
    assert told() != before

    undone = undo_operation(operation, by=someone(), reason="They are two.")

    assert told() == before
    assert not Redirect.objects.exists()
    assert {change.reason for change in undone} == {"They are two."}
    last = last_of(diana)
    assert (last.action, last.state_before, last.state_after) == (
        Action.REVERTED,
        "",
        Publication.PUBLISHED,
    )
    assert_ledger_is_true()
    assert event.date_members.count() == 2


def test_undoing_the_merge_of_events_puts_everything_back() -> None:
    actor = make_actor()
    mine = make_event(tags=["a"], participations=[taking_part(actor, note="x")])
    theirs = make_event("draft", tags=["b"], participations=[taking_part(actor, note="y")])
    make_citation("draft", event=theirs)
    make_citation("draft", participation=theirs.participations.get())
    third = make_event()
    make_citation(relation=make_relation(subject=theirs, object=third))
    make_relation(subject=mine, object=third)
    make_relation(subject=mine, object=theirs)
    make_claim(about=theirs)
    make_timeline(entries=[{"event": mine}, {"event": third}, {"event": theirs, "note": "n"}])
    before = told()

    undo_operation(merge(theirs, mine).operation, by=someone())

    assert told() == before
    assert_ledger_is_true()


def test_what_others_have_changed_since_is_not_undone(diana: Actor, zhang: Actor) -> None:
    event = make_event(participations=[taking_part(diana)])
    title = event.title
    operation = merge(diana, zhang).operation
    other = someone(name="another")
    update_record(event, values={"title": "Told anew"}, by=other)
    before = told()

    with pytest.raises(ChangedSince, match=r"Told anew.*last by another"):
        undo_operation(operation, by=someone())

    assert told() == before
    update_record(event, values={"title": title}, by=other)
    undo_operation(operation, by=someone())
    assert event.participations.get().actor == diana


def test_merges_one_after_the_other_lead_to_the_last_and_are_undone_backwards() -> None:
    one, two, three = make_actor(), make_actor(), make_actor()
    before = told()
    first = merge(one, two).operation
    second = merge(two, three).operation
    assert Redirect.objects.survivors([one.uuid, two.uuid, three.uuid]) == {
        one.uuid: three.uuid,
        two.uuid: three.uuid,
    }

    with pytest.raises(ChangedSince):
        undo_operation(first, by=someone())
    undo_operation(second, by=someone())
    assert Redirect.objects.survivor(one.uuid) == two.uuid
    undo_operation(first, by=someone())

    assert told() == before


def test_an_undone_merge_is_not_done_again_by_undoing_that(diana: Actor, zhang: Actor) -> None:
    undone = undo_operation(merge(diana, zhang).operation, by=someone())

    with pytest.raises(WouldMergeAgain):
        undo_operation(undone[0].operation, by=someone())


def test_a_deletion_is_undone_with_all_that_went_along() -> None:
    event = make_event(participations=[taking_part(make_actor())], tags=["one"])
    make_citation(participation=event.participations.get())
    make_relation(subject=event)
    make_claim(about=event, about_field="date", about_value="2018")
    make_timeline(entries=[{"event": event}])
    before = told()
    delete_record(event, by=someone())

    undo_operation(last_of(event).operation, by=someone())

    assert told() == before
    assert Event.objects.get(pk=event.pk).is_published
    assert_ledger_is_true()


def test_undoing_a_publication_takes_it_back_and_undoing_that_publishes_again() -> None:
    place = make_place("draft")
    operation = last_of(take_step(place, "publish", by=someone())).operation

    undone = undo_operation(operation, by=someone())
    place.refresh_from_db()
    assert place.publication == Publication.DRAFT
    undo_operation(undone[0].operation, by=someone())

    place.refresh_from_db()
    assert place.publication == Publication.PUBLISHED
    assert_ledger_is_true()


def test_what_others_have_come_to_rest_on_is_not_taken_away() -> None:
    actor = make_actor("draft")
    operation = last_of(actor).operation
    make_claim("draft", speaker=actor)

    with pytest.raises(NeededSince, match="claim"):
        undo_operation(operation, by=someone())
    assert Actor.objects.filter(pk=actor.pk).exists()


def test_a_tag_that_no_longer_is_cannot_be_put_on_again() -> None:
    event = make_event(tags=["one"])
    delete_record(event, by=someone())
    delete_record(Tag.objects.get(slug="one"), by=someone())

    with pytest.raises(GoneSince, match="one"):
        undo_operation(last_of(event).operation, by=someone())
    assert not Event.objects.filter(pk=event.pk).exists()


def test_what_no_longer_is_cannot_be_pointed_to_again() -> None:
    place = make_place()
    event = make_event(place=place)
    update_record(event, values={"place": None}, by=someone())
    operation = last_of(event).operation
    delete_record(place, by=someone())

    with pytest.raises(GoneSince):
        undo_operation(operation, by=someone())


def test_an_undo_leaves_nothing_public_without_a_citation() -> None:
    event = make_event()
    operation = last_of(take_step(event, "withdraw", by=someone())).operation
    delete_record(event.citations.get(), by=someone())

    with pytest.raises(LastCitation):
        undo_operation(operation, by=someone())

    event.refresh_from_db()
    assert event.publication == Publication.WITHDRAWN


def test_a_name_taken_since_stands_in_the_way() -> None:
    timeline = make_timeline(slug="courts")
    delete_record(timeline, by=someone())
    operation = last_of(timeline).operation
    make_timeline(slug="courts")

    with pytest.raises(Conflict, match="only once"):
        undo_operation(operation, by=someone())


def test_a_thousand_participations_move_with_few_queries(
    django_assert_max_num_queries: Any, diana: Actor, zhang: Actor
) -> None:
    events = [make_event("draft", participations=[taking_part(diana)]) for _ in range(60)]
    with django_assert_max_num_queries(70):
        report = merge(diana, zhang)

    assert zhang.participations.count() == len(events)
    with django_assert_max_num_queries(90):
        undo_operation(report.operation, by=someone())
    assert diana.participations.count() == len(events)
