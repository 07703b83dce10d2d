"""What was answered once is answered again to whoever asks for that instant.

The mirrors' journey compares every list at random; here are the cases with an edge.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from tests.clients import Api, api_of
from tests.factories.people import someone
from tests.factories.records import (
    make_actor,
    make_citation,
    make_claim,
    make_event,
    make_source,
    make_term,
    taking_part,
)
from timeline.services.publication import take_step
from timeline.services.records import delete_record, update_record

pytestmark = pytest.mark.django_db


def ask(path: str, instant: datetime | str, api: Api | None = None, **query: Any) -> Any:
    then = instant if isinstance(instant, str) else instant.isoformat()
    answer = (api or Api()).get(path, as_of=then, **query)
    assert answer.status_code == 200, answer.content
    return answer


def test_a_record_is_told_as_it_stood_with_its_stamps_and_etag() -> None:
    actor = make_actor(name="Diana")
    event = make_event(
        title="As first told", date="2019-08", tags=["first"], participations=[taking_part(actor)]
    )
    before = Api().get(f"events/{event.uuid}")
    instant = timezone.now()

    update_record(
        event, values={"title": "Corrected", "tags": [], "participations": []}, by=someone()
    )
    update_record(actor, values={"name": "Known by name"}, by=someone())

    then = ask(f"events/{event.uuid}", instant)
    assert then.content == before.content
    assert then.headers["ETag"] == before.headers["ETag"]
    now = Api().get(f"events/{event.uuid}").json()
    assert (now["title"], now["tags"]) == ("Corrected", [])


def test_what_was_deleted_or_withdrawn_is_there_and_what_came_later_is_not() -> None:
    event, claim = make_event(title="Withdrawn later"), make_claim(text="Deleted later")
    before = Api().get("events").json()["results"], Api().get("claims").json()["results"]
    instant = timezone.now()
    take_step(event, "withdraw", by=someone())
    delete_record(claim, by=someone())
    make_event(title="Later")

    assert ask("events", instant).json()["results"] == before[0]
    assert ask("claims", instant).json()["results"] == before[1]
    assert ask("events", instant, count="true").json()["count"] == 1
    assert ask("events", datetime(2001, 1, 1, tzinfo=UTC)).json()["results"] == []


def test_what_is_counted_is_what_was_there() -> None:
    event = make_event(
        date="[1998,2019]", tags=["early"], participations=[taking_part(make_actor())]
    )
    asked: list[tuple[str, dict[str, Any]]] = [
        ("events/facets", {"by": "tag,actor,role,source,status,kind"}),
        *(("events/histogram", {"interval": interval}) for interval in ("year", "month")),
        ("events/histogram", {"status": "occurred"}),
    ]
    before = [Api().get(path, **query).json() for path, query in asked]
    instant = timezone.now()
    update_record(event, values={"status": "planned", "tags": [], "date": None}, by=someone())
    make_event(date="2001")

    assert [ask(path, instant, **query).json() for path, query in asked] == before
    assert [Api().get(path, **query).json() for path, query in asked] != before


def test_words_are_found_as_they_stood() -> None:
    event = make_event(title="The zebra crossing")
    instant = timezone.now()
    update_record(event, values={"title": "The quagga crossing"}, by=someone())

    found = {q: len(ask("events", instant, q=q).json()["results"]) for q in ("zebra", "quagga")}

    assert found == {"zebra": 1, "quagga": 0}
    assert ask("events", instant, q='"zebra cross*"').json()["results"] == []
    assert len(ask("events", instant, q="zeb*").json()["results"]) == 1


def test_a_quote_is_found_in_the_text_of_then() -> None:
    source = make_source(text="It was a positive step.")
    citation = make_citation(source=source, quote="positive step")
    instant = timezone.now()
    update_record(source, values={"text": "Nothing of the kind."}, by=someone())

    then = ask(f"citations/{citation.uuid}", instant).json()

    assert then["anchor"] == "exact"


def test_a_term_is_called_what_it_was_called() -> None:
    term = make_term("kinds", "old_kind")
    make_event(kind=term)
    instant = timezone.now()
    update_record(term, values={"code": "new_kind"}, by=someone())

    (event,) = ask("events", instant, kind="old_kind").json()["results"]

    assert event["kind"] == "old_kind"
    assert Api().get("events").json()["results"][0]["kind"] == "new_kind"


def test_an_identity_that_is_protected_now_is_protected_then() -> None:
    actor = make_actor(name="The informant")
    make_event(participations=[taking_part(actor)])
    make_claim(speaker=actor, text="What the informant says")
    instant = timezone.now()
    update_record(actor, values={"protected": True}, by=someone())

    by_actor = {"by": "actor"}
    reads = {
        "events": {},
        "actors": {},
        "claims": {},
        "events/facets": by_actor,
        "events.ndjson": {},
    }
    for path, query in reads.items():
        answer = ask(path, instant, **query)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"informant" not in content, path
    editor = ask("actors", instant, api_of("publish")).json()["results"]
    assert "The informant" in [row["name"] for row in editor]


def test_the_past_is_left_when_the_answer_is_sent() -> None:
    event = make_event(title="Before")
    instant = timezone.now()
    update_record(event, values={"title": "After"}, by=someone())

    answer = ask("events.ndjson", instant)
    assert b"Before" in b"".join(answer.streaming_content)

    assert Api().get("events").json()["results"][0]["title"] == "After"
    assert Api().get("events", as_of="nonsense").status_code == 400
    assert Api().get("events").json()["results"][0]["title"] == "After"


def test_an_instant_to_come_is_now_and_a_bad_one_is_refused() -> None:
    make_event(title="Now")

    assert ask("events", "2999-01-01T00:00:00Z").json() == Api().get("events").json()
    for wrong in ("2019-08", "yesterday", ""):
        refused = Api().get("events", as_of=wrong)
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["parameter"] == "as_of"
    assert Api().get("events", as_of=["2019-01-01T00:00:00Z"] * 2).status_code == 400


def test_corrections_and_history_end_at_the_instant() -> None:
    event = make_event()
    update_record(event, values={"title": "Once"}, by=someone())
    instant = timezone.now()
    update_record(event, values={"title": "Twice"}, by=someone())

    assert len(ask("corrections", instant).json()["results"]) == 1
    assert len(ask(f"events/{event.uuid}/history", instant).json()["results"]) == 2
