"""The database itself refuses what the name of each constraint says cannot be."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from tests.factories.records import term
from timeline.db.dates import read_edtf
from timeline.models import (
    RECORDS,
    Actor,
    ActorName,
    Affiliation,
    Change,
    Citation,
    Claim,
    ClaimLink,
    Event,
    Figure,
    Import,
    ImportedRow,
    Participation,
    Place,
    Redirect,
    Relation,
    Source,
    StoredAnswer,
    Suggestion,
    Tag,
    Term,
    Timeline,
    TimelineEntry,
    Token,
)

pytestmark = pytest.mark.django_db


def stored(model: type[models.Model], **values: Any) -> Any:
    """A row written past every check but the database's."""
    return model._base_manager.bulk_create([model(**values)])[0]


def event(**values: Any) -> Event:
    return stored(Event, **{"title": "An event"} | values)


def actor(**values: Any) -> Actor:
    return stored(Actor, **{"name": "An actor"} | values)


def source(**values: Any) -> Source:
    return stored(Source, **{"title": "A source"} | values)


def claim(**values: Any) -> Claim:
    return stored(Claim, **{"text": "A claim", "speaker": actor()} | values)


def affiliation(**values: Any) -> Affiliation:
    ends = {} if "actor" in values else {"actor": actor(), "organisation": actor()}
    return stored(Affiliation, type=term("affiliation-types", "member_of"), **ends | values)


def figure(**values: Any) -> Figure:
    return stored(Figure, **{"measure": "Deaths", "low": 1} | values)


def relation(**values: Any) -> Relation:
    ends = {} if "subject" in values else {"subject": event(), "object": event()}
    return stored(Relation, type=term("relation-types", "led_to"), **ends | values)


def citation(**values: Any) -> Citation:
    return stored(Citation, **{"source": source(), "event": event()} | values)


def place(**values: Any) -> Place:
    return stored(Place, **{"name": "A place"} | values)


def timeline(**values: Any) -> Timeline:
    return stored(Timeline, **{"slug": f"t{uuid4()}", "title": "A timeline"} | values)


def change(**values: Any) -> Change:
    filled = {
        "at": timezone.now(),
        "origin": "api",
        "action": "created",
        "record_type": "event",
        "record_uuid": uuid4(),
        "version": 1,
        "snapshot": "{}",
        "was_public": False,
        "is_public": False,
        "operation": uuid4(),
        "previous_hash": "0" * 64,
        "hash": uuid4().hex * 2,
    }
    return stored(Change, **filled | values)


def token(**values: Any) -> Token:
    user = get_user_model().objects.create_user(str(uuid4()))
    return stored(Token, user=user, key=uuid4().hex[:16], **values)


MAKE = {
    Place: place,
    Actor: actor,
    Affiliation: affiliation,
    Source: source,
    Event: event,
    Claim: claim,
    Figure: figure,
    Relation: relation,
    Citation: citation,
    Timeline: timeline,
}


def twice(make: Any) -> None:
    make()
    make()


def with_one(make: Any, use: Any) -> None:
    use(make())


def _same_relation() -> None:
    first = relation()
    relation(subject=first.subject, object=first.object)


def _same_member(model: Any, **values: Any) -> None:
    twice(lambda: stored(model, **values))


def _loop(record: Any, pointer: str) -> None:
    type(record)._base_manager.filter(pk=record.pk).update(**{pointer: record.pk})


VIOLATIONS: dict[str, Any] = {
    "event_has_a_title": lambda: event(title=""),
    "event_has_a_known_status": lambda: event(status="dreamt"),
    "event_has_a_known_assessment": lambda: event(assessment="sure"),
    "event_is_once_in_its_dataset": lambda: twice(lambda: event(dataset="a", external_id="1")),
    "actor_has_each_role_once_per_event": lambda: _same_member(
        Participation, event=event(), actor=actor(), role=term("roles", "court")
    ),
    "actor_has_a_name": lambda: actor(name=""),
    "actor_count_is_of_a_group": lambda: actor(count=3, kind="person"),
    "actor_has_a_known_kind": lambda: actor(kind="robot"),
    "actor_has_a_known_identity": lambda: actor(identity="secret"),
    "actor_has_each_name_once_per_kind": lambda: _same_member(
        ActorName, actor=actor(), text="A", kind="alias"
    ),
    "actor_name_has_a_text": lambda: stored(ActorName, actor=actor(), text=""),
    "actor_name_has_a_known_kind": lambda: stored(
        ActorName, actor=actor(), text="A", kind="nickname"
    ),
    "affiliation_is_between_two_actors": lambda: with_one(
        actor, lambda one: affiliation(actor=one, organisation=one)
    ),
    "claim_has_a_text": lambda: claim(text=""),
    "claim_has_a_known_stance": lambda: claim(stance="mumbles"),
    "claim_has_a_known_status": lambda: claim(status="maybe"),
    "claim_value_is_of_a_field": lambda: claim(about_value="2018"),
    "claim_is_linked_once_per_type": lambda: _same_member(
        ClaimLink, claim=claim(), other=claim(), type="contradicts"
    ),
    "claim_is_not_linked_to_itself": lambda: with_one(
        claim, lambda one: stored(ClaimLink, claim=one, other=one, type="contradicts")
    ),
    "claim_link_has_a_known_type": lambda: stored(
        ClaimLink, claim=claim(), other=claim(), type="likes"
    ),
    "figure_has_a_measure": lambda: figure(measure=""),
    "figure_has_a_bound": lambda: figure(low=None, high=None),
    "figure_low_is_not_above_high": lambda: figure(low=2, high=1),
    "change_is_once_per_version_and_turn": lambda: with_one(
        uuid4, lambda key: twice(lambda: change(record_uuid=key))
    ),
    "change_has_a_version": lambda: change(version=0),
    "change_makes_a_version_or_turn": lambda: change(turn=1),
    "change_has_a_known_action": lambda: change(action="forgot"),
    "change_has_a_known_origin": lambda: change(origin="pigeon"),
    "imported_row_is_once_in_its_run": lambda: _same_member(
        ImportedRow, run=Import.objects.create(origin="api"), dataset="d", external_id="1", row="{}"
    ),
    "redirect_leads_elsewhere": lambda: with_one(
        uuid4, lambda key: stored(Redirect, record_type="event", old_uuid=key, new_uuid=key)
    ),
    "place_has_a_name": lambda: place(name=""),
    "place_point_is_on_earth": lambda: place(latitude=91.0, longitude=0.0),
    "place_has_a_known_precision": lambda: place(point_precision="about"),
    "place_is_not_within_itself": lambda: _loop(place(), "parent"),
    "place_country_is_a_code": lambda: place(country="C"),
    "suggestion_is_made_once_per_passage": lambda: _same_member(
        Suggestion, source=source(), title="T", sentence="S", position_start=1, position_end=2
    ),
    "relation_is_stated_once": _same_relation,
    "relation_is_between_two_events": lambda: with_one(
        event, lambda one: relation(subject=one, object=one)
    ),
    "source_has_a_title": lambda: source(title=""),
    "source_has_a_known_kind": lambda: source(kind="rumour"),
    "source_is_not_derived_from_itself": lambda: _loop(source(), "derived_from"),
    "source_text_has_its_digest": lambda: source(text="A text", text_sha256=""),
    "source_has_a_known_reliability": lambda: source(reliability="Z"),
    "citation_is_for_exactly_one_record": lambda: citation(event=None),
    "citation_position_runs_forward": lambda: citation(position_start=5, position_end=5),
    "citation_has_a_known_bearing": lambda: citation(bearing="smells"),
    "timeline_has_a_title": lambda: timeline(title=""),
    "timeline_has_a_slug": lambda: timeline(slug=""),
    "timeline_shows_each_event_once": lambda: _same_member(
        TimelineEntry, timeline=timeline(), event=event()
    ),
    "token_has_a_known_scope": lambda: token(scope="root"),
    "term_is_once_in_its_vocabulary": lambda: _same_member(
        Term, vocabulary="roles", code="twice", label="Twice"
    ),
    "term_has_a_code": lambda: stored(Term, vocabulary="roles", code="", label="None"),
    "tag_is_written_in_one_case": lambda: [
        stored(Tag, slug=slug, label="x") for slug in ("Tag", "tag")
    ],
    "answer_is_kept_once_per_key": lambda: _same_member(
        StoredAnswer,
        user=get_user_model().objects.create_user("somebody"),
        key="k",
        status=200,
        at=timezone.now(),
    ),
    "tag_has_a_slug": lambda: stored(Tag, slug="", label="x"),
}
for _model, _make in MAKE.items():
    _name = _model._meta.model_name
    VIOLATIONS[f"{_name}_published_has_its_instant"] = lambda make=_make: make(
        publication="published", published_at=None
    )
    VIOLATIONS[f"{_name}_has_a_known_publication"] = lambda make=_make: make(publication="secret")


def _dated() -> list[type[models.Model]]:
    return [m for m in apps.get_app_config("timeline").get_models() if hasattr(m, "bounds_version")]


def _constraints() -> list[tuple[type[models.Model], str]]:
    return [
        (model, constraint.name)
        for model in apps.get_app_config("timeline").get_models()
        for constraint in model._meta.constraints
    ]


# Made for every dated model alike, and violated below by raw SQL.
DATES = {"date_has_ordered_bounds", "is_undated_without_a_date", "date_has_a_known_basis"}


def test_every_constraint_is_violated_here() -> None:
    names = {name for _, name in _constraints()}
    of_dates = {name for name in names if any(name.endswith(end) for end in DATES)}

    assert names - of_dates == VIOLATIONS.keys()


@pytest.mark.parametrize("name", list(VIOLATIONS))
def test_the_database_refuses(name: str) -> None:
    # SQLite names a unique constraint by its columns.
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        VIOLATIONS[name]()

    message = str(refusal.value)
    assert name in message or (connection.vendor == "sqlite" and "UNIQUE" in message)


@pytest.mark.parametrize(
    "make",
    [
        lambda: place(latitude=1.0),
        lambda: place(longitude=1.0),
        lambda: citation(position_start=5),
        lambda: citation(position_end=5),
    ],
    ids=["latitude", "longitude", "start", "end"],
)
def test_half_of_a_point_or_a_position_is_refused(make: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_each_of_these_rows_is_stored_when_nothing_is_wrong_with_it() -> None:
    for make in MAKE.values():
        make()
        make(publication="published", published_at=timezone.now())


@pytest.mark.parametrize("model", _dated(), ids=lambda m: m._meta.model_name)
@pytest.mark.parametrize(
    "change_",
    [
        "start_min = 5, start_max = 4",
        "end_min = 5, end_max = 4",
        "start_min = 9, start_max = 9, end_min = 1, end_max = 10",
        "undated = NOT undated",
        "start_min = NULL",
        "date_basis = 'dreamt'",
    ],
)
def test_a_date_whose_bounds_do_not_fit_it_is_refused(model: Any, change_: str) -> None:
    if model is ActorName:
        row = stored(ActorName, actor=actor(), text="A", date=read_edtf("2019"))
    else:
        row = MAKE[model]()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET {change_} WHERE id = %s",
            [row.pk],
        )


@pytest.mark.parametrize("model", RECORDS, ids=lambda m: m._meta.model_name)
def test_a_public_id_is_given_once(model: Any) -> None:
    row = MAKE[model]()

    with pytest.raises(IntegrityError), transaction.atomic():
        MAKE[model](uuid=row.uuid)


def test_public_ids_are_random_and_tell_nothing() -> None:
    ids = [event().uuid for _ in range(20)]

    assert {key.version for key in ids} == {4}
    assert ids != sorted(ids)


@pytest.mark.parametrize(
    "verb", ["UPDATE timeline_change SET reason = 'x'", "DELETE FROM timeline_change"]
)
def test_the_ledger_is_added_to_and_never_changed(verb: str) -> None:
    change()

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb)

    assert Change.objects.count() == 1
