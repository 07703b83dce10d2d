import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.formats.events import CONTEXT, TEXTS, event, nasty, written
from tests.temporal.strategies import TEXTS as DATES
from timeline.formats import TABLES
from timeline.formats.text import legible
from timeline.formats.xlsx import LONGEST_CELL, xlsx_of


def read(content: bytes):
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in book}


def rows(*events):
    (sheet,) = read(written("xlsx", *events)).values()
    header, *body = sheet
    names = [cell.value for cell in header]
    return [dict(zip(names, row, strict=True)) for row in body]


def test_the_columns_are_those_of_the_csv():
    (sheet,) = read(written("xlsx")).values()
    assert [cell.value for cell in sheet[0]] == TABLES["events"].header
    assert len(sheet) == 1


def test_numbers_are_numbers_and_texts_are_texts():
    (row,) = rows(event("-0489", place={**event()["place"], "latitude": -34.3}))
    assert (row["latitude"].value, row["latitude"].data_type) == (-34.3, "n")
    assert (row["version"].value, row["version"].data_type) == (3, "n")
    assert (row["edtf"].value, row["edtf"].data_type) == ("-0489", "s")
    assert row["image"].value is None


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("=1+1", id="formula"),
        pytest.param('=HYPERLINK("http://x")', id="link"),
        pytest.param("+1", id="sign"),
        pytest.param("#N/A", id="error"),
        pytest.param("0123", id="digits"),
        pytest.param("2019-08-01", id="date"),
    ],
)
def test_a_text_is_never_anything_else(title):
    (row,) = rows(event(title=title))
    assert (row["title"].value, row["title"].data_type) == (title, "s")


@settings(max_examples=30)
@given(TEXTS, DATES | st.none())
def test_any_text_and_any_date_can_be_read_back(text, edtf):
    (row,) = rows(nasty(text, edtf))
    assert (row["title"].value or "") == legible(text)
    assert row["edtf"].value == edtf
    assert all(cell.data_type in "sn" for cell in row.values())


def test_a_cell_that_is_too_long_says_that_it_was_cut():
    (row,) = rows(event(summary="x" * 40_000))
    assert len(row["summary"].value) == LONGEST_CELL
    assert row["summary"].value.endswith("x […]")


def test_a_sheet_that_is_full_is_followed_by_another():
    write = xlsx_of(TABLES["events"], most_rows=3)
    events = (event(title=f"Event {number}") for number in range(5))
    sheets = read(b"".join(write(events, CONTEXT)))
    assert list(sheets) == ["events", "events 2", "events 3"]
    assert [[row[1].value for row in sheet] for sheet in sheets.values()] == [
        ["title", "Event 0", "Event 1"],
        ["title", "Event 2", "Event 3"],
        ["title", "Event 4"],
    ]


def test_an_export_that_breaks_off_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken():
        yield event()
        raise ConnectionError

    with pytest.raises(ConnectionError):
        list(xlsx_of(TABLES["events"])(broken(), CONTEXT))
    unread = xlsx_of(TABLES["events"])([event()], CONTEXT)
    next(unread)
    unread.close()
    assert [*Path(tmp_path).iterdir()] == []
