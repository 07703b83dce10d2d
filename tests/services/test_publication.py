"""From draft to published and back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.people import someone
from tests.factories.records import make_citation, make_event, make_place, make_source
from timeline.models import Publication, Scope
from timeline.services.access import ScopeTooSmall
from timeline.services.evidence import Uncited
from timeline.services.publication import STEPS, NotAtThisStep, OwnWork, take_step
from timeline.services.records import update_record

pytestmark = pytest.mark.django_db

LEADS = {
    ("draft", "submit"): "in_review",
    ("draft", "publish"): "published",
    ("in_review", "return"): "draft",
    ("in_review", "approve"): "published",
    ("in_review", "publish"): "published",
    ("published", "withdraw"): "withdrawn",
    ("withdrawn", "publish"): "published",
}


@pytest.mark.parametrize("state", Publication.values)
@pytest.mark.parametrize("verb", list(STEPS))
def test_each_verb_leads_from_where_it_should_and_nowhere_else(state: str, verb: str) -> None:
    place = make_place(state)
    target = LEADS.get((state, verb))

    if target is None:
        with pytest.raises(NotAtThisStep):
            take_step(place, verb, by=someone())
    else:
        assert take_step(place, verb, by=someone()).publication == target


@pytest.mark.parametrize("verb", ["return", "approve", "publish", "withdraw"])
def test_contributors_submit_and_take_no_other_step(verb: str) -> None:
    with pytest.raises(ScopeTooSmall):
        take_step(make_place("in_review"), verb, by=someone(Scope.WRITE))


def test_an_event_is_published_on_somebodys_word_only() -> None:
    event = make_event("draft")

    with pytest.raises(Uncited):
        take_step(event, "publish", by=someone())
    make_citation("draft", event=event)
    assert take_step(event, "publish", by=someone()).is_published


def test_a_withdrawn_citation_is_nobodys_word() -> None:
    event = make_event("draft")
    make_citation("withdrawn", event=event)

    with pytest.raises(Uncited):
        take_step(event, "publish", by=someone())


def test_the_passages_of_an_event_go_out_with_it() -> None:
    event = make_event("draft")
    waiting = [make_citation(state, event=event) for state in ("draft", "in_review")]
    withdrawn = make_citation("withdrawn", event=event)

    take_step(event, "publish", by=someone())

    for citation in waiting:
        citation.refresh_from_db()
        assert citation.is_published
    withdrawn.refresh_from_db()
    assert not withdrawn.is_published


def test_publishing_a_source_publishes_none_of_its_passages() -> None:
    source = make_source("draft")
    citation = make_citation("draft", source=source)

    take_step(source, "publish", by=someone())

    citation.refresh_from_db()
    assert citation.publication == Publication.DRAFT


def test_what_was_published_once_keeps_its_citations_when_withdrawn() -> None:
    event = make_event()
    first = event.published_at

    event = take_step(event, "withdraw", by=someone())
    event = take_step(event, "publish", by=someone())

    assert event.published_at > first
    assert event.citations.get().is_published


def test_where_four_eyes_are_demanded_nobody_publishes_their_own_work(settings: Any) -> None:
    settings.FOUR_EYES = True
    author, other = someone(name="author"), someone(name="other")
    place = make_place("draft", by=author)

    with pytest.raises(OwnWork):
        take_step(place, "publish", by=author)
    take_step(place, "submit", by=author)
    with pytest.raises(OwnWork):
        take_step(place, "approve", by=author)
    assert take_step(place, "approve", by=other).is_published


def test_where_four_eyes_are_demanded_who_changed_it_last_is_no_second_pair(settings: Any) -> None:
    settings.FOUR_EYES = True
    author, other = someone(name="author"), someone(name="other")
    place = make_place("draft", by=author)
    place = update_record(place, values={"name": "Renamed"}, by=other)

    with pytest.raises(OwnWork):
        take_step(place, "publish", by=other)
    assert take_step(place, "publish", by=someone(name="a third")).is_published
