"""What is taken away is what the list shows: the same rows, in the same order, all of them."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.clients import Api
from timeline.formats import FORMATS, Context
from timeline.models import Citation, Event, Source, Timeline
from timeline.services.access import the_command_line
from timeline.services.publication import take_step
from timeline.services.records import create_record
from timeline.services.seeding import seed_records
from timeline.temporal import parse

pytestmark = pytest.mark.django_db

MANY = 210  # more than one chunk of an export, most of them on the same day


@pytest.fixture(scope="module")
def events(lasting: None) -> list[Event]:
    by = the_command_line()
    source = take_step(create_record(Source, values={"title": "A report"}, by=by), "publish", by=by)
    made = []
    for number in range(MANY):
        dates = ["2019-11-07", "2019", "-0489", None]
        date = dates[number] if number < len(dates) else "2019-11-07"
        values = {"title": f"Event {number}", "date": date and parse(date)}
        event = create_record(Event, values=values, by=by)
        create_record(Citation, values={"event": event, "source": source}, by=by)
        made.append(take_step(event, "publish", by=by))
    create_record(Event, values={"title": "A draft"}, by=by)
    return made


def taken(path: str, **query: Any) -> Any:
    answer = Api().get(path, **query)
    assert answer.status_code == 200, answer
    assert answer.streaming
    return b"".join(answer.streaming_content)


def listed(api: Api, **query: Any) -> list[str]:
    return api.ids("events", page_size=200, **query)


@pytest.mark.parametrize("ordering", ["date", "-date", "title"])
def test_an_export_has_every_row_of_the_list_once_and_in_its_order(
    events: list[Event], ordering: str
) -> None:
    rows = taken("events.ndjson", ordering=ordering).splitlines()
    ids = [json.loads(row)["id"] for row in rows]
    assert ids == listed(Api(), ordering=ordering)
    assert len(ids) == MANY
    table = csv.DictReader(io.StringIO(taken("events.csv", ordering=ordering).decode()))
    assert [row["id"] for row in table] == ids


def test_an_export_takes_the_filters_of_the_list_and_of_a_timeline(events: list[Event]) -> None:
    by = the_command_line()
    entries = [{"event": events[1]}, {"event": events[2]}]
    values = {"slug": "few", "title": "Few", "entries": entries}
    take_step(create_record(Timeline, values=values, by=by), "publish", by=by)
    assert len(taken("events.ndjson", before="0001", match="certain").splitlines()) == 1
    assert len(taken("timelines/few/events.ndjson").splitlines()) == 2
    features = json.loads(taken("timelines/few/events.geojson", before="0001"))["features"]
    assert [feature["properties"]["title"] for feature in features] == ["Event 2"]


def test_an_export_of_the_case_is_written_as_from_whole_records(db: None) -> None:
    seed_records(path=Path(settings.BASE_DIR) / "seeds")
    # A whole second is written shorter, and as text it would come after the half behind it.
    second = datetime(2099, 1, 1, tzinfo=UTC)
    Event.objects.update(updated_at=second)
    Event.objects.filter(pk=Event.objects.earliest("pk").pk).update(
        updated_at=second + timedelta(milliseconds=500)
    )
    records = [json.loads(row) for row in taken("events.ndjson").splitlines()]
    newest = max((record["updated_at"] for record in records), key=datetime.fromisoformat)
    assert len(records) > 10
    for suffix, one in FORMATS.items():
        url = f"http://testserver/api/v1/events.{suffix}"
        context = Context("Timeline: events", url, "http://testserver/", newest)
        if suffix != "xlsx":
            assert taken(f"events.{suffix}") == b"".join(one.write(records, context))


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_says_what_it_is_and_answers_whatever_is_accepted(
    events: list[Event], suffix: str
) -> None:
    answer = Api().get(f"events.{suffix}", id=str(events[0].uuid))
    assert answer["Content-Type"] == FORMATS[suffix].media_type
    assert b"A draft" not in b"".join(answer.streaming_content)
    refused = Api().get(f"events.{suffix}", befor="2019")
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
