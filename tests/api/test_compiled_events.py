"""The database writes of an event what the serializer tells of it, to every reader."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer

from tests.clients import Api, api_of
from tests.factories.records import (
    make_actor,
    make_event,
    make_place,
    make_timeline,
    taking_part,
    term,
)
from tests.temporal.strategies import TEXTS as DATES
from timeline.api.compiled import Teller
from timeline.api.serializers.events import EventSerializer
from timeline.api.shape import Shape, tree_of
from timeline.formats import FORMATS
from timeline.models import (
    Actor,
    Citation,
    Claim,
    Event,
    Participation,
    Place,
    Relation,
    Source,
    Tag,
)
from timeline.querysets.visibility import CONTRIBUTOR, EDITOR, PUBLIC
from timeline.temporal import parse

pytestmark = pytest.mark.django_db

READERS = {"the public": PUBLIC, "a contributor": CONTRIBUTOR, "an editor": EDITOR}
MEMBERS = [name for name, one in EventSerializer().fields.items() if not one.write_only]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    st.sampled_from(
        ['"', "\\", "\x01\t\n", "\x7f", "\u2028</script>", "“邢台” 🜚", "%s %% {}", "'"]
    ),
)
NAMES = TEXTS.map(lambda text: f"N{text}")
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
DEGREES = st.floats(-80, 80, allow_nan=False) | st.sampled_from(
    [0.0, -0.5, 37.0, 29.949932300000001]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(-1e9, 1e9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def states(draw: Any) -> dict[str, Any]:
    """How far a record has come; most are public, or hardly anything nested would be seen."""
    state = draw(st.sampled_from(["published"] * 4 + ["draft", "in_review", "withdrawn"]))
    return {
        "publication": state,
        "published_at": draw(INSTANTS) if state == "published" else None,
        "updated_at": draw(INSTANTS),
        "created_at": draw(INSTANTS),
    }


@st.composite
def dated(draw: Any) -> dict[str, Any]:
    return {
        "date": draw(st.none() | DATES.map(parse)),
        "date_text": draw(TEXTS),
        "date_basis": draw(st.sampled_from(["stated", "inferred", "computed"])),
        "date_basis_note": draw(TEXTS),
    }


def a_world(draw: Any) -> list[int]:
    """Some events, each with anything that an event can have; their keys."""

    def some(rows: list[Any]) -> Any:
        return draw(st.none() | st.sampled_from(rows))

    def of(rows: list[Any]) -> list[Any]:
        return draw(st.lists(st.sampled_from(rows), max_size=3, unique_by=id))

    user = get_user_model().objects.create(username=draw(st.sampled_from(["a", "Ünsal", 'q"'])))
    places = [
        Place.objects.create(
            **draw(states()),
            name=draw(NAMES),
            country=draw(st.sampled_from(["", "CN"])),
            **(
                draw(
                    st.just({}) | st.fixed_dictionaries({"latitude": DEGREES, "longitude": DEGREES})
                )
            ),
            point_precision=draw(st.sampled_from([None, "exact"])),
        )
        for _ in range(2)
    ]
    actors = [
        Actor.objects.create(
            **draw(states()), name=draw(NAMES), kind="group", protected=draw(st.booleans()),
            count=draw(st.none() | st.integers(1, 10**9)),
        )
        for _ in range(3)
    ]  # fmt: skip
    sources = [
        Source.objects.create(
            **draw(states()), **draw(dated()), title=draw(NAMES), publisher=draw(TEXTS),
            url=draw(st.sampled_from([None, "https://example.org/?a=%22&b"])),
        )
        for _ in range(2)
    ]  # fmt: skip
    tags = [
        Tag.objects.create(slug=slug, label=slug) for slug in ("z", "a-b", "ähre", "邢台", "a_b")
    ]
    events = [
        Event.objects.create(
            **draw(states()), **draw(dated()), title=draw(NAMES), summary=draw(TEXTS),
            place=some(places), kind=some([term("kinds", "sentencing")]),
            sequence=draw(st.integers(-5, 5)), extra=draw(st.dictionaries(TEXTS, JSON, max_size=3)),
            image=draw(st.sampled_from([None, "https://example.org/i.png"])),
            created_by=some([user]),
        )
        for _ in range(3)
    ]  # fmt: skip
    for event in events:
        event.tags.set(of(tags))
        for position, actor in enumerate(of(actors)):
            Participation.objects.create(
                event=event, actor=actor, role=term("roles", "court"), position=9 - position,
                note=draw(TEXTS), outcome=draw(TEXTS),
            )  # fmt: skip
        for source in of(sources):
            Citation.objects.create(
                **draw(states()), event=event, source=source, quote=draw(TEXTS), locator=draw(TEXTS)
            )
        for speaker in of(actors):
            Claim.objects.create(
                **draw(states()), **draw(dated()), about=event, speaker=speaker, text=draw(NAMES),
                status=draw(st.sampled_from(["open", "disputed", "refuted"])),
            )  # fmt: skip
        for other in of(events):
            if other is not event:
                Relation.objects.create(
                    **draw(states()),
                    subject=event,
                    object=other,
                    type=term("relation-types", "led_to"),
                )
    return [event.pk for event in events]


def told_by(tell: Teller, keys: list[int]) -> list[Any]:
    told = tell(keys)
    return [json.loads(told[key]) for key in keys if key in told]


# Of so large a world the smallest that fails would take minutes to find.
@settings(max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_the_database_writes_what_the_serializer_tells(data: st.DataObject) -> None:
    with transaction.atomic():
        keys = a_world(data.draw)
        for reader, viewer in READERS.items():
            events = Event.objects.visible_to(viewer).for_list().in_bulk(keys)
            context = {"viewer": viewer}
            plain = {
                key: json.loads(JSONRenderer().render(EventSerializer(one, context=context).data))
                for key, one in events.items()
            }
            written = told_by(Teller(viewer), keys)

            told = [plain[key] for key in keys if key in plain]
            for one, other in zip(written, told, strict=True):
                assert list(one) == list(other)
                assert {
                    name: (one[name], other[name]) for name in one if one[name] != other[name]
                } == {}, reader
            for one in FORMATS.values():
                asked = Shape(fields=tree_of(one.reads))
                written = told_by(Teller(viewer, one.reads), keys)
                assert written == [asked.trim(row) for row in told], one.suffix
        transaction.set_rollback(True)


@pytest.mark.parametrize("path", ["events", "timelines/all/events"])
@pytest.mark.parametrize("scope", [None, "read", "publish", "admin"])
def test_a_page_reads_the_same_when_its_members_are_named_one_by_one(
    path: str, scope: str | None
) -> None:
    api: Any = Api() if scope is None else api_of(scope)
    events = [
        make_event(
            state,
            place=make_place("draft"),
            participations=[taking_part(make_actor()), taking_part(make_actor(protected=True))],
        )
        for state in ("published", "draft", "published")
    ]
    make_timeline(slug="all", entries=[{"event": event} for event in events])

    page = api.get(path, page_size=2)
    named = api.get(path, page_size=2, fields=",".join(MEMBERS))

    assert page["content-type"] == named["content-type"] == "application/json"
    assert page.json()["results"] == named.json()["results"]
