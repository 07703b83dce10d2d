import json

import pytest
from geojson_pydantic import FeatureCollection
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.events import CONTEXT, SITE, TEXTS, event, identity, nasty, written
from tests.temporal.strategies import TEXTS as DATES
from timeline.formats.linked_places import when_member
from timeline.formats.when import read_when


def read(*events):
    content = written("geojson", *events)
    return FeatureCollection.model_validate_json(content), json.loads(content)


def test_an_event_is_a_feature_at_its_place():
    collection, raw = read(event())
    (feature,) = collection.features
    assert feature.id == identity("accusation")
    assert feature.geometry.type == "Point"
    assert tuple(feature.geometry.coordinates) == (-77.0, 38.9)
    assert feature.properties["title"] == "Accusation"
    assert feature.properties["date"] == "August 2019"
    assert feature.properties["url"] == f"{SITE}/events/{identity('accusation')}"
    assert feature.properties["participants"] == ["Donald Trump (accuser)", "Xi Jinping (accused)"]
    assert raw["title"] == CONTEXT.title


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(None, id="no place"),
        pytest.param({"name": "Somewhere", "latitude": None, "longitude": None}, id="no point"),
        pytest.param({"name": "Nowhere", "latitude": float("nan"), "longitude": 1}, id="no number"),
    ],
)
def test_an_event_that_cannot_be_mapped_has_no_geometry(place):
    collection, raw = read(event(place=place))
    assert collection.features[0].geometry is None
    assert raw["features"][0]["geometry"] is None


def test_an_undated_event_has_no_when():
    _, raw = read(event(None))
    assert "when" not in raw["features"][0]
    assert raw["features"][0]["properties"]["edtf"] is None


def when_of(edtf: str):
    return when_member(read_when(event(edtf)["date"]))


@pytest.mark.parametrize(
    ("edtf", "span"),
    [
        pytest.param(
            "2019-08",
            {
                "start": {"earliest": "2019-08-01", "latest": "2019-08-31"},
                "end": {"earliest": "2019-08-01", "latest": "2019-08-31"},
            },
            id="month",
        ),
        pytest.param(
            "-0489",
            {
                "start": {"earliest": "-0489-01-01", "latest": "-0489-12-31"},
                "end": {"earliest": "-0489-01-01", "latest": "-0489-12-31"},
            },
            id="490 BCE",
        ),
        pytest.param(
            "2017/..",
            {"start": {"earliest": "2017-01-01", "latest": "2017-12-31"}},
            id="still going on",
        ),
        pytest.param(
            "[..2019-07]",
            {"start": {"latest": "2019-07-31"}, "end": {"latest": "2019-07-31"}},
            id="before or in a month",
        ),
        pytest.param(
            "2019-11-07T13:29:21Z",
            {
                side: dict.fromkeys(("earliest", "latest"), "2019-11-07T13:29:21Z")
                for side in ("start", "end")
            },
            id="second",
        ),
    ],
)
def test_when_has_what_bounds_the_date_and_no_more(edtf, span):
    assert when_of(edtf)["timespans"] == [span]


def test_a_date_without_any_bound_has_its_words_alone():
    assert when_of("/..") == {"timespans": [], "label": "ongoing, start unknown"}


@pytest.mark.parametrize(
    ("edtf", "certainty"),
    [
        pytest.param("1912", None, id="plain"),
        pytest.param("1912~", "less-certain", id="approximate"),
        pytest.param("1912?", "uncertain", id="uncertain"),
        pytest.param("1912%", "uncertain", id="both"),
    ],
)
def test_when_says_how_certain_it_is(edtf, certainty):
    assert when_of(edtf).get("certainty") == certainty


@given(TEXTS, DATES | st.none())
def test_another_reader_takes_any_text_and_any_date(text, edtf):
    collection, _ = read(nasty(text, edtf), event(edtf))
    assert [feature.properties["title"] for feature in collection.features] == [text, "Accusation"]
