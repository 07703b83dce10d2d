import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from tests.formats.events import (
    SITE,
    TEXTS,
    citation,
    date,
    event,
    identity,
    nasty,
    participation,
    source,
    written,
)
from tests.temporal.strategies import TEXTS as DATES

SCHEMA = "http://schema.org/"
LPO = "https://github.com/LinkedPasts/linked-pasts-ontology/blob/main/lpo_latest.ttl#"


def no_network(url, options):
    raise AssertionError(f"the reader asked for {url}")


def expanded(*events):
    document = json.loads(written("jsonld", *events))
    return jsonld.expand(document, {"documentLoader": no_network})


def only(*events):
    (node,) = expanded(*events)
    return node


def values(node, name):
    return [item.get("@value", item.get("@id")) for item in node.get(SCHEMA + name, [])]


def test_an_event_is_a_node_of_schema_org():
    node = only(event())
    assert node["@id"] == f"urn:uuid:{identity('accusation')}"
    assert node["@type"] == [f"{SCHEMA}Event"]
    assert values(node, "name") == ["Accusation"]
    assert values(node, "description") == ["He accused him."]
    assert values(node, "url") == [f"{SITE}/events/{identity('accusation')}"]
    assert values(node, "keywords") == ["fentanyl", "trade"]


@pytest.mark.parametrize(
    ("edtf", "start", "end"),
    [
        pytest.param("2019-11-07", ["2019-11-07"], [], id="day"),
        pytest.param("2019-08", ["2019-08"], [], id="month"),
        pytest.param("2017", ["2017"], [], id="year"),
        pytest.param("2017/2019-11", ["2017"], ["2019-11"], id="interval"),
        pytest.param("2019-11-07T14:00:00+08:00", ["2019-11-07T06:00:00Z"], [], id="second"),
        pytest.param(
            "2019-11-07T14:00:00Z/2019-11-07T15:30:00Z",
            ["2019-11-07T14:00:00Z"],
            ["2019-11-07T15:30:00Z"],
            id="hearing",
        ),
        pytest.param("1912~", [], [], id="approximate"),
        pytest.param("2019-11-07?", [], [], id="doubtful"),
        pytest.param("201X", [], [], id="decade"),
        pytest.param("2017/..", [], [], id="still going on"),
        pytest.param("[2019-11-07,2019-11-09]", [], [], id="one of two days"),
        pytest.param("-0489", [], [], id="before the common era"),
    ],
)
def test_there_is_a_start_date_only_where_it_is_the_whole_truth(edtf, start, end):
    node = only(event(edtf))
    assert values(node, "startDate") == start
    assert values(node, "endDate") == end
    assert node[f"{LPO}when"]


def test_when_is_of_the_linked_pasts_ontology():
    (when,) = only(event("-0489~"))[f"{LPO}when"]
    (span,) = when[f"{LPO}timespan"]
    (start,) = span[f"{LPO}has_start"]
    assert start[f"{LPO}earliest"] == [{"@value": "-0490-01-01"}]
    assert start[f"{LPO}latest"] == [{"@value": "-0488-12-31"}]
    assert when["http://www.w3.org/2000/01/rdf-schema#label"] == [{"@value": "about 490 BCE"}]
    assert when[f"{LPO}has_certainty"] == [{"@value": "less-certain"}]


def test_an_undated_event_has_no_date_at_all():
    node = only(event(None))
    assert f"{LPO}when" not in node
    assert f"{SCHEMA}startDate" not in node


def test_who_took_part_stands_behind_a_role():
    court = participation("A court", "court", kind="organisation", outcome="nine sentences")
    (role,) = only(event(participations=[court]))[f"{SCHEMA}actor"]
    assert role["@type"] == [f"{SCHEMA}Role"]
    assert values(role, "roleName") == ["Court"]
    assert values(role, "description") == ["nine sentences"]
    (actor,) = role[f"{SCHEMA}actor"]
    assert actor["@type"] == [f"{SCHEMA}Organization"]
    assert values(actor, "url") == [f"{SITE}/actors/{identity('A court')}"]


def test_the_place_has_its_point():
    (place,) = only(event())[f"{SCHEMA}location"]
    (point,) = place[f"{SCHEMA}geo"]
    assert point["@type"] == [f"{SCHEMA}GeoCoordinates"]
    assert values(point, "latitude") == [38.9]


def test_a_source_is_cited_once_with_its_passages_and_what_they_do():
    cited = [citation(), citation(id=identity("second"), bearing="disputes", quote="did not")]
    (work,) = only(event(citations=cited))[f"{SCHEMA}subjectOf"]
    assert work["@type"] == [f"{SCHEMA}NewsArticle"]
    assert values(work, "datePublished") == ["2019-11-07"]
    first, second = work[f"{SCHEMA}hasPart"]
    assert values(first, "text") == ["accused Xi"]
    event_id = [{"@id": f"urn:uuid:{identity('accusation')}"}]
    assert first["http://purl.org/spar/cito/supports"] == event_id
    assert second["http://purl.org/spar/cito/disputes"] == event_id


def test_a_source_of_a_day_not_quite_known_has_no_date_of_publication():
    cited = [citation(source=source(published=date("2019-11~")))]
    (work,) = only(event(citations=cited))[f"{SCHEMA}subjectOf"]
    assert f"{SCHEMA}datePublished" not in work


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        pytest.param("occurred", [], id="occurred"),
        pytest.param("planned", [f"{SCHEMA}EventScheduled"], id="planned"),
        pytest.param("postponed", [f"{SCHEMA}EventPostponed"], id="postponed"),
        pytest.param("cancelled", [f"{SCHEMA}EventCancelled"], id="cancelled"),
    ],
)
def test_the_status_is_said_in_the_words_of_schema_org(status, shown):
    assert values(only(event(status=status)), "eventStatus") == shown


def test_what_schema_org_has_no_word_for_is_there_by_name():
    properties = only(event(assessment="alleged"))[f"{SCHEMA}additionalProperty"]
    said = {values(p, "propertyID")[0]: values(p, "value")[0] for p in properties}
    assert said == {
        "status": "occurred",
        "assessment": "alleged",
        "edtf": "2019-08",
        "date basis": "stated",
    }


@settings(max_examples=50)
@given(TEXTS, DATES | st.none())
def test_another_reader_takes_any_text_and_any_date_without_a_network(text, edtf):
    nodes = expanded(nasty(text, edtf), event(edtf))
    assert len(nodes) == 2
    assert nodes[1][f"{SCHEMA}name"] == [{"@value": "Accusation"}]
