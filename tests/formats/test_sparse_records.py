"""Records of which next to nothing is known, or which hold what no rule foresaw."""

import csv
import io

import pytest

from tests.formats.events import CONTEXT, SITE, event, identity, written
from timeline.formats import CSL_JSON, FORMATS, TABLES, Context, table_formats

BARE = {"id": identity("bare"), "title": "Bare"}


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_event_with_a_title_alone_can_be_written(suffix):
    nowhere = Context(title="", self_url="", site_url="")
    assert written(suffix, BARE)
    assert written(suffix, BARE, context=nowhere)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_date_that_is_no_edtf_is_still_said_in_words(suffix):
    assert written(suffix, {**BARE, "date": {"edtf": "whenever", "label": "whenever"}})


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ndjson"])
def test_a_record_with_an_id_alone_can_be_written(name, suffix):
    assert b"".join(table_formats(TABLES[name])[suffix].write([{"id": "1"}], CONTEXT))


def test_a_source_with_an_id_alone_can_be_cited():
    assert b"".join(CSL_JSON.write([{"id": "1"}], CONTEXT))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param(True, "true", id="truth"),
        pytest.param({"a": 1}, "{'a': 1}", id="object"),
        pytest.param(["a", 2], "a; 2", id="list"),
    ],
)
def test_whatever_stands_in_a_member_becomes_a_cell(value, cell):
    content = written("csv", event(dataset=value)).decode()
    (row,) = csv.DictReader(io.StringIO(content, newline=""))
    assert row["dataset"] == cell


def test_a_figure_that_is_not_finite_is_given_as_it_is():
    write = table_formats(TABLES["figures"])["csv"].write
    assert b"NaN" in b"".join(write([{"id": "1", "low": "NaN"}], CONTEXT))


def test_someone_who_may_not_be_named_took_part_all_the_same():
    hidden = [{"id": "1", "actor": None, "role": "informant", "note": "", "outcome": ""}]
    for suffix in ("csv", "ics", "atom", "geojson", "timelinejs.json"):
        assert b"someone not named (informant)" in written(
            suffix, event(participations=hidden, title=SITE)
        ).replace(b"\r\n ", b"")


def test_a_long_summary_is_cut_between_words_in_a_feed_and_whole_in_its_content():
    content = written("atom", event(summary="word " * 200 + "last")).decode()
    summary = content.partition("<summary>")[2].partition("</summary>")[0]
    assert summary.endswith("word …")
    assert "last" in content
