import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.events import (
    CONTEXT,
    TEXTS,
    citation,
    date,
    event,
    nasty,
    participation,
    source,
    written,
)
from tests.temporal.strategies import TEXTS as DATES
from timeline.formats import FORMATS, TABLES, table_formats

SCHEMAS = json.loads(Path("openapi/openapi.json").read_text())["components"]["schemas"]


def test_every_promised_format_is_there():
    assert {*FORMATS} == {
        *("csv", "ndjson", "geojson", "ics", "atom", "jsonld", "timelinejs.json", "xlsx")
    }


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_format_says_what_it_is(suffix):
    chosen = FORMATS[suffix]
    assert chosen.suffix == suffix
    assert chosen.filename_suffix == f".{suffix}"
    assert "/" in chosen.media_type
    assert chosen.description.endswith(".")


def only(paths, record):
    """The record with these of its members, such as ``place.name``."""
    kept = {}
    for path in paths:
        name, _, inner = path.partition(".")
        kept.setdefault(name, []).extend([inner] if inner else [])
    return {name: _within(kept[name], value) for name, value in record.items() if name in kept}


def _within(paths, value):
    if isinstance(value, list):
        return [_within(paths, one) for one in value]
    return only(paths, value) if paths and isinstance(value, dict) else value


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != "xlsx"])
@given(text=TEXTS, edtf=st.none() | DATES, count=st.integers(0, 9))
def test_a_format_reads_no_members_but_those_that_it_names(suffix, text, edtf, count):
    reads = FORMATS[suffix].reads
    events = [
        nasty(text, edtf),
        nasty(text, edtf) | {"image": None, "extra": {}, "kind": None, "status": "planned"},
        event(edtf, sequence=count, version=count, dataset=text, external_id=text),
        event(edtf, place=None, assessment="alleged", participations=[{"actor": None}]),
        event(edtf, citations=[citation(source=source(url=None)), citation(source=None)]),
        event(edtf, summary=text, date=None),
    ]
    told = [only(reads, one) for one in events] if reads else events
    assert written(suffix, *told) == written(suffix, *events)
    assert bool(reads) is not FORMATS[suffix].is_json


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_export_of_nothing_is_still_a_file(suffix):
    chunks = list(FORMATS[suffix].write([], CONTEXT))
    assert all(isinstance(chunk, bytes) and chunk for chunk in chunks)
    assert b"".join(chunks) or suffix == "ndjson"


@pytest.mark.parametrize(
    ("component", "shape"),
    [
        pytest.param("Event", event(), id="event"),
        pytest.param("Date", date("2019-08"), id="date"),
        pytest.param("PlaceSummary", event()["place"], id="place"),
        pytest.param("Participation", participation(), id="participation"),
        pytest.param("ActorSummary", participation()["actor"], id="actor"),
        pytest.param("EventCitation", citation(), id="citation"),
        pytest.param("SourceSummary", citation()["source"], id="source"),
    ],
)
def test_these_tests_use_the_shape_of_the_published_api(component, shape):
    assert shape.keys() <= SCHEMAS[component]["properties"].keys()
    # "highlights" are of a search, and not of the record.
    assert shape.keys() >= {*SCHEMAS[component].get("required", ())} - {"highlights"}


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("events", "Event"),
        ("sources", "Source"),
        ("actors", "Actor"),
        ("places", "Place"),
        ("claims", "Claim"),
        ("figures", "Figure"),
        ("affiliations", "Affiliation"),
        ("relations", "Relation"),
        ("citations", "Citation"),
    ],
)
def test_every_member_of_a_record_has_a_column_or_a_reason_for_none(name, component):
    # Held elsewhere, of the search and not of the record, not for the public, lists of whole
    # records, or too long for a cell.
    left_out = {
        *("created_at", "created_by", "publication", "claims", "relations", "extra", "sequence"),
        *("citations", "links", "linked_by", "text_is_public", "protected", "highlights"),
    }
    left_out |= {"text"} if name == "sources" else set()
    spelled = {"participations": "participants", "date": "date", "source": "source"}
    columns = TABLES[name].columns
    for member in SCHEMAS[component]["properties"].keys() - left_out:
        column = spelled.get(member, member)
        assert column in columns or f"{column}_id" in columns or f"{column}_edtf" in columns, member


@pytest.mark.parametrize("name", TABLES)
def test_every_kind_of_record_can_be_had_as_rows(name):
    assert {*table_formats(TABLES[name])} == {"csv", "ndjson", "xlsx"}
