"""What is hidden is answered as if it were not there, to whoever may not see it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.clients import api_of
from tests.contract.surrounded import RESOURCES, World, all_questions, told
from tests.factories.records import (
    key_of,
)
from timeline.models import (
    Redirect,
)

pytestmark = pytest.mark.django_db

Surrounded = tuple[World, dict[str, list[Any]]]


@pytest.fixture(scope="module")
def surrounded(lasting: None) -> Surrounded:
    """Published records, with hidden ones put around them."""
    world = World()
    return world, world.surround()


def test_by_its_id_what_is_hidden_is_answered_as_if_it_were_not_there(
    surrounded: Surrounded,
) -> None:
    world, hidden = surrounded
    api = api_of(None)
    for resource, records in hidden.items():
        for record in records:
            key, missing = key_of(record), str(uuid4())
            there, not_there = (api.get(f"{resource}/{one}") for one in (key, missing))
            assert there.status_code == 404
            assert body_without(there, key) == body_without(not_there, missing)
    for word in world.secret_terms:
        assert api.get(f"vocabularies/{word.vocabulary}/{word.code}").status_code == 404
    for slug in ("secret-tag", "only-draft", "only-withdrawn"):
        assert api.get(f"tags/{slug}").status_code == 404
    old = Redirect.objects.values_list("record_type", "old_uuid")
    for kind, uuid in old:
        assert api.get(f"{kind}s/{uuid}").status_code == 404
        assert api_of("publish").get(f"{kind}s/{uuid}").status_code == 308


def body_without(answer: Any, key: str) -> str:
    body = answer.json()
    del body["request_id"]
    return str(body).replace(key, "…")


def test_asking_for_what_is_hidden_finds_what_asking_for_nothing_finds(
    surrounded: Surrounded,
) -> None:
    _, hidden = surrounded
    api = api_of(None)
    ids = {r: str(records[0].uuid) for r, records in hidden.items() if r != "timelines"}
    protected = str(hidden["actors"][0].uuid)
    asked = [
        *[("events", name, ids["events"]) for name in ("id", "related_to")],
        *[("events", name, protected) for name in ("actor", "actor_all")],
        ("events", "actor", ids["actors"]),
        ("events", "place", ids["places"]),
        ("events", "source", ids["sources"]),
        ("events", "timeline", hidden["timelines"][0].slug),
        ("events", "tag", "secret-tag"),
        ("events", "kind", "secret-kind"),
        ("events", "role", "secret-role"),
        ("events", "role", "informant"),
        ("actors", "event", ids["events"]),
        ("actors", "id", protected),
        ("affiliations", "actor", protected),
        ("affiliations", "type", "secret-bond"),
        ("places", "parent", ids["places"]),
        ("sources", "event", ids["events"]),
        ("citations", "event", ids["events"]),
        ("citations", "source", ids["sources"]),
        ("citations", "claim", ids["claims"]),
        ("claims", "speaker", protected),
        ("claims", "about", ids["events"]),
        ("claims", "contradicts", ids["claims"]),
        ("figures", "speaker", protected),
        ("figures", "place", ids["places"]),
        ("relations", "event", ids["events"]),
        ("relations", "subject", ids["events"]),
        ("relations", "type", "secret-relation"),
        ("timelines", "event", ids["events"]),
        ("tags", "slug", "secret-tag"),
        ("vocabularies/roles", "code", "secret-role"),
    ]
    for path, name, value in asked:
        answer = api.get(path, **{name: value, "count": "true"})
        assert answer.status_code == 200, (path, name, answer.content)
        body = answer.json()
        assert (body["results"], body["count"]) == ([], 0), (path, name)
        nothing = api.get(path, **{name: str(uuid4()), "count": "true"})
        assert answer.json() == nothing.json()


def test_no_filter_by_state_shows_the_public_more(surrounded: Surrounded) -> None:
    api = api_of(None)
    for resource in RESOURCES:
        shown = api.ids(resource)
        for state in ("draft", "in_review", "withdrawn"):
            assert api.ids(resource, publication=state) == []
        assert api.ids(resource, publication="published,draft") == shown
        answer = api.get(resource, ordering="created_at")
        assert answer.status_code == 400


def test_contributors_see_drafts_and_no_protected_identity(surrounded: Surrounded) -> None:
    world, hidden = surrounded
    protected = hidden["actors"][0]
    writer = api_of("write")

    assert writer.get(f"events/{hidden['events'][0].uuid}").status_code == 200
    assert writer.get(f"actors/{protected.uuid}").status_code == 404
    everything = b"".join(
        told(writer, url)[2] for url in all_questions(world)[::10] if "histogram" not in url
    )
    assert str(protected.uuid).encode() not in everything
    assert b"The informant" not in everything
    events = writer.get("events", id=str(world.event.uuid)).json()["results"]
    assert [p["role"] for p in events[0]["participations"]] == ["court"]
