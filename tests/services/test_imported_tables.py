"""Events come in by tables as they do by lines of JSON: no cell is lost, no row is guessed at."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tests.clients import Api, api_of
from timeline.models import (
    Actor,
    Citation,
    Event,
    Import,
    ImportedRow,
    Origin,
    Participation,
    Place,
    Scope,
    Source,
)
from timeline.services.access import the_command_line
from timeline.services.imports import (
    BadTable,
    FileFormat,
    Rejected,
    Report,
    read_mapping,
    run_import,
)
from timeline.services.imports.columns import Columns
from timeline.services.imports.tables import MAX_UNPACKED
from timeline.services.publication import take_step
from timeline.services.records import update_record
from timeline.services.undoing import undo_import

pytestmark = pytest.mark.django_db

HEADER = [
    *("dataset", "external_id", "title", "date_text", "edtf"),
    *("place.name", "place.lat", "place.lon", "country"),
    *("actors.0.name", "actors.0.kind", "actors.0.role", "actors.0.aliases"),
    *("sources.0.url", "sources.0.title", "sources.0.published", "tags", "campaign"),
]
CELLS = [
    *("acw", "AL001", "A raid, by night", "April 1863", "1863-04"),
    *("Cullman", "34.2", "-86.8", "US"),
    *("Abel Streight", "person", "commander", "A. D. S.; Abel D. Streight"),
    *("https://archive.example/al001", "Report", "1863", "raid; night", "1863"),
]
ROW = {
    "dataset": "acw",
    "external_id": "AL001",
    "title": "A raid, by night",
    "date_text": "April 1863",
    "edtf": "1863-04",
    "place": {"name": "Cullman", "lat": 34.2, "lon": -86.8, "country": "US"},
    "actors": [
        {
            "name": "Abel Streight",
            "kind": "person",
            "role": "commander",
            "aliases": ["A. D. S.", "Abel D. Streight"],
        }
    ],
    "sources": [{"url": "https://archive.example/al001", "title": "Report", "published": "1863"}],
    "tags": ["raid", "night"],
    "extra": {"campaign": "1863"},
}
SHORT = ["dataset", "external_id", "title", "date"]


def csv_of(*rows: list[Any], **dialect: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, **dialect).writerows(rows)
    return text.getvalue().encode()


def xlsx_of(*rows: list[Any]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def bring(
    file: bytes, file_format: FileFormat = "csv", mapping: Any = None, **options: Any
) -> Report:
    return run_import(
        io.BytesIO(file),
        by=the_command_line(origin=Origin.IMPORT),
        file_format=file_format,
        mapping=mapping and read_mapping(json.dumps(mapping)),
        **options,
    )


def refused(file: bytes, **options: Any) -> list[tuple[int, str, str]]:
    """The rows that were not taken: line, field and code of what is wrong."""
    report = bring(file, on_error="skip", **options)
    return [
        (row["line"], row["errors"][0]["field"], row["errors"][0]["code"])
        for row in report.rows()
        if row["outcome"] == "rejected"
    ]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_row_of_a_table_is_the_line_of_json_that_says_the_same(suffix: FileFormat) -> None:
    bring({"csv": csv_of, "xlsx": xlsx_of}[suffix](HEADER, CELLS), suffix)
    assert json.loads(ImportedRow.objects.get().row) == ROW
    assert Import.objects.get().format == suffix
    report = bring(json.dumps(ROW).encode(), "jsonl")
    assert (report.unchanged, report.created) == (1, 0)


def test_what_spreadsheets_store_as_numbers_and_dates_is_what_they_show() -> None:
    rows = [
        [*SHORT, "dead", "sure", "gap"],
        ["acw", 1, "A raid", datetime(1963, 4, 30), 12.0, True, None],
        [None, None, None, None, None, None, None],
        ["acw", 2, "Another", 1863, 1.5],
    ]
    bring(xlsx_of(*rows), "xlsx")
    dates = dict(Event.objects.values_list("external_id", "date"))
    assert {key: date.text for key, date in dates.items()} == {"1": "1963-04-30", "2": "1863"}
    extras = dict(Event.objects.values_list("external_id", "extra"))
    assert extras == {"1": {"dead": "12", "sure": "true"}, "2": {"dead": "1.5"}}


def test_rows_beyond_what_a_sheet_says_of_its_size_are_read() -> None:
    whole = xlsx_of(SHORT, ["acw", "1", "A raid", "1863"], ["acw", "2", "Another", "1864"])
    lying = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(lying, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                assert b'<dimension ref="A1:D3"' in part
                part = part.replace(b'<dimension ref="A1:D3"', b'<dimension ref="A1:D2"')
            new.writestr(name, part)
    assert bring(lying.getvalue(), "xlsx").created == 2


def test_sheets_that_go_on_with_the_first_are_read_and_notes_are_not() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(SHORT)
    book.active.append(["acw", "1", "A raid", "1863"])
    for name, rows in {
        "Notes": [["What this is"], ["A list of raids"]],
        "More": [SHORT, ["acw", "2", "A siege", "1864"], ["acw", "1", "A raid again", "1863"]],
        "Empty": [],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    assert refused(file.getvalue(), file_format="xlsx") == [(5, "external_id", "repeated")]
    assert sorted(Event.objects.values_list("external_id", flat=True)) == ["1", "2"]


@pytest.mark.parametrize(
    ("separator", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-8"), ("|", "utf-8")]
)
def test_tables_as_spreadsheets_save_them_are_read(separator: str, encoding: str) -> None:
    rows = [SHORT, ["acw", "1", "Überfall, nachts", "1863"]]
    bring(csv_of(*rows, delimiter=separator).decode().encode(encoding))
    assert Event.objects.get().title == "Überfall, nachts"


def test_columns_go_by_plain_words_and_what_fits_nothing_is_kept() -> None:
    header = [
        "Dataset",
        "External ID",
        "Title",
        "Date",
        "Place",
        "Actors",
        "Role",
        "Source",
        "",
        "Dead",
    ]
    cells = ["acw", "1", "A raid", "in April 1863", "Cullman", "Abel; Bob", "victim"]
    cells += ["https://a.example/x;y; A book", "unnamed", "12"]
    bring(csv_of(header, cells))
    event = Event.objects.get()
    assert (event.date.text, event.date_text, event.place.name) == (
        "1863-04",
        "in April 1863",
        "Cullman",
    )
    took_part = Participation.objects.order_by("position").select_related("actor", "role")
    assert [(one.actor.name, one.role.code) for one in took_part] == [
        ("Abel", "victim"),
        ("Bob", "victim"),
    ]
    sources = sorted(citation.source.title for citation in event.citations.all())
    assert sources == ["A book", "https://a.example/x;y"]
    assert event.extra == {"column 9": "unnamed", "Dead": "12"}


def test_a_mapping_says_which_column_fills_what_and_what_is_always_so() -> None:
    header = ["No.", "Headline", "When", "Attackers", "Attacked", "title"]
    cells = ["7", "A raid", "1863", "Abel; Bob", "Cora", "Col."]
    mapping = {
        "dataset": {"literal": "acw"},
        "external_id": "No.",
        "title": "Headline",
        "date_text": "When",
        "actors.0.name": "Attackers",
        "actors.0.role": {"literal": "perpetrator"},
        "actors.1.name": "Attacked",
        "actors.1.role": {"literal": "victim"},
        "extra.number": "No.",
    }
    bring(csv_of(header, cells), mapping=mapping)
    row = json.loads(ImportedRow.objects.get().row)
    assert row == {
        "dataset": "acw",
        "external_id": "7",
        "title": "A raid",
        "date_text": "1863",
        "actors": [
            {"name": "Abel", "role": "perpetrator"},
            {"name": "Bob", "role": "perpetrator"},
            {"name": "Cora", "role": "victim"},
        ],
        # What another column fills is not lost.
        "extra": {"number": "7", "title": "Col."},
    }
    assert Import.objects.get().options["mapping"] == mapping


def test_a_column_may_be_mapped_to_the_member_that_it_is_named_like() -> None:
    mapping = {name: name for name in SHORT}
    bring(csv_of(SHORT, ["acw", "1", "A raid", "1863"]), mapping=mapping)
    assert Event.objects.get().date.text == "1863"


def test_a_mapping_may_have_the_columns_first() -> None:
    header = ["No.", "Headline", "When", "summary"]
    mapping: dict[str, Any] = {"No.": "external_id", "Headline": "Title", "When": "date"}
    mapping |= {"dataset": {"literal": "acw"}, "extra.note": {"column": "summary"}}
    bring(csv_of(header, ["7", "A raid", "1863", "A note"]), mapping=mapping)
    row = json.loads(ImportedRow.objects.get().row)
    assert row == {
        "dataset": "acw",
        "external_id": "7",
        "title": "A raid",
        "date_text": "1863",
        "extra": {"note": "A note"},
    }


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        pytest.param("title", "no JSON", id="no JSON"),
        pytest.param("[]", "is an object", id="a list"),
        pytest.param('{"title": "' + "x" * 5000 + '"}', "at most", id="too long"),
    ],
)
def test_a_mapping_that_is_none_is_refused(mapping: str, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        read_mapping(mapping)


@pytest.mark.parametrize(
    ("file", "mapping", "said"),
    [
        pytest.param(b"", None, "is empty", id="nothing"),
        pytest.param(b"title,external_id\n", None, "named “dataset”", id="a column is missing"),
        pytest.param(csv_of([*SHORT, "title"]), None, "Two columns", id="a column twice"),
        pytest.param(csv_of(SHORT), {"kind": "Kind"}, "“Kind” is no column", id="to no column"),
        pytest.param(csv_of(SHORT), {"date": "Day"}, "“Day” is no column", id="of no member"),
        pytest.param(csv_of(SHORT), {"Day": "date"}, "“Day” is no member", id="from nothing"),
        pytest.param(csv_of(SHORT), {"title": "date"}, "both members and", id="either way round"),
        pytest.param(csv_of(SHORT), {"title": 3}, "name of a column", id="to a number"),
        pytest.param(
            csv_of(SHORT), {"a": {"literal": "b"}}, "“a”: a member is", id="a literal of nothing"
        ),
        pytest.param(
            csv_of(SHORT), {"title": {"literal": 3}}, "literal", id="a number in every row"
        ),
        pytest.param(
            csv_of([*SHORT, "A", "B"]), {"A": "kind", "Kind": "B"}, "twice", id="a member twice"
        ),
        pytest.param(b"\xff\xfe", None, "not UTF-8", id="no UTF-8"),
        pytest.param(csv_of([*SHORT, "x" * 200]), None, "at most 100", id="a long name"),
        pytest.param(csv_of([f"c{n}" for n in range(501)]), None, "at most 500", id="many columns"),
    ],
)
def test_a_table_whose_columns_cannot_be_told_is_refused_whole(
    file: bytes, mapping: Any, said: str
) -> None:
    with pytest.raises(BadTable, match=said):
        bring(file, mapping=mapping, on_error="skip")
    assert not Import.objects.exists()


def test_bad_rows_are_told_by_line_and_the_others_come_in() -> None:
    file = b"\n".join(
        [
            b"dataset,external_id,title,edtf,lat,lon",
            b"acw,1,One,1863,,",
            b'acw,2,"Two\nlines",1863-13,,',
            b"acw,3,Three,1863,north,1",
            b"acw,4,Four",
            b"acw,5,Five,1863,,,,six",
            b"acw,6,S\xe9x,1863,,",
            b"acw,7,Seven\0,1863,,",
            b'acw,8,"Ei"ght,1863,,',
            b",,,,,",
            b"acw,1,One again,1863,,",
            b"acw,9,Nine,1863,,,,",
            b'acw,10,"Ten',
        ]
    )
    assert refused(file) == [
        (3, "edtf", "no-such-month"),
        (5, "place.lat", "not-a-number"),
        (6, "", "other-columns"),
        (7, "", "other-columns"),
        (8, "", "not-utf-8"),
        (9, "", "bad-character"),
        (10, "", "not-csv"),
        (12, "external_id", "repeated"),
        (14, "", "not-csv"),
    ]
    assert sorted(Event.objects.values_list("external_id", flat=True)) == ["1", "9"]


def test_a_dry_run_says_what_the_commit_does_and_a_second_time_changes_nothing() -> None:
    file = csv_of(HEADER, CELLS)
    dry = bring(file, dry_run=True)
    assert (dry.created, Event.objects.count()) == (1, 0)
    assert (bring(file).created, bring(file).unchanged) == (1, 1)
    changed = bring(csv_of(HEADER, [*CELLS[:2], "Another", *CELLS[3:]]))
    assert [row["changes"][0]["field"] for row in changed.rows()] == ["title"]


def test_words_that_are_no_date_are_kept_where_the_table_says_that_there_is_none() -> None:
    header = ["dataset", "external_id", "title", "edtf", "date_text"]
    bring(csv_of(header, ["acw", "1", "A raid", "", "on the day of the storm"]))
    event = Event.objects.get()
    assert (event.date, event.extra) == (None, {"date_text": "on the day of the storm"})


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_is_imported_where_its_events_are_not(suffix: FileFormat) -> None:
    other = ROW | {"external_id": "AL002", "title": "=1+1, -x", "summary": "'-5; +6", "extra": {}}
    rows = b"\n".join(json.dumps(row).encode() for row in (ROW, other))
    bring(rows, "jsonl", publish=True)
    before = _exported()
    file = b"".join(Api().get(f"events.{suffix}").streaming_content)
    undo_import(Import.objects.get(), by=the_command_line())
    assert not _exported()
    report = bring(file, suffix, publish=True)
    assert (report.created, [row for row in report.rows() if "warnings" in row]) == (2, [])
    assert _exported() == before


RICH = ROW | {
    "title": "=1+1, -x",
    "kind": "Raid by night",
    "actors": [
        {
            "name": "Abel Streight",
            "kind": "person",
            "role": "Commander in chief",
            "outcome": "fled",
        },
        {"name": "51st Indiana", "aliases": ["The 51st"], "note": "Infantry", "strength": 500},
    ],
    "sources": [
        {"title": "Letters", "publisher": "Archive", "published": "1863"},
        {"url": "https://archive.example/é b", "title": "Report"},
    ],
    "tags": ["Night Raid", "raid"],
    "extra": {"campaign": "1863", "dead": 12},
}
# Of what it does not say is nothing said by an export of it either.
SPARE = {"dataset": "acw", "external_id": "AL002", "title": "A skirmish", "date_text": "April 1863"}
UNDATED = SPARE | {
    "external_id": "AL003",
    "edtf": None,
    "date_text": "on the day of the storm",
    "summary": "",
    "place": {"region": "AL", "country": "United States"},
    "tags": [],
    "actors": None,
}


def export_of_what_came(suffix: str) -> bytes:
    rows = b"\n".join(json.dumps(row).encode() for row in (RICH, SPARE, UNDATED))
    assert bring(rows, "jsonl", publish=True).created == 3
    return b"".join(Api().get(f"events.{suffix}").streaming_content)


def edited(file: bytes, **cells: str) -> bytes:
    """An export with other cells in the row of :data:`RICH`."""
    rows = list(csv.DictReader(io.StringIO(file.decode())))
    [row] = [row for row in rows if row["external_id"] == RICH["external_id"]]
    row |= cells
    return csv_of([*row], *([*one.values()] for one in rows))


def differences(report: Report) -> dict[str, Any]:
    """What a report tells of the row of :data:`RICH` before and after; no other may change."""
    assert (report.updated, report.unchanged, report.created) == (1, 2, 0), [*report.rows()]
    [told] = [row["changes"] for row in report.rows() if "changes" in row]
    return {change["field"]: (change["before"], change["after"]) for change in told}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_changes_nothing_where_it_came_from(suffix: FileFormat) -> None:
    file = export_of_what_came(suffix)
    before = _exported(), Citation.objects.count(), Source.objects.count(), Actor.objects.count()
    report = bring(file, suffix, publish=True)
    assert (report.updated, report.unchanged) == (0, 3), list(report.rows())
    after = _exported(), Citation.objects.count(), Source.objects.count(), Actor.objects.count()
    assert after == before


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"title": "A raid"}, {"title": ("=1+1, -x", "A raid")}),
        ({"edtf": "1863-05"}, {"edtf": ("1863-04", "1863-05")}),
        ({"kind": ""}, {"kind": ("Raid by night", None)}),
        (
            dict.fromkeys(("place", "country", "latitude", "longitude"), ""),
            {"place": (RICH["place"], None)},
        ),
        ({"country": "CA"}, {"place": (RICH["place"], RICH["place"] | {"country": "CA"})}),
        ({"tags": "raid; new"}, {"tags": (RICH["tags"], ["raid", "new"])}),
        (
            {"participants": "51st Indiana (enemy); Somebody (court)"},
            {
                "actors": (
                    RICH["actors"],
                    [RICH["actors"][1] | {"role": "enemy"}, {"name": "Somebody", "role": "court"}],
                )
            },
        ),
        (
            {"sources": "https://archive.example/%C3%A9%20b; https://archive.example/new"},
            {
                "sources": (
                    RICH["sources"],
                    [RICH["sources"][1], {"url": "https://archive.example/new"}],
                )
            },
        ),
    ],
)
def test_what_is_changed_in_an_export_is_changed_and_nothing_else(
    cells: dict[str, str], expected: dict[str, Any]
) -> None:
    file = edited(export_of_what_came("csv"), **cells)
    assert differences(bring(file, dry_run=True)) == expected
    assert differences(bring(file)) == expected
    event = Event.objects.get(external_id=RICH["external_id"])
    assert event.extra == RICH["extra"]
    assert bring(file).unchanged == 3


def test_what_a_table_has_no_column_for_stays() -> None:
    bring(json.dumps(RICH).encode(), "jsonl")
    before = json.loads(ImportedRow.objects.get().row)
    header = ["dataset", "external_id", "title", "actors.0.name", "country", "extra.dead"]
    table = csv_of(header, ["acw", "AL001", "=1+1, -x", "51st Indiana; Abel Streight", "US", "12"])
    assert bring(table).unchanged == 1
    table = csv_of(header, ["acw", "AL001", "A raid", "Abel Streight", "CA", ""])
    report = bring(table)
    [row] = report.rows()
    assert {change["field"]: change["after"] for change in row["changes"]} == {
        "title": "A raid",
        "actors": before["actors"][:1],
        "place": before["place"] | {"country": "CA"},
        "extra": {"campaign": "1863"},
    }
    event = Event.objects.get()
    assert (event.title, event.place and event.place.latitude) == ("A raid", 34.2)
    assert [part.actor.name for part in event.participations.all()] == ["Abel Streight"]


def test_a_column_whose_name_begins_with_a_number_is_told_like_any_other() -> None:
    header = [*SHORT, "12.dead"]
    bring(csv_of(header, ["acw", "1", "A raid", "1863", "5"]))
    assert bring(csv_of(header, ["acw", "1", "A raid", "1863", "7"])).updated == 1
    assert Event.objects.get().extra == {"12.dead": "7"}


def test_whom_an_export_may_not_name_is_not_taken_away_by_it() -> None:
    export_of_what_came("csv")
    by = the_command_line()
    update_record(Actor.objects.get(name="51st Indiana"), values={"protected": True}, by=by)
    update_record(Actor.objects.get(name="Abel Streight"), values={"name": "A. D. S."}, by=by)
    take_step(Source.objects.get(title="Letters"), "withdraw", by=by, reason="A hoax")
    take_step(Place.objects.get(name="Cullman"), "withdraw", by=by, reason="Another town")
    file = b"".join(Api().get("events.csv").streaming_content)
    assert b"51st" not in file
    assert b"Cullman" not in file
    assert set(differences(bring(edited(file, title="A raid")))) == {"title", "actors"}
    event = Event.objects.get(external_id=RICH["external_id"])
    parts = sorted(part.actor.name for part in event.participations.all())
    assert parts == ["51st Indiana", "A. D. S."]
    assert event.citations.count() == 2
    assert event.place


def _exported() -> list[dict[str, str]]:
    answer = b"".join(Api().get("events.csv").streaming_content).decode()
    derived = {"id", "url", "published_at", "updated_at", "version"}
    rows = sorted(csv.DictReader(io.StringIO(answer)), key=lambda row: row["external_id"])
    return [{name: cell for name, cell in row.items() if name not in derived} for row in rows]


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(b"PK\x03\x04 and no more", id="cut off"),
        pytest.param(b"dataset,external_id,title\n", id="CSV"),
        pytest.param(xlsx_of(SHORT)[:-200], id="damaged"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), id="locked by a password"),
    ],
)
def test_what_is_no_workbook_is_refused(file: bytes) -> None:
    with pytest.raises(BadTable, match="no workbook"):
        bring(file, "xlsx")


def test_a_workbook_that_unpacks_to_more_than_anybody_means_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", bytes(MAX_UNPACKED + 1))
    assert len(file.getvalue()) < 1 << 20
    with pytest.raises(BadTable, match="takes more than"):
        bring(file.getvalue(), "xlsx")


def test_a_number_of_many_digits_does_not_make_many_actors() -> None:
    columns = Columns([*SHORT, "actors.999.name"])
    assert columns.record(["a", "1", "A raid", "", "Abel"])["actors"] == [{"name": "Abel"}]
    assert "actors.1000.name" in Columns([*SHORT, "actors.1000.name"]).parts("extra")


# --- From outside ---

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def api() -> Api:
    return api_of(Scope.PUBLISH)


def post(api: Api, file: bytes, media_type: str, **query: str) -> Any:
    return api.send("POST", "imports", file, headers={"Content-Type": media_type}, **query)


@pytest.mark.parametrize(
    ("file", "media_type"),
    [(csv_of(HEADER, CELLS), f"{CSV}; charset=utf-8"), (xlsx_of(HEADER, CELLS), XLSX)],
)
def test_the_type_of_the_body_says_what_it_is(api: Api, file: bytes, media_type: str) -> None:
    answer = post(api, file, media_type, publish="true")
    assert (answer.status_code, answer.json()["created"]) == (201, 1)
    told = api.get(f"imports/{answer.json()['id']}").json()
    assert told["format"] == ("xlsx" if media_type == XLSX else "csv")


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("events.csv", csv_of(HEADER, CELLS)),
        ("EVENTS.XLSX", xlsx_of(HEADER, CELLS)),
        ("events.jsonl", json.dumps(ROW).encode()),
    ],
)
def test_the_name_of_a_file_in_a_form_says_what_it_is(api: Api, name: str, file: bytes) -> None:
    body = b"--x\r\nContent-Disposition: form-data; name=file; filename=%b\r\n\r\n%b\r\n--x--\r\n"
    answer = post(
        api, body % (name.encode(), file), "multipart/form-data; boundary=x", dry_run="true"
    )
    assert (answer.status_code, answer.json()["created"]) == (200, 1)


@pytest.mark.parametrize("mapping", ["title", '{"title": "Headline"}', ""])
def test_a_mapping_that_does_not_fit_names_its_parameter(api: Api, mapping: str) -> None:
    answer = post(api, csv_of(SHORT), CSV, mapping=mapping)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "mapping"


def test_lines_of_json_have_no_columns(api: Api) -> None:
    answer = post(api, b"{}", "application/x-ndjson", mapping='{"title": "Headline"}')
    assert answer.json()["errors"][0]["parameter"] == "mapping"


def test_a_table_without_the_columns_says_which(api: Api) -> None:
    answer = post(api, csv_of(["dataset", "title"]), CSV)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "bad-mapping")
    assert "external_id" in answer.json()["errors"][0]["detail"]


def test_an_empty_body_is_an_empty_table(api: Api) -> None:
    assert post(api, b"", CSV).status_code == 400


def test_whoever_may_not_publish_reads_of_their_own_imports(api: Api) -> None:
    writer = api_of(Scope.WRITE)
    theirs = post(api, csv_of(HEADER, CELLS), CSV).json()["id"]
    own = post(writer, csv_of(SHORT, ["acw", "9", "A siege", "1863"]), CSV).json()["id"]
    assert [run["id"] for run in writer.get("imports").json()["results"]] == [own]
    assert writer.get(f"imports/{theirs}").status_code == 404
    assert {run["id"] for run in api.get("imports").json()["results"]} == {own, theirs}


def test_the_command_goes_by_the_name_of_the_file(tmp_path: Any) -> None:
    path = tmp_path / "events.CSV"
    path.write_bytes(csv_of(["Headline", "external_id"], ["A raid", "1"]))
    with pytest.raises(CommandError, match="dataset"):
        call_command("import_events", str(path))
    mapping = '{"title": "Headline", "dataset": {"literal": "acw"}}'
    call_command("import_events", str(path), mapping=mapping)
    assert Event.objects.get().title == "A raid"
    path.write_bytes(csv_of(["Headline", "external_id", "lat"], ["A raid", "1", "x"]))
    with pytest.raises(CommandError, match="1 of 1 rows"):
        call_command("import_events", str(path), mapping=mapping)
    assert issubclass(Rejected, Exception)
