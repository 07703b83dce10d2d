"""A round trip through the service with the Python client of openapi-generator."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import openapi_client as timeline
import pytest
from openapi_client.exceptions import ApiException

URL, TOKEN = os.environ["URL"], os.environ["TOKEN"]
client = timeline.ApiClient(timeline.Configuration(host=URL, access_token=TOKEN))
stranger = timeline.ApiClient(timeline.Configuration(host=URL))
events = timeline.EventsApi(client)


def refused(call: Callable[[], object], status: int) -> timeline.Problem:
    """The problem that comes back instead, as the client has it."""
    with pytest.raises(ApiException) as refusal:
        call()
    assert refusal.value.status == status
    problem = timeline.Problem.from_json(refusal.value.body or "")
    assert problem is not None
    assert problem.status == status
    return problem


def look_around() -> None:
    assert timeline.ServiceApi(client).index().events.endswith("/events")
    assert timeline.MeApi(client).me_retrieve().scope is timeline.ScopeEnum.PUBLISH
    lists: list[Callable[[], Any]] = [
        lambda: timeline.ActorsApi(client).actors_list(kind=[timeline.ActorKindEnum.PERSON]),
        lambda: timeline.AffiliationsApi(client).affiliations_list(),
        lambda: timeline.PlacesApi(client).places_list(country=["CN"]),
        lambda: timeline.SourcesApi(client).sources_list(publisher=["Reuters"]),
        lambda: timeline.CitationsApi(client).citations_list(),
        lambda: timeline.ClaimsApi(client).claims_list(stance=[timeline.StanceEnum.DENIES]),
        lambda: timeline.FiguresApi(client).figures_list(),
        lambda: timeline.RelationsApi(client).relations_list(),
        lambda: timeline.TimelinesApi(client).timelines_list(),
        lambda: timeline.TimelinesApi(client).timelines_events_list("fentanyl-2019"),
        lambda: timeline.TagsApi(client).tags_list(),
        lambda: timeline.VocabulariesApi(client).vocabularies_terms_list("roles"),
        lambda: timeline.SearchApi(client).search_list(q="fentanyl"),
        lambda: timeline.ChangesApi(client).changes_feed(),
    ]
    for each in lists:
        page = each()
        assert page.results, page
    assert timeline.CorrectionsApi(client).corrections_list().results == []
    assert timeline.VocabulariesApi(client).vocabularies_list()


def filter_and_walk() -> None:
    everything = events.events_list(page_size=200).results
    part = next(event for event in everything if event.participations).participations[0]
    some = [
        events.events_list(overlapping="2019-08", match="possible"),
        events.events_list(actor=[part.actor.id], role=[part.role]),
        events.events_list(tag=["fentanyl", "trade"], has_citation=True),
        events.events_list(not_status=[timeline.EventStatusEnum.PLANNED]),
        events.events_list(q="court", highlight=True, ordering="relevance"),
        events.events_list(expand=["citations.source", "participations.actor"]),
        events.events_list(updated_since=everything[0].updated_at, ordering="-date"),
    ]
    assert [page for page in some if not page.results] == []
    assert events.events_list(id=[uuid4()]).results == []

    page = events.events_list(page_size=3, count=True)
    seen = [event.id for event in page.results]
    while page.next:
        [cursor] = parse_qs(urlsplit(page.next).query)["cursor"]
        page = events.events_list(page_size=3, count=True, cursor=cursor)
        seen += [event.id for event in page.results]
    assert len(seen) == len(set(seen)) == page.count == len(everything)


def write_one() -> None:
    key = str(uuid4())
    body = timeline.EventRequest(
        title="A generated client writes",
        date=timeline.DateRequest(text="late 2019"),
        dataset="openapi-generator",
        external_id=key,
    )
    made = events.events_create_with_http_info(body, idempotency_key=key)
    event = made.data
    assert made.status_code == 201
    assert events.events_create(body, idempotency_key=key).id == event.id
    assert event.var_date is not None
    assert event.var_date.edtf == "2019-39"
    assert event.created_at is not None

    person = timeline.ActorsApi(client).actors_create(timeline.ActorRequest(name="Somebody"))
    patch = timeline.PatchedEventRequest(
        summary="Patched.",
        kind=None,
        add_participations=[timeline.ParticipationRequest(actor=person.id, role="witness")],
    )
    tag = (made.headers or {})["ETag"]
    changed = events.events_update(event.id, if_match=tag, patched_event_request=patch)
    assert changed.participations[0].actor.name == "Somebody"
    assert changed.dataset == "openapi-generator"
    stale = refused(
        lambda: events.events_update(event.id, if_match=tag, patched_event_request=patch), 412
    )
    assert stale.type == "/problems/stale-version"

    why = timeline.ReasonRequest(reason="Checked.")
    uncited = refused(lambda: events.events_publish(event.id, reason_request=why), 409)
    assert uncited.type == "/problems/uncited"
    source = timeline.SourcesApi(client).sources_create(timeline.SourceRequest(title="A report"))
    timeline.CitationsApi(client).citations_create(
        timeline.CitationRequest(source=source.id, event=event.id, locator="page 1")
    )
    timeline.ActorsApi(client).actors_publish(person.id)
    published = events.events_publish(event.id, reason_request=why)
    assert published.published_at is not None
    assert timeline.EventsApi(stranger).events_retrieve(event.id).created_at is None
    assert events.events_history(event.id).results[0].version == published.version
    events.events_history_revert(event.id, n=1)
    withdrawn = events.events_withdraw(event.id)
    assert withdrawn.publication is timeline.PublicationEnum.WITHDRAWN
    refused(lambda: timeline.EventsApi(stranger).events_retrieve(event.id), 404)


def write_many() -> None:
    one = timeline.OperationRequest(
        op=timeline.OperationEnum.CREATE, data=timeline.PatchedEventRequest(title="One of several")
    )
    done = events.events_batch(timeline.BatchRequest(operations=[one, one])).results
    bad = timeline.OperationRequest(op=timeline.OperationEnum.DELETE, id=uuid4())
    none = refused(lambda: events.events_batch(timeline.BatchRequest(operations=[one, bad])), 404)
    assert none.errors[0].pointer == "/operations/1"
    for row in done:
        assert events.events_delete_with_http_info(row.id).status_code == 204


def import_some() -> None:
    row = {"dataset": "generated", "external_id": "1", "title": "Imported", "edtf": "1863-04"}
    file = ("rows.jsonl", json.dumps(row).encode())
    report = timeline.ImportsApi(client).imports_create(file, dry_run=True)
    assert (report.created, report.dry_run, report.id) == (1, True, None)
    assert report.rows[0].outcome is timeline.ImportOutcomeEnum.CREATED


def take_it_away() -> None:
    assert events.events_csv_export(tag=["fentanyl"]).startswith("id,title")
    assert b"<feed" in events.events_atom_export()
    assert "BEGIN:VCALENDAR" in events.events_ics_export()
    assert json.loads(events.events_ndjson_export().splitlines()[0])["title"]
    assert events.events_geojson_export()["type"] == "FeatureCollection"
    assert events.events_xlsx_export().startswith(b"PK")


def count_and_explain() -> None:
    histogram = events.events_histogram(interval="year")
    assert sum(bucket.expected for bucket in histogram.buckets) > 1
    facets = events.events_facets(by=["kind", "tag"])
    assert facets.tag is not None
    assert facets.tag[0].count >= 1
    one = events.events_list(page_size=1).results[0]
    assert events.events_explain(one.id, before="2019").reasons[0].parameter == "before"


def be_refused() -> None:
    mistake = refused(lambda: events.events_list(before="in August"), 400)
    assert mistake.errors[0].parameter == "before"
    missing = refused(lambda: events.events_retrieve(UUID(int=0)), 404)
    assert missing.type == "/problems/not-found"
    body = timeline.EventRequest(title="By a stranger")
    refused(lambda: timeline.EventsApi(stranger).events_create(body), 401)


if __name__ == "__main__":
    look_around()
    filter_and_walk()
    write_one()
    write_many()
    import_some()
    take_it_away()
    count_and_explain()
    be_refused()
