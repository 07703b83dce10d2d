"""The public events, written to a file by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from timeline.models import Citation, Event, Source
from timeline.services.access import the_command_line
from timeline.services.publication import take_step
from timeline.services.records import create_record

pytestmark = pytest.mark.django_db


def test_what_is_public_is_written_in_the_format_of_the_name(tmp_path: Path) -> None:
    by = the_command_line()
    event = create_record(Event, values={"title": "Public"}, by=by)
    source = create_record(Source, values={"title": "A report"}, by=by)
    create_record(Citation, values={"event": event, "source": source}, by=by)
    take_step(source, "publish", by=by)
    take_step(event, "publish", by=by)
    create_record(Event, values={"title": "Draft"}, by=by)
    file = tmp_path / "events.geojson"
    call_command("export", str(file), verbosity=0)
    features = json.loads(file.read_text())["features"]
    assert [one["properties"]["title"] for one in features] == ["Public"]


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        pytest.param("events.pdf", "", "There is no format", id="an unknown format"),
        pytest.param("events.csv", "befor=2019", "Did you mean", id="an unknown filter"),
    ],
)
def test_what_cannot_be_written_says_why(tmp_path: Path, name: str, query: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("export", str(tmp_path / name), query=query)
    assert not (tmp_path / name).exists()
