"""Events come in by the file: matched, not doubled; all or nothing; undisturbed by a second time."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.clients import Api, api_of
from timeline.db.bulk import AT_ONCE
from timeline.errors import NotAllowed
from timeline.models import (
    Actor,
    ActorName,
    Change,
    Citation,
    Event,
    Import,
    Origin,
    Participation,
    Place,
    Publication,
    Scope,
    Source,
    Tag,
)
from timeline.querysets.visibility import PUBLIC
from timeline.services.access import By, the_command_line
from timeline.services.events import update_event
from timeline.services.imports import Rejected, Report, run_import
from timeline.services.imports.reports import FOLDED
from timeline.services.imports.rows import Row
from timeline.services.imports.runs import _once, _Seen
from timeline.services.ledger import first_broken
from timeline.services.records import create_record, update_record

pytestmark = pytest.mark.django_db

ROW: dict[str, Any] = {
    "dataset": "acw",
    "external_id": "AL001",
    "title": "A raid",
    "date_text": "April 1863",
    "edtf": "1863-04",
    "place": {"name": "Cullman", "lat": 34.2, "lon": -86.8, "region": "AL", "country": "US"},
    "actors": [
        {"name": "Abel Streight", "kind": "person", "role": "commander", "aliases": ["A. D. S."]}
    ],
    "sources": [{"url": "https://archive.example/al001", "title": "Report", "published": "1863"}],
    "tags": ["raid"],
    "extra": {"campaign": "1863"},
}


def file_of(*rows: Any) -> io.BytesIO:
    return io.BytesIO(
        b"".join(
            row if isinstance(row, bytes) else json.dumps(row).encode() + b"\n" for row in rows
        )
    )


def bring(*rows: Any, by: By | None = None, **options: Any) -> Report:
    return run_import(file_of(*rows), by=by or the_command_line(origin=Origin.IMPORT), **options)


def outcomes(report: Report) -> list[str]:
    return [row["outcome"] for row in report.as_dict()["rows"]]


def test_a_row_becomes_an_event_with_all_it_names_and_an_entry_for_each() -> None:
    report = bring(ROW)
    event = Event.objects.get()
    assert (report.created, event.title, event.date.text) == (1, "A raid", "1863-04")
    assert event.date_text == "April 1863"
    assert (event.place.name, event.place.country) == ("Cullman", "US")
    took_part = Participation.objects.select_related("actor", "role").get()
    assert (took_part.actor.name, took_part.role.code) == ("Abel Streight", "commander")
    assert ActorName.objects.get().text == "A. D. S."
    assert Citation.objects.get().source.date.text == "1863"
    assert [tag.slug for tag in event.tags.all()] == ["raid"]
    assert event.extra == {"campaign": "1863"}
    for record in (
        event,
        event.place,
        took_part.actor,
        Source.objects.get(),
        Citation.objects.get(),
    ):
        entry = Change.objects.get(record_uuid=record.uuid)
        assert (entry.action, entry.origin) == ("created", "import")
    assert first_broken() is None


def test_what_comes_in_is_a_draft_unless_it_is_published() -> None:
    bring(ROW)
    assert not Event.objects.visible_to(PUBLIC).exists()
    bring(ROW, publish=True)
    for model in (Event, Actor, Place, Source, Citation):
        assert model.objects.visible_to(PUBLIC).count() == 1, model


def test_the_same_file_again_changes_nothing() -> None:
    bring(ROW, publish=True)
    entries = Change.objects.count()
    again = bring(ROW, publish=True)
    assert (again.unchanged, Change.objects.count()) == (1, entries)


def test_a_changed_row_changes_what_it_names_and_tells_it() -> None:
    bring(ROW)
    report = bring(ROW | {"title": "Another raid", "edtf": "1863-05"})
    changes = {one["field"]: one["after"] for one in next(report.rows())["changes"]}
    assert changes == {"title": "Another raid", "edtf": "1863-05"}
    event = Event.objects.get()
    assert (event.title, event.date.text, event.version) == ("Another raid", "1863-05", 2)


def test_what_a_curator_corrected_stays_until_the_data_set_changes_it() -> None:
    bring(ROW)
    update_event(Event.objects.get(), values={"title": "Corrected"}, by=the_command_line())
    assert outcomes(bring(ROW)) == ["unchanged"]
    bring(ROW | {"summary": "More is known."})
    event = Event.objects.get()
    assert (event.title, event.summary) == ("Corrected", "More is known.")


def test_actors_places_and_sources_are_found_and_not_doubled() -> None:
    other = ROW | {
        "external_id": "AL002",
        "place": ROW["place"] | {"lat": 34.21},
        "actors": [{"name": "A. D. S.", "kind": "person", "role": "prisoner"}],
    }
    bring(ROW, other)
    for model in (Actor, Place, Source):
        assert model.objects.count() == 1, model


def test_what_an_import_made_is_found_by_the_next_one() -> None:
    """By another name, and tags that have no letter in them."""
    named = [{"name": name, "kind": "person", "role": "commander"} for name in ("Zed", "Z. E. D.")]
    named[0]["aliases"] = ["Z. E. D."]
    first = ROW | {"actors": named, "tags": ["!!!", "???"]}
    bring(first)
    bring(first | {"external_id": "AL002"})
    bring(ROW | {"external_id": "AL003"})
    bring(first | {"external_id": "AL003"})
    assert Actor.objects.filter(name="Zed").count() == 1
    for event in Event.objects.all():
        assert [one.actor.name for one in event.participations.all()] == ["Zed"]
        assert event.tags.count() == 1


def test_what_a_data_set_takes_back_is_taken_away_and_what_curators_added_stays() -> None:
    """Found again as it was matched: by another name, role or address than the record has now."""
    general = ROW["actors"][0]
    paper = {"title": "A paper", "publisher": "Press"}
    bring(ROW | {"actors": [general, {"name": "Nathan Forrest", "role": "Pursuer"}]})
    second = ROW | {
        "external_id": "AL002",
        "actors": [{"name": "A. D. S.", "role": "COMMANDER"}, {"name": "Nathan Forrest"}],
        "sources": [paper, {"url": "https://archive.example/a b"}],
        "tags": ["Raid", "War"],
    }
    bring(second)
    event = Event.objects.get(external_id="AL002")
    update_event(event, values={"add_tags": ["mules"]}, by=the_command_line())
    bring(second | {"actors": [{"name": "Nathan Forrest"}], "sources": [paper], "tags": ["RAID"]})
    assert [one.actor.name for one in event.participations.all()] == ["Nathan Forrest"]
    assert [citation.source.title for citation in event.citations.all()] == ["A paper"]
    assert {tag.slug for tag in event.tags.all()} == {"raid", "mules"}
    bring(second | {"actors": None, "sources": [{"url": "https://archive.example/c"}], "tags": []})
    assert not event.participations.exists()
    assert [one.source.url for one in event.citations.all()] == ["https://archive.example/c"]
    assert {tag.slug for tag in event.tags.all()} == {"mules"}


def test_namesakes_far_apart_are_two_places() -> None:
    far = ROW | {"external_id": "MO001", "place": {"name": "Cullman", "lat": 38.0, "lon": -92.0}}
    bring(ROW, far)
    assert Place.objects.count() == 2


def test_a_dry_run_says_what_the_commit_does_and_leaves_nothing() -> None:
    bring(ROW)
    rows = [ROW | {"title": "Changed"}, ROW | {"external_id": "AL002"}]
    dry = bring(*rows, dry_run=True).as_dict()
    assert Event.objects.get().title == "A raid"
    real = bring(*rows).as_dict()
    for report in (dry, real):
        for row in report["rows"]:
            row.pop("id", None)
    assert (dry["rows"], dry["created"], dry["updated"]) == (real["rows"], 1, 1)


BAD = [
    pytest.param({"title": ""}, "title", "required", id="no title"),
    pytest.param({"title": " \u3000"}, "title", "required", id="a title of spaces"),
    pytest.param({"external_id": None}, "external_id", "required", id="no id"),
    pytest.param({"external_id": " "}, "external_id", "required", id="an id of spaces"),
    pytest.param({"dataset": "\t"}, "dataset", "required", id="a dataset of spaces"),
    pytest.param({"actors": [{"name": " "}]}, "actors.0.name", "required", id="a name of spaces"),
    pytest.param({"title": "\ufb2c" * 200}, "title", "too-long", id="long when composed"),
    pytest.param(
        {"actors": [{"name": "X", "aliases": ["\ufb2c" * 200]}]},
        "actors.0.aliases",
        "too-long",
        id="an alias that is long when composed",
    ),
    pytest.param(
        {"sources": [{"url": "https://e.example/" + "中" * 700}]},
        "sources.0.url",
        "too-long",
        id="more bytes than an index takes",
    ),
    pytest.param(
        {"sources": [{"url": "https://e.example/" + " " * 900 + "x"}]},
        "sources.0.url",
        "too-long",
        id="long when its spaces are written as an address has them",
    ),
    pytest.param(
        {"sources": [{"title": "X", "published": "not known"}]},
        "sources.0.published",
        "bad-character",
        id="published when nobody knows",
    ),
    pytest.param({"edtf": "1863-13"}, "edtf", "no-such-month", id="a month that is none"),
    pytest.param(
        {"place": {"name": "X", "lat": 91, "lon": 0}}, "place.lat", "out-of-range", id="lat"
    ),
    pytest.param({"actors": [{"kind": "person"}]}, "actors.0.name", "required", id="no name"),
    pytest.param({"sources": [{"url": "javascript:x"}]}, "sources.0.url", "not-a-url", id="url"),
    pytest.param({"tags": "raid"}, "tags", "not-a-list", id="tags that are no list"),
    pytest.param({"extra": []}, "extra", "not-an-object", id="extra that is no object"),
]


@pytest.mark.parametrize(("change", "field", "code"), BAD)
def test_a_bad_row_names_line_field_and_reason_and_nothing_comes_in(
    change: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Rejected) as refusal:
        bring(ROW, ROW | {"external_id": "AL002"} | change)
    (row,) = [one for one in refusal.value.report.rows() if one["outcome"] == "rejected"]
    assert row["line"] == 2
    assert (field, code) in {(error["field"], error["code"]) for error in row["errors"]}
    assert not Event.objects.exists()
    assert not Change.objects.filter(record_type="event").exists()


UNREADABLE = [
    pytest.param(b'{"dataset": "acw", "external', "not-json", id="a file that was cut off"),
    pytest.param(b'{"title": "\xff"}\n', "not-utf-8", id="another encoding"),
    pytest.param(b"[1, 2]\n", "not-an-object", id="a list"),
    pytest.param(b'{"title": "\\u0000"}\n', "bad-character", id="NUL"),
    pytest.param(b'{"title": "\\ud800"}\n', "bad-character", id="half a surrogate pair"),
    pytest.param(b"[" * 100_000 + b"\n", "too-deep", id="brackets without end"),
    pytest.param(b'{"extra": {"x": ' + b"[" * 65 + b"]" * 65 + b"}}\n", "too-deep", id="deep"),
    pytest.param(b'{"title": "A", "title": "B"}\n', "repeated-member", id="a member twice"),
    pytest.param(b'{"extra": {"x": 1e999}}\n', "bad-number", id="a number without end"),
    pytest.param(b'{"extra": {"x": NaN}}\n', "bad-number", id="not a number"),
    pytest.param(b'{"extra": {"x": 9223372036854775808}}\n', "bad-number", id="64 bits and more"),
    pytest.param(b'"' + b"x" * 1_000_001 + b'"\n', "too-long", id="a line without end"),
    pytest.param(json.dumps(ROW).encode() + b"\n", "repeated", id="a row that was there before"),
]


@pytest.mark.parametrize(("line", "code"), UNREADABLE)
def test_with_skip_the_good_rows_come_in_and_the_others_are_told(line: bytes, code: str) -> None:
    report = bring(ROW, line, on_error="skip")
    assert (report.created, report.rejected, Event.objects.count()) == (1, 1, 1)
    assert report.as_dict()["rows"][-1]["errors"][0]["code"] == code


def bare_rows() -> Iterator[Row]:
    for line in range(1, 40_001):
        yield Row(line, "acw", f"{line:060}", {}, {}, None, [], [], [], [])


def test_what_rows_are_compared_with_is_kept_on_the_disk() -> None:
    seen = _Seen()
    assert all(seen.first_line(row) == row.line for row in bare_rows())
    ((_, _, file),) = seen._rows.execute("PRAGMA database_list")

    # What is not in it yet is in memory: two megabytes at the most.
    assert Path(file).stat().st_size > 1_000_000
    del seen
    assert not Path(file).exists()


def test_the_rows_of_a_report_are_kept_on_the_disk() -> None:
    report = Report(dry_run=False)
    tracemalloc.start()
    for row in _once(bare_rows()):
        report.add(row, "created", id="0" * 36)
    told = sum(1 for row in report.rows() if row["outcome"] == "created")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (told, report.created) == (40_000, 40_000)
    assert peak < 4_000_000


def test_a_long_report_is_stored_as_it_was_told() -> None:
    rows = [ROW | {"external_id": f"A{n}"} for n in range(FOLDED + 2)]
    report = bring(*rows, ROW | {"external_id": ""}, on_error="skip")

    run = Import.objects.get()
    assert run.whole_report() == report.as_dict()
    assert run.reported.count() == 2
    assert [row["line"] for row in run.whole_report()["rows"]] == [*range(1, FOLDED + 4)]


def test_what_a_row_cannot_be_asked_by_is_kept_and_told() -> None:
    """A row that says it has no date has none, whatever its words; a country may be in words."""
    report = bring(
        ROW
        | {
            "edtf": None,
            "date_text": "some time in the war",
            "place": {"name": "Rome", "country": "Papal States"},
        }
    )
    event = Event.objects.get()
    assert (event.date, event.date_text, event.place.country) == (None, "", "")
    assert event.extra == {
        "campaign": "1863", "date_text": "some time in the war", "country": "Papal States"
    }  # fmt: skip
    assert len(next(report.rows())["warnings"]) == 2
    in_words = {name: value for name, value in ROW.items() if name != "edtf"}
    assert outcomes(bring(in_words)) == ["updated"]
    event.refresh_from_db()
    assert (event.date.text, event.extra) == ("1863-04", {"campaign": "1863"})


def test_words_that_are_no_date_are_refused_where_the_row_does_not_say_it_has_none() -> None:
    row = {name: value for name, value in ROW.items() if name != "edtf"}
    report = bring(row | {"date_text": "07/11/2019"}, on_error="skip")
    assert next(report.rows())["errors"][0]["field"] == "date_text"


def test_dates_of_sources_may_be_in_words_and_addresses_may_have_spaces() -> None:
    bring(ROW | {"sources": [{"url": "https://e.example/a b", "published": "May 1863"}]})
    source = Source.objects.get()
    assert (source.url, source.date.text) == ("https://e.example/a%20b", "1863-05")


def test_an_event_without_a_source_is_published_on_the_word_of_its_data_set() -> None:
    bring(ROW | {"sources": []}, publish=True)
    assert Event.objects.visible_to(PUBLIC).get().citations.get().source.title == "Data set “acw”"


def test_a_contributor_brings_in_drafts_and_publishes_nothing(django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("contributor")
    by = By(user=user, scope=Scope.WRITE, origin=Origin.IMPORT)
    bring(ROW, by=by)
    assert Event.objects.get().publication == Publication.DRAFT
    with pytest.raises(NotAllowed):
        bring(ROW, by=by, publish=True)


def test_a_contributor_does_not_find_a_protected_actor_by_its_name(django_user_model: Any) -> None:
    values = {"name": "Abel Streight", "kind": "person", "protected": True}
    secret = create_record(Actor, values=values, by=the_command_line())
    user = django_user_model.objects.create_user("contributor")
    bring(ROW, by=By(user=user, scope=Scope.WRITE, origin=Origin.IMPORT))
    assert Participation.objects.get().actor != secret


def test_a_contributor_is_not_told_what_a_row_said_of_a_protected_actor(
    django_user_model: Any,
) -> None:
    bring(ROW)
    secret = Actor.objects.get(name=ROW["actors"][0]["name"])
    update_record(secret, values={"protected": True}, by=the_command_line())
    user = django_user_model.objects.create_user("contributor")
    by = By(user=user, scope=Scope.WRITE, origin=Origin.IMPORT)
    actors = [{"name": "Somebody else", "role": "scout"}]
    [told] = bring(ROW | {"actors": actors}, by=by, dry_run=True).rows()
    role = ROW["actors"][0]["role"]
    assert told["changes"] == [
        {
            "field": "actors",
            "before": [{"name": "someone not named", "role": role}],
            "after": actors,
        }
    ]
    [told] = bring(ROW | {"actors": actors}, dry_run=True).rows()
    assert told["changes"][0]["before"] == ROW["actors"]


def test_a_row_that_comes_again_unchanged_costs_no_query_of_its_own(
    django_assert_max_num_queries: Any,
) -> None:
    rows = [ROW | {"external_id": str(n)} for n in range(200)]
    bring(*rows, publish=True)
    with django_assert_max_num_queries(20):
        again = bring(*rows, publish=True)
    assert again.unchanged == 200


def test_new_rows_cost_no_query_of_their_own(django_assert_max_num_queries: Any) -> None:
    bring(ROW, publish=True)
    with django_assert_max_num_queries(60):
        report = bring(*(ROW | {"external_id": str(n)} for n in range(200)), publish=True)
    assert report.created == 200


def test_a_tag_in_capitals_is_found_by_the_key_word_of_a_row() -> None:
    create_record(Tag, values={"slug": "RAID", "label": "Raid"}, by=the_command_line())
    bring(ROW)
    assert [tag.slug for tag in Event.objects.get().tags.all()] == ["RAID"]


def test_what_an_import_asked_of_sqlite_is_given_back(engine: str) -> None:
    if engine != "sqlite":
        pytest.skip("PostgreSQL has its own memory")

    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()
        bring(ROW)
        assert cursor.execute("PRAGMA cache_size").fetchone() == before


@pytest.fixture
def publisher_api(db: None) -> Api:
    return api_of(Scope.PUBLISH)


@pytest.mark.parametrize(
    ("query", "status"),
    [({"dry_run": "true"}, 200), ({}, 201)],
    ids=["a dry run", "in earnest"],
)
def test_the_report_is_the_answer(publisher_api: Api, query: dict[str, str], status: int) -> None:
    answer = publisher_api.client.post(
        "/api/v1/imports",
        file_of(ROW).getvalue(),
        content_type="application/x-ndjson",
        headers=publisher_api.headers,
        query_params=query,
    )
    assert answer.status_code == status, answer.content
    assert answer.json()["created"] == 1
    if status == 201:
        kept = publisher_api.get(f"imports/{answer.json()['id']}").json()
        assert kept["report"] == answer.json()


def test_an_empty_file_holds_no_rows(publisher_api: Api) -> None:
    answer = publisher_api.send(
        "POST", "imports", b"", headers={"Content-Type": "application/x-ndjson"}
    )
    assert (answer.status_code, answer.json()["rows"]) == (201, [])


def test_a_form_may_carry_the_file_and_a_refusal_carries_the_report(publisher_api: Api) -> None:
    file = file_of(ROW, b"{bad\n")
    file.name = "events.jsonl"
    answer = publisher_api.client.post(
        "/api/v1/imports", {"file": file}, headers=publisher_api.headers
    )
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["errors"][0]["pointer"] == "/2"
    assert problem["report"]["rejected"] == 1
    assert not Event.objects.exists()


def test_strangers_import_nothing(db: None) -> None:
    answer = Api().client.post(
        "/api/v1/imports", file_of(ROW).getvalue(), content_type="application/x-ndjson"
    )
    assert answer.status_code == 401


def test_after_a_large_import_the_planner_of_postgresql_knows_its_rows(engine: str) -> None:
    if engine != "postgresql":
        pytest.skip("SQLite plans without counting rows")

    bring(*(ROW | {"external_id": str(n), "extra": {}} for n in range(600)))

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'timeline_participation'")
        assert cursor.fetchone()[0] == 600


def test_each_of_many_rows_is_found_by_its_words() -> None:
    """They are written by the dozen, the last ones singly."""
    rows = [ROW | {"external_id": str(n), "title": f"Number t{n}t"} for n in range(AT_ONCE * 2 + 7)]
    bring(*rows, publish=True)

    for row in rows:
        found = Event.objects.visible_to(PUBLIC).matching(row["title"].split()[1])
        assert [event.external_id for event in found] == [row["external_id"]]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            check = "INSERT INTO timeline_event_fts(timeline_event_fts, rank) VALUES (%s, 1)"
            cursor.execute(check, ["integrity-check"])
