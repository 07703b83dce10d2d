"""What is public goes on being believed on somebody's word that the public can read."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.clients import Api
from tests.factories.people import someone
from tests.factories.records import (
    make_actor,
    make_citation,
    make_claim,
    make_event,
    make_source,
    taking_part,
)
from timeline.models import Change, Citation, Event, Origin, Publication, Source
from timeline.querysets.visibility import PUBLIC
from timeline.services.access import the_command_line
from timeline.services.evidence import LastCitation, Uncited
from timeline.services.imports import Rejected, Report, run_import
from timeline.services.ledger import first_broken
from timeline.services.publication import take_step
from timeline.services.records import delete_record, update_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    """Published, and believed on one citation."""
    return make_event(title="A fire")


@pytest.fixture
def citation(event: Event) -> Citation:
    return event.citations.get()


def delete(citation: Citation) -> None:
    delete_record(citation, by=someone())


def withdraw(citation: Citation) -> None:
    take_step(citation, "withdraw", by=someone())


def move_to_another_event(citation: Citation) -> None:
    update_record(citation, values={"event": make_event()}, by=someone())


def move_to_a_claim(citation: Citation) -> None:
    update_record(citation, values={"event": None, "claim": make_claim()}, by=someone())


def move_to_a_source_that_is_not_public(citation: Citation) -> None:
    update_record(citation, values={"source": make_source("draft")}, by=someone())


LOSSES = [
    pytest.param(loss, id=loss.__name__.replace("_", " "))
    for loss in (
        delete,
        withdraw,
        move_to_another_event,
        move_to_a_claim,
        move_to_a_source_that_is_not_public,
    )
]


@pytest.mark.parametrize("lose", LOSSES)
def test_a_published_event_does_not_lose_its_only_citation(
    event: Event, citation: Citation, lose: Any
) -> None:
    with pytest.raises(LastCitation, match=r"“A fire” is public.*Cite another passage"):
        lose(citation)

    citation.refresh_from_db()
    assert (citation.event, citation.publication) == (event, "published")


@pytest.mark.parametrize("lose", LOSSES)
def test_with_another_to_rest_on_it_may_go(event: Event, citation: Citation, lose: Any) -> None:
    make_citation(event=event)

    lose(citation)

    assert Event.objects.visible_to(PUBLIC).get(pk=event.pk).citations.visible_to(PUBLIC).exists()


@pytest.mark.parametrize("lose", LOSSES)
def test_what_is_not_public_may_lose_it(lose: Any) -> None:
    event = make_event("withdrawn")

    lose(event.citations.get())

    assert not event.citations.visible_to(PUBLIC).exists()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"state": "draft"}, id="a draft"),
        pytest.param({"state": "withdrawn"}, id="withdrawn"),
        pytest.param({"source": "draft"}, id="of a source that is not public"),
    ],
)
def test_a_citation_that_the_public_cannot_read_is_none_to_rest_on(
    event: Event, citation: Citation, other: dict[str, Any]
) -> None:
    if "source" in other:
        other = {"source": make_source(other["source"])}
    hidden = make_citation(event=event, **other)

    with pytest.raises(LastCitation):
        delete_record(citation, by=someone())

    delete_record(hidden, by=someone())


def test_a_citation_is_corrected_in_its_place(event: Event, citation: Citation) -> None:
    update_record(citation, values={"quote": "It burnt.", "source": make_source()}, by=someone())

    assert event.citations.get().quote == "It burnt."


def test_who_deletes_the_event_deletes_its_citations_with_it(
    event: Event, citation: Citation
) -> None:
    delete_record(event, by=someone())

    assert not Citation.objects.filter(pk=citation.pk).exists()
    assert first_broken() is None


def test_citations_of_what_took_part_in_it_and_of_claims_may_go() -> None:
    event = make_event(participations=[taking_part(make_actor())])
    for passage in (
        make_citation(participation=event.participations.get()),
        make_citation(claim=make_claim(about=event)),
    ):
        delete_record(passage, by=someone())

    assert event.citations.count() == 1


def test_a_source_that_others_bear_out_may_be_withdrawn(event: Event, citation: Citation) -> None:
    make_citation(event=event)
    make_citation(event=event, source=citation.source)

    take_step(citation.source, "withdraw", by=someone())

    assert event.citations.visible_to(PUBLIC).count() == 1


def test_a_source_that_is_cited_for_claims_alone_may_be_withdrawn() -> None:
    source = make_citation(claim=make_claim()).source

    assert not take_step(source, "withdraw", by=someone()).is_published


def test_an_event_may_be_published_on_the_word_of_a_source_that_stays_hidden() -> None:
    source = make_source("draft", title="The report")
    event = make_event("draft")
    passage = make_citation("draft", source=source, event=event)

    assert take_step(event, "publish", by=someone()).is_published

    assert not event.citations.visible_to(PUBLIC).exists()
    with pytest.raises(LastCitation):
        delete_record(passage, by=someone())


def test_a_source_is_withdrawn_whatever_rests_on_it(event: Event, citation: Citation) -> None:
    assert not take_step(citation.source, "withdraw", by=someone()).is_published
    assert not event.citations.visible_to(PUBLIC).exists()


# --- As programs meet it --------------------------------------------------------------------------


def test_the_api_refuses_to_lose_it_and_says_what_to_do(
    publisher: Api, event: Event, citation: Citation
) -> None:
    address, other = f"citations/{citation.uuid}", str(make_event().uuid)
    written = Change.objects.count()
    for answer in (
        publisher.delete(address),
        publisher.post(f"{address}/withdraw"),
        publisher.patch(address, {"event": other}),
    ):
        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (409, "/problems/last-citation")
        assert "“A fire”" in problem["detail"]
        assert "or withdraw" in problem["detail"]

    assert Change.objects.count() == written
    assert publisher.delete(f"events/{event.uuid}").status_code == 204


# --- As imports meet it ---------------------------------------------------------------------------

ROW: dict[str, Any] = {
    "dataset": "fires",
    "external_id": "1",
    "title": "A fire",
    "sources": [{"url": "https://a.example/1", "title": "A"}],
}
OTHER = {"sources": [{"url": "https://b.example/1", "title": "B"}]}


def bring(*rows: dict[str, Any], **options: Any) -> Report:
    file = io.BytesIO(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    return run_import(file, by=the_command_line(origin=Origin.IMPORT), **options)


def public_sources() -> set[str]:
    cited = Citation.objects.visible_to(PUBLIC).filter(event__in=Event.objects.visible_to(PUBLIC))
    return set(cited.values_list("source__title", flat=True))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"sources": []}, id="names none any more"),
        pytest.param(OTHER, id="names one that stays a draft"),
    ],
)
def test_a_row_that_would_take_the_last_source_away_is_rejected_alone(
    change: dict[str, Any],
) -> None:
    second = ROW | {"external_id": "2"}
    bring(ROW, second, publish=True)

    report = bring(ROW | change, second | {"title": "Another"}, on_error="skip")

    rejected, updated = report.as_dict()["rows"]
    assert (rejected["outcome"], updated["outcome"]) == ("rejected", "updated")
    assert rejected["errors"][0]["code"] == "last-citation"
    assert public_sources() == {"A"}
    with pytest.raises(Rejected):
        bring(ROW | change)


def test_a_row_that_names_another_source_is_believed_on_that_one() -> None:
    bring(ROW, publish=True)

    assert bring(ROW | OTHER, publish=True).updated == 1
    assert public_sources() == {"B"}


def test_the_sources_that_an_import_drafted_go_out_with_the_first_event_that_needs_them() -> None:
    bring(ROW)

    bring(ROW | {"external_id": "2", "title": "Another"}, publish=True)

    assert Event.objects.visible_to(PUBLIC).get().title == "Another"
    assert public_sources() == {"A"}


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
@pytest.mark.parametrize("known", [False, True], ids=["a new event", "a drafted event"])
def test_beside_a_source_that_curators_keep_back_the_data_set_is_cited(
    state: str, known: bool
) -> None:
    if known:
        bring(ROW | {"sources": []})
    make_source(state, title="A", url="https://a.example/1")

    bring(ROW, publish=True)

    assert Source.objects.get(title="A").publication == state
    assert public_sources() == {"Data set “fires”"}


def test_when_the_data_set_is_kept_back_too_nothing_is_published() -> None:
    make_source("withdrawn", title="Data set “fires”")

    with pytest.raises(Uncited, match="Publish “Data set “fires””"):
        bring(ROW | {"sources": []}, publish=True)

    assert not Event.objects.filter(publication=Publication.PUBLISHED).exists()


def test_rows_of_many_files_rest_on_one_source_for_their_data_set() -> None:
    for number in ("1", "2"):
        bring(ROW | {"external_id": number, "sources": []}, publish=True)

    assert Source.objects.get().citations.count() == 2
