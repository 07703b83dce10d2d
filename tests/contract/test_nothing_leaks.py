"""What the public is answered does not depend on what it may not see.

The same questions are put to every GET operation of the document before and after drafts, records
in review, withdrawn records and protected identities are put around what is published: the answers
must be the same byte for byte, headers included.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.clients import api_of
from tests.contract.document import operations
from tests.contract.surrounded import World, addresses, all_questions, ask_everything, told
from tests.factories.records import (
    key_of,
    make_event,
    make_source,
)
from timeline.models import (
    Event,
)

pytestmark = pytest.mark.django_db


def test_every_get_operation_is_asked(settings: Any) -> None:
    world = World()
    unasked = [
        operation.id
        for operation in operations("GET")
        if not addresses(operation, world)
        # What only staff read is nothing to the public.
        and {} in operation.described["security"]
    ]

    assert unasked == []


STAFFS = ("/api/v1/me", "/api/v1/imports", "/api/v1/proposals", "/api/v1/webhooks")


def _is_feed(url: str) -> bool:
    return url.startswith("/api/v1/changes")


def test_the_public_is_answered_the_same_whatever_is_hidden() -> None:
    world = World()
    questions = all_questions(world)
    before = ask_everything(questions)
    refused = [url for url in questions if before[url][0] not in (200, 401, 404)]
    assert refused == []

    hidden = world.surround()
    after = ask_everything(questions)

    leaks = [url for url in questions if after[url] != before[url] and not _is_feed(url)]
    assert leaks == []
    # What was withdrawn was public once: that it is no more is news, and nothing of what it said.
    told_of = " ".join(after[url][2].decode() for url in questions if _is_feed(url))
    assert "withdrawn" in told_of
    said = ("A secret trial", "The informant", "secret-role", "secret-kind", "secret-bond")
    assert not [words for words in said if words in told_of]
    # And a token that may only read is told what the public is.
    reader = api_of("read")
    for url in questions[::10]:
        if not url.startswith(STAFFS):
            assert told(reader, url)[2] == after[url][2], url
    # The hidden records are there for those who may see them.
    staff = api_of("publish")
    for resource, records in hidden.items():
        for record in records:
            assert staff.get(f"{resource}/{key_of(record)}").status_code == 200


def test_when_work_began_is_told_to_staff_alone() -> None:
    event = make_event()
    Event.objects.filter(pk=event.pk).update(created_at=datetime(2017, 5, 4, tzinfo=UTC))

    shown = api_of(None).get(f"events/{event.uuid}").json()

    assert (shown["created_at"], shown["created_by"]) == (None, None)
    assert b"2017-05-04" not in api_of(None).get("events").content
    assert api_of("write").get(f"events/{event.uuid}").json()["created_by"] == "publishr"


def test_the_text_of_a_source_is_told_as_its_licence_allows() -> None:
    closed = make_source(text="All rights reserved.")
    opened = make_source(text="Free for all.", text_is_public=True)

    public, staff = api_of(None), api_of("write")
    assert public.get(f"sources/{closed.uuid}").json()["text"] is None
    assert public.get(f"sources/{opened.uuid}").json()["text"] == "Free for all."
    assert staff.get(f"sources/{closed.uuid}").json()["text"] == "All rights reserved."


def test_what_is_told_to_staff_is_kept_by_no_cache() -> None:
    make_event()

    assert api_of("write").get("events").headers["Cache-Control"] == "private, no-store"
    public = api_of(None).get("events")
    assert public.headers["Cache-Control"] == "public, no-cache"
    assert {"Authorization", "Cookie", "Accept"} <= set(public.headers["Vary"].split(", "))
