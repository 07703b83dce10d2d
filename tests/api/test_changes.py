"""The feed of changes: what the public came to know, and what it may no longer know."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.clients import Api
from tests.databases import ROOT
from tests.factories.people import someone
from tests.factories.records import (
    make_actor,
    make_citation,
    make_claim,
    make_event,
    make_source,
    taking_part,
)
from timeline.models import Change
from timeline.services.publication import take_step
from timeline.services.records import delete_record, update_record

pytestmark = pytest.mark.django_db


def feed(**query: Any) -> list[dict[str, Any]]:
    answer = Api().get("changes", **query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def here() -> str:
    """The cursor at the end of the feed."""
    cursor, page = "", Api().get("changes", page_size=200).json()
    while page["next"]:
        page = Api().send("GET", page["next"].removeprefix("http://testserver")).json()
    cursor = page["cursor"]
    return str(cursor)


def said(changes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(change["type"], change["action"]) for change in changes]


def test_a_draft_is_no_news_until_it_is_published() -> None:
    start = here()
    event = make_event("draft", title="Kept back")
    make_citation("draft", event=event, source=make_source())
    update_record(event, values={"title": "Still kept back"}, by=someone())
    assert said(feed(since=start)) == [("source", "published")]

    take_step(event, "publish", by=someone())

    changes = feed(since=start)[1:]
    assert said(changes) == [("event", "published"), ("citation", "published")]
    assert changes[0]["record"]["title"] == "Still kept back"
    assert changes[0]["record"]["date"] is None


def test_a_correction_is_told_with_its_reason_and_a_withdrawal_without() -> None:
    event = make_event()
    start = here()

    update_record(event, values={"title": "Corrected"}, by=someone(), reason="A mistake.")
    (corrected,) = feed(since=start, type="event")
    assert (corrected["action"], corrected["reason"]) == ("updated", "A mistake.")
    assert corrected["record"]["title"] == "Corrected"

    take_step(event, "withdraw", by=someone(), reason="It names the informant.")
    corrected, withdrawn = feed(since=start, type="event")
    assert (corrected["record"], corrected["reason"]) == (None, ""), "it is told no more"
    assert (withdrawn["action"], withdrawn["reason"], withdrawn["record"]) == (
        "withdrawn",
        "",
        None,
    )


def test_what_is_deleted_leaves_a_tombstone_and_what_was_hidden_none() -> None:
    shown, hidden = make_actor(), make_actor("draft")
    start = here()

    delete_record(shown, by=someone())
    delete_record(hidden, by=someone())

    (tombstone,) = feed(since=start)
    assert (tombstone["action"], tombstone["id"]) == ("deleted", str(shown.uuid))


def test_protecting_a_speaker_takes_back_what_hangs_on_them() -> None:
    speaker = make_actor(name="The source")
    event = make_event(participations=[taking_part(speaker)])
    claim = make_claim(speaker=speaker)
    make_citation(claim=claim)
    start = here()

    update_record(speaker, values={"protected": True}, by=someone(), reason="In danger.")

    changes = feed(since=start)
    assert sorted(said(changes)) == [
        ("actor", "withdrawn"),
        ("citation", "withdrawn"),
        ("claim", "withdrawn"),
        ("event", "updated"),
    ]
    (told,) = (change for change in changes if change["type"] == "event")
    assert (told["id"], told["record"]["participations"]) == (str(event.uuid), [])
    assert "In danger." not in str(changes)
    # Nor does the feed from its beginning tell of an identity that is protected now.
    from_the_beginning = str(feed(page_size=200))
    assert "The source" not in from_the_beginning
    assert claim.text not in from_the_beginning


def test_publishing_an_actor_tells_of_the_events_it_was_hidden_in() -> None:
    actor = make_actor("draft")
    event = make_event(participations=[taking_part(actor)])
    start = here()

    take_step(actor, "publish", by=someone())

    published, updated = feed(since=start)
    assert said([published, updated]) == [("actor", "published"), ("event", "updated")]
    (part,) = updated["record"]["participations"]
    assert part["actor"] == {"id": str(actor.uuid)}
    assert updated["version"] == event.version, "the event itself has not changed"


def test_a_page_leads_to_the_next_and_a_cursor_to_what_comes_later() -> None:
    for _ in range(3):
        make_actor()
    whole = feed(page_size=200)

    first = Api().get("changes", page_size=2).json()
    rest = Api().send("GET", first["next"].removeprefix("http://testserver")).json()

    assert first["results"] == whole[:2]
    assert rest["results"] == whole[2:4]
    assert first["cursor"] == whole[1]["cursor"]
    assert first["head"] == here()
    end = Api().get("changes", since=here()).json()
    assert (end["results"], end["next"], end["cursor"]) == ([], None, here())


def test_a_cursor_is_the_hash_of_an_entry_and_no_number() -> None:
    make_actor()
    assert feed()[-1]["cursor"] == Change.objects.order_by("-id").first().hash

    for wrong in ("1", "0" * 63, "f" * 64, "x"):
        refused = Api().get("changes", since=wrong)
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["parameter"] == "since"


def test_drafts_change_nothing_in_the_feed_not_even_its_cursor() -> None:
    make_event()
    before = Api().get("changes", page_size=200).content

    update_record(make_event("draft"), values={"title": "x"}, by=someone())
    make_claim("draft")  # by a speaker of its own, who is public
    after = Api().get("changes", page_size=200)

    assert (
        after.json()["results"][: before.count(b'"cursor"') - 1]
        == feed(page_size=200)[: before.count(b'"cursor"') - 1]
    )
    assert "draft" not in after.content.decode()


def test_a_program_that_loads_no_address_knows_how_to_tell_of_every_record() -> None:
    """As the sender of webhooks does, when it is told to skip Django's checks."""
    program = (
        "import django; django.setup()\n"
        "from timeline.api.feed import told_plainly\n"
        "from timeline.api.serializers.base import FULL\n"
        "from timeline.models import Event\n"
        "assert Event in FULL\n"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}

    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True)
