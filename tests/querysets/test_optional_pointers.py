"""A record that may point to another is seen by whoever may see both."""

import pytest

from timeline.models import Actor, Citation, Event, Figure, Source
from timeline.querysets.visibility import CONTRIBUTOR, EDITOR, PUBLIC, Viewer
from timeline.services.access import the_command_line
from timeline.services.records import create_record

pytestmark = pytest.mark.django_db


def record(model, **values):
    return create_record(model, values=values, by=the_command_line())


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        pytest.param(EDITOR, {"spoken", "by nobody", "secret"}, id="editor"),
        pytest.param(CONTRIBUTOR, {"spoken", "by nobody"}, id="contributor"),
        pytest.param(PUBLIC, set(), id="public"),
    ],
)
def test_a_figure_is_seen_with_its_speaker(viewer: Viewer, seen: set[str]) -> None:
    record(Figure, measure="spoken", low=1, speaker=record(Actor, name="a speaker"))
    record(Figure, measure="by nobody", low=1)
    record(Figure, measure="secret", low=1, speaker=record(Actor, name="x", protected=True))

    figures = Figure.objects.visible_to(viewer)

    assert {figure.measure for figure in figures} == seen


@pytest.mark.parametrize("viewer", [EDITOR, CONTRIBUTOR])
def test_the_citation_of_a_draft_is_seen_by_those_who_see_drafts(viewer: Viewer) -> None:
    citation = record(
        Citation,
        source=record(Source, title="a report"),
        event=record(Event, title="an event"),
        locator="p. 1",
    )

    assert list(Citation.objects.visible_to(viewer)) == [citation]
