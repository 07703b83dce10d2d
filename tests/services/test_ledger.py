"""The ledger: one chain, in which an edit, a removal or a swap shows at the row."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from tests.factories.people import someone
from tests.factories.records import make_actor, make_event, make_place, taking_part
from timeline.models import Action, Change
from timeline.services.ledger import GENESIS, canonical, canonical_but, first_broken, head, seal
from timeline.services.publication import take_step
from timeline.services.records import delete_record, update_record

pytestmark = pytest.mark.django_db

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@pytest.fixture
def chain(db: None) -> list[Change]:
    """A few entries, on a database whose triggers somebody has dropped."""
    event = make_event(participations=[taking_part(make_actor())], date="2019-08", tags=["a"])
    update_record(event, values={"title": "Told anew"}, by=someone(), reason="A mistake.")
    delete_record(make_place("draft"), by=someone())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER timeline_change_append_only ON timeline_change")
        else:
            cursor.execute("DROP TRIGGER timeline_change_no_update")
            cursor.execute("DROP TRIGGER timeline_change_no_delete")
    return list(Change.objects.order_by("id"))


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_chain_that_nobody_touched_holds(chain: list[Change]) -> None:
    assert first_broken() is None
    assert chain[0].previous_hash == GENESIS
    assert head() == chain[-1].hash
    for before, after in pairwise(chain):
        assert after.previous_hash == before.hash


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2001-01-01 00:00:00+00:00"),
        ("by_name", "somebody else"),
        ("origin", "import"),
        ("request_id", "another"),
        ("reason", "A better one."),
        ("action", "approved"),
        ("record_type", "place"),
        ("record_uuid", "0" * 32),
        ("version", 77),
        ("turn", 7),
        ("was_public", True),
        ("is_public", True),
        ("hidden", "3ad4359f-9ca4-46ac-981b-65b194dcbd35"),
        ("operation", "0" * 32),
        ("state_before", "withdrawn"),
        ("state_after", "withdrawn"),
        ("snapshot", "{}"),
        ("previous_hash", "1" * 64),
        ("hash", "2" * 64),
    ],
)
def test_an_edit_of_any_column_shows_at_the_row(
    column: str, value: object, chain: list[Change]
) -> None:
    # The database itself refuses a turn to what made a version.
    victim = chain[len(chain) // 2] if column != "turn" else next(c for c in chain if c.turn)

    run(f"UPDATE timeline_change SET {column} = %s WHERE id = %s", value, victim.pk)

    assert first_broken().pk == victim.pk


def test_one_changed_character_of_what_a_record_said_is_found(chain: list[Change]) -> None:
    victim = next(c for c in chain if "Told anew" in c.snapshot)
    forged = victim.snapshot.replace("Told anew", "Told anex")

    run("UPDATE timeline_change SET snapshot = %s WHERE id = %s", forged, victim.pk)

    assert first_broken().pk == victim.pk


def test_a_removed_entry_shows_at_the_one_after_it(chain: list[Change]) -> None:
    run("DELETE FROM timeline_change WHERE id = %s", chain[2].pk)

    assert first_broken().pk == chain[3].pk


def test_two_entries_that_changed_places_are_found(chain: list[Change]) -> None:
    first, second = chain[1].pk, chain[2].pk
    run("UPDATE timeline_change SET id = -1 WHERE id = %s", first)
    run("UPDATE timeline_change SET id = %s WHERE id = %s", first, second)
    run("UPDATE timeline_change SET id = %s WHERE id = -1", second)

    assert first_broken().pk == first


def test_an_entry_slipped_in_is_found(chain: list[Change]) -> None:
    forged = chain[-1]
    forged.pk, forged.version, forged.hash = None, 99, "3" * 64
    forged.save(force_insert=True)

    assert first_broken().version == 99


def test_an_entry_tells_the_record_whole_by_public_names_alone() -> None:
    place, actor = make_place(), make_actor()
    event = make_event(
        place=place, date="2019-08", participations=[taking_part(actor, "court")], tags=["b", "a"]
    )

    data = Change.objects.filter(record_uuid=event.uuid).latest("id").data

    assert data["place"] == str(place.uuid)
    assert data["date"] == "2019-08"
    assert data["tags"] == ["a", "b"]
    assert data["participations"][0]["actor"] == str(actor.uuid)
    assert data["participations"][0]["role"] == "court"
    assert not {"id", "created_by", "search_text", "start_min"} & data.keys()


def test_versions_count_without_a_gap_over_every_verb() -> None:
    by = someone()
    place = make_place("draft")
    for verb in ("submit", "return", "submit", "approve", "withdraw", "publish"):
        place = take_step(place, verb, by=by, reason=verb)
    place = update_record(place, values={"name": "B"}, by=by)
    delete_record(place, by=by)

    changes = list(Change.objects.filter(record_uuid=place.uuid).order_by("id"))
    assert [c.version for c in changes] == list(range(1, 10))
    assert [c.action for c in changes] == [
        Action.CREATED,
        Action.SUBMITTED,
        Action.RETURNED,
        Action.SUBMITTED,
        Action.APPROVED,
        Action.WITHDRAWN,
        Action.PUBLISHED,
        Action.UPDATED,
        Action.DELETED,
    ]
    for before, after in pairwise(changes):
        assert after.state_before == before.state_after
    assert [c.reason for c in changes[1:4]] == ["submit", "return", "submit"]


def test_what_is_kept_is_json_in_one_spelling() -> None:
    event = make_event(extra={"b": 1, "a": [1.5, None, "ä"]})

    text = Change.objects.filter(record_uuid=event.uuid).latest("id").snapshot

    again = json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert again == text


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(extra=JSON, said=st.dictionaries(TEXTS, TEXTS | st.booleans() | st.lists(TEXTS), max_size=4))
@example(extra={"far": 1e16, "near": 1e-7, "none": -0.0}, said={"\x00\x7f\u2028": '"\\/'})
def test_what_is_written_in_bulk_is_spelled_as_all_else_is(extra: object, said: dict) -> None:
    assert canonical_but(said, extra=extra) == canonical(said | {"extra": extra})


@given(texts=st.lists(TEXTS, max_size=4))
def test_an_entry_is_sealed_over_its_canonical_spelling(texts: list[str]) -> None:
    told = ["created", *texts, 1, True, ""]

    whole = canonical(["0" * 64, "who", *told])

    sealed = seal("0" * 64, canonical("who"), told)
    assert sealed == hashlib.sha256(whole.encode()).hexdigest()
