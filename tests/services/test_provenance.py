"""Quotes are held to the text of their source, and corroboration to sources of another origin."""

from __future__ import annotations

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
)
from timeline.errors import Invalid
from timeline.models import Change, Claim, Source
from timeline.services.anchors import find_quote
from timeline.services.ledger import first_broken
from timeline.services.records import update_record

pytestmark = pytest.mark.django_db

TEXT = "A positive step, he said. A positive step."


@pytest.mark.parametrize(
    ("quote", "around", "anchor"),
    [
        pytest.param("he said", {}, "exact", id="once"),
        pytest.param("he said", {"prefix": "never", "position": 0}, "exact", id="once, askew"),
        pytest.param("positive step", {"suffix": ", he"}, "context", id="by its context"),
        pytest.param(
            "positive step", {"suffix": ".", "position": 2}, "context", id="context first"
        ),
        pytest.param("positive step", {"position": 28}, "position", id="by its position"),
        pytest.param("positive step", {}, "ambiguous", id="twice"),
        pytest.param("positive step", {"prefix": "A "}, "ambiguous", id="twice in its context"),
        pytest.param("positive step", {"position": 27}, "ambiguous", id="at another position"),
        pytest.param("negative step", {"position": 2}, "missing", id="nowhere"),
        pytest.param("", {}, "unchecked", id="no quote"),
    ],
)
def test_a_quote_is_found_exactly_then_by_its_context_then_by_its_position(
    quote: str, around: dict[str, Any], anchor: str
) -> None:
    assert find_quote(TEXT, quote, **around) == anchor


def test_overlapping_places_are_two_places() -> None:
    assert find_quote("bananas", "ana") == "ambiguous"


def test_without_a_text_nothing_is_said_of_a_quote() -> None:
    assert find_quote("", "he said") == "unchecked"


# --- A text that changes --------------------------------------------------------------------------


def anchors(source: Source) -> dict[str, str]:
    return dict(source.citations.values_list("quote", "anchor"))


def test_a_text_that_changes_has_its_quotes_looked_for_again() -> None:
    source = make_source(text=TEXT)
    for quote in ("he said", "positive step", "She said"):
        make_citation(source=source, quote=quote)
    make_citation(source=source, locator="page 1")
    other = make_citation(source=make_source(text=TEXT), quote="he said")
    assert anchors(source) == {
        "he said": "exact",
        "positive step": "ambiguous",
        "She said": "missing",
        "": "unchecked",
    }

    update_record(source, values={"text": "She said: a positive step."}, by=someone())

    assert anchors(source) == {
        "he said": "exact",
        "positive step": "exact",
        "She said": "exact",
        "": "unchecked",
    }
    assert anchors(other.source) == {"he said": "exact"}

    update_record(source, values={"text": ""}, by=someone())

    assert set(anchors(source).values()) == {"unchecked"}


def test_what_follows_from_the_text_needs_no_entry_of_its_own() -> None:
    source = make_source(text=TEXT)
    citation = make_citation(source=source, quote="he said")
    written, version = Change.objects.count(), citation.version

    update_record(source, values={"text": "Nobody spoke."}, by=someone())

    citation.refresh_from_db()
    assert (citation.anchor, citation.version) == ("missing", version)
    assert Change.objects.count() == written + 1
    assert first_broken() is None


def test_a_text_that_is_refused_leaves_the_quotes_as_they_are() -> None:
    source = make_source(text=TEXT)
    make_citation(source=source, quote="he said")

    with pytest.raises(Invalid):
        update_record(source, values={"text": "Nobody spoke.", "title": ""}, by=someone())

    assert anchors(source) == {"he said": "exact"}


def test_the_api_shows_at_once_that_a_quote_is_gone(publisher: Api) -> None:
    source = make_source(text=TEXT)
    citation = make_citation(source=source, quote="he said")

    publisher.patch(f"sources/{source.uuid}", {"text": "Nobody spoke."})

    assert publisher.get(f"citations/{citation.uuid}").json()["anchor"] == "missing"
    shown = publisher.get(f"events/{citation.event.uuid}").json()["citations"]
    assert "missing" in {one["anchor"] for one in shown}


# --- Corroboration --------------------------------------------------------------------------------


def claim_on(*sources: Source, **values: Any) -> Claim:
    claim = make_claim(**values)
    for source in sources:
        make_citation(claim=claim, source=source)
    return claim


def link(claim: Claim, *others: Claim, how: str = "corroborates") -> Claim:
    links = [{"type": how, "other": other} for other in others]
    return update_record(claim, values={"links": links}, by=someone())


@pytest.fixture
def wire() -> Source:
    return make_source(title="The wire report")


def reprint(of: Source, depth: int = 1) -> Source:
    for _ in range(depth):
        of = make_source(derived_from=of)
    return of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(0, 0, id="the same source"),
        pytest.param(0, 1, id="a source and its reprint"),
        pytest.param(1, 1, id="two reprints"),
        pytest.param(3, 7, id="descendants far down"),
    ],
)
def test_sources_of_one_descent_do_not_corroborate_one_another(
    wire: Source, one: int, other: int
) -> None:
    first, second = claim_on(reprint(wire, one)), claim_on(reprint(wire, other))

    for claim, rival in ((first, second), (second, first)):
        with pytest.raises(Invalid, match="descends from one source, “The wire report”") as refusal:
            link(claim, rival)
        (flaw,) = refusal.value.flaws
        assert (flaw.path, flaw.code) == (("links", 0), "one-origin")


def test_they_may_contradict_one_another_and_supersede(wire: Source) -> None:
    for how in ("contradicts", "supersedes"):
        link(claim_on(wire), claim_on(reprint(wire)), how=how)


def test_sources_of_two_origins_corroborate(wire: Source) -> None:
    link(claim_on(wire), claim_on(reprint(make_source())))


def test_an_origin_of_its_own_beside_a_reprint_is_enough(wire: Source) -> None:
    link(claim_on(wire, make_source()), claim_on(reprint(wire)))


def test_only_what_supports_a_claim_counts_and_is_not_withdrawn(wire: Source) -> None:
    claim = claim_on(wire)
    make_citation(claim=claim, bearing="disputes")
    make_citation(claim=claim, state="withdrawn")

    with pytest.raises(Invalid):
        link(claim, claim_on(wire))


def test_of_a_claim_that_nothing_supports_yet_nothing_is_said(wire: Source) -> None:
    link(claim_on(), claim_on(wire))


def test_the_refusal_names_the_link_among_others(wire: Source) -> None:
    claim, independent = claim_on(wire), claim_on(make_source())

    with pytest.raises(Invalid) as refusal:
        link(claim, independent, claim_on(reprint(wire)))

    assert [flaw.path for flaw in refusal.value.flaws] == [("links", 1)]


def test_the_api_names_the_common_origin(publisher: Api, wire: Source) -> None:
    claim, other = claim_on(wire), claim_on(reprint(wire), text="It burnt.")

    answer = publisher.patch(
        f"claims/{claim.uuid}",
        {"links": [{"type": "corroborates", "claim": str(other.uuid)}]},
    )

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (400, "/links/0", "one-origin")
    assert "“It burnt.”" in error["detail"]
    assert "“The wire report”" in error["detail"]


def test_a_source_descends_from_itself_by_no_way_however_long(publisher: Api, wire: Source) -> None:
    last = reprint(wire, 4)

    answer = publisher.patch(f"sources/{wire.uuid}", {"derived_from": str(last.uuid)})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "circular"


# --- Side by side ---------------------------------------------------------------------------------


def test_an_event_shows_what_is_accepted_beside_its_rivals(anonymous: Api) -> None:
    event, hearing, secret = make_event(), make_event(title="A hearing"), make_event("draft")
    about = {"about": event, "about_field": "date"}
    accepted = make_claim(
        **about,
        about_value="2018",
        said_in=hearing,
        date="2019-08",
        status="accepted",
        status_note="The court file says so.",
    )
    rival = make_claim(**about, about_value="2017", said_in=secret)
    elsewhere = make_claim()
    link(accepted, rival, how="contradicts")
    link(rival, make_claim("draft"), make_claim(speaker=make_actor("draft")), how="contradicts")
    link(elsewhere, rival)

    claims = anonymous.get(f"events/{event.uuid}").json()["claims"]["results"]
    told = {claim["id"]: claim for claim in claims}

    held = told[str(accepted.uuid)]
    assert (held["status"], held["status_note"]) == ("accepted", "The court file says so.")
    assert (held["about_field"], held["about_value"]) == ("date", "2018")
    assert held["said_on"]["label"] == "August 2019"
    assert held["said_in"]["title"] == "A hearing"
    assert held["links"] == [
        {"type": "contradicts", "direction": "out", "claim": str(rival.uuid)},
    ]
    other = told[str(rival.uuid)]
    assert other["said_in"] is None
    assert sorted(other["links"], key=lambda one: one["type"]) == [
        {"type": "contradicts", "direction": "in", "claim": str(accepted.uuid)},
        {"type": "corroborates", "direction": "in", "claim": str(elsewhere.uuid)},
    ]
