import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.events import (
    CONTEXT,
    SITE,
    TEXTS,
    actor,
    date,
    event,
    identity,
    nasty,
    source,
    written,
)
from tests.temporal.strategies import TEXTS as DATES
from timeline.formats import TABLES, table_formats
from timeline.formats.formula import released
from timeline.formats.text import legible


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


def only_row(**changes) -> dict[str, str]:
    (row,) = rows(written("csv", event(**changes)))
    return row


def test_the_header_is_there_without_any_rows():
    header = written("csv").decode()
    assert header.startswith("id,title,summary,kind,edtf,date,")
    assert header.endswith("\r\n")
    assert rows(written("csv")) == []


def test_an_event_is_one_row():
    row = only_row()
    assert row["id"] == identity("accusation")
    assert row["title"] == "Accusation"
    assert row["summary"] == "He **accused** him."
    assert (row["edtf"], row["date"], row["basis"]) == ("2019-08", "August 2019", "stated")
    assert row["start_earliest"] == row["end_earliest"] == "2019-08-01T00:00:00Z"
    assert row["start_latest"] == row["end_latest"] == "2019-08-31T23:59:59Z"
    assert (row["place"], row["country"]) == ("Washington", "US")
    assert (row["latitude"], row["longitude"]) == ("38.9", "-77.0")
    assert row["participants"] == "Donald Trump (accuser); Xi Jinping (accused)"
    assert row["tags"] == "fentanyl; trade"
    assert row["sources"] == "https://news.example/nine"
    assert row["url"] == f"{SITE}/events/{identity('accusation')}"
    assert row["updated_at"] == "2019-11-09T09:30:15.654321Z"


def test_what_is_not_known_is_an_empty_cell():
    row = only_row(edtf=None, place=None, kind=None, participations=[], citations=[])
    unknown = ("edtf", "date", "start_earliest", "place", "latitude", "kind", "participants")
    assert {row[name] for name in (*unknown, "sources")} == {""}


@pytest.mark.parametrize(
    ("column", "changes", "cell"),
    [
        pytest.param("latitude", {"place": {"latitude": -34.3}}, "-34.3", id="southern latitude"),
        pytest.param("edtf", {"edtf": "-0489"}, "-0489", id="year before the common era"),
        pytest.param("edtf", {"edtf": "[-0489,-0480]"}, "[-0489,-0480]", id="set of such years"),
        pytest.param(
            "start_earliest", {"edtf": "-0489"}, "-0489-01-01T00:00:00Z", id="and its bounds"
        ),
    ],
)
def test_negative_numbers_and_years_come_through_unharmed(column, changes, cell):
    assert only_row(**changes)[column] == cell


@pytest.mark.parametrize(
    ("column", "changes", "cell"),
    [
        pytest.param("title", {"title": "=1+1"}, "'=1+1", id="title"),
        pytest.param("summary", {"summary": "a\n@SUM(A1)"}, "a\n'@SUM(A1)", id="line of a summary"),
        pytest.param("tags", {"tags": ["a", "=1"]}, "a;' =1", id="item of a list"),
        pytest.param("dataset", {"dataset": "-x"}, "'-x", id="data set"),
    ],
)
def test_a_formula_is_made_harmless_in_any_column(column, changes, cell):
    assert only_row(**changes)[column] == cell


@given(TEXTS, DATES | st.none())
def test_any_text_and_any_date_can_be_read_back(text, edtf):
    (row,) = rows(written("csv", nasty(text, edtf)))
    assert released(row["title"]) == legible(text)
    assert row["edtf"] == (edtf or "")


def test_a_source_that_is_not_on_the_web_is_given_by_its_page():
    row = only_row(citations=[{"source": source(url=None)}])
    assert row["sources"] == f"{SITE}/sources/{identity('report')}"


def table_row(name: str, record: dict) -> dict[str, str]:
    (row,) = rows(b"".join(table_formats(TABLES[name])["csv"].write([record], CONTEXT)))
    return row


def test_a_source_is_a_row():
    record = {**source(), "authors": ["Huizhong Wu", "=cmd"], "derived_from": source(title="Wire")}
    row = table_row("sources", record)
    assert row["authors"] == "Huizhong Wu;' =cmd"
    assert (row["published"], row["published_label"]) == ("2019-11-07", "7 November 2019")
    assert row["derived_from"] == "Wire"
    assert row["url"] == "https://news.example/nine"
    assert row["page"] == f"{SITE}/sources/{identity('report')}"


def test_an_actor_is_a_row():
    names = [{"text": "习近平", "kind": "legal"}, {"text": "Si Chin-p'ing"}]
    row = table_row("actors", {**actor(), "names": names, "identifiers": {"wikidata": "Q15031"}})
    assert row["names"] == "习近平; Si Chin-p'ing"
    assert row["identifiers"] == "wikidata:Q15031"


def test_a_claim_is_a_row():
    record = {
        "id": identity("claim"),
        "speaker": actor(),
        "text": "-no",
        "said_on": date("2019-08"),
        "about": event(),
    }
    row = table_row("claims", record)
    assert (row["speaker"], row["text"], row["said_on"]) == ("Xi Jinping", "'-no", "2019-08")
    assert (row["about"], row["about_id"]) == ("Accusation", identity("accusation"))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param("28000.000000", "28000", id="whole number"),
        pytest.param("-0.250000", "-0.25", id="negative fraction"),
        pytest.param("9007199254740993.000001", "9007199254740993.000001", id="beyond a float"),
        pytest.param(None, "", id="not known"),
    ],
)
def test_a_figure_keeps_its_exact_number(value, cell):
    assert table_row("figures", {"id": "1", "low": value, "period": date("2017")})["low"] == cell


def test_an_unknown_place_is_a_row_of_its_name():
    row = table_row("places", {"id": "1", "name": "Xingtai", "parent": None, "latitude": None})
    assert (row["name"], row["parent"], row["latitude"]) == ("Xingtai", "", "")
