"""A round trip through the service with the client that openapi-python-client generates.

Run by test_python.py against a live service; type-checked with the generated client, strictly.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
from timeline_client import AuthenticatedClient
from timeline_client.api.actors import actors_create, actors_list, actors_publish
from timeline_client.api.citations import citations_create
from timeline_client.api.claims import claims_list
from timeline_client.api.corrections import corrections_list
from timeline_client.api.events import (
    events_atom_export,
    events_batch,
    events_create,
    events_csv_export,
    events_delete,
    events_explain,
    events_facets,
    events_geojson_export,
    events_histogram,
    events_history,
    events_history_revert,
    events_list,
    events_ndjson_export,
    events_publish,
    events_retrieve,
    events_submit,
    events_update,
    events_withdraw,
    events_xlsx_export,
)
from timeline_client.api.imports import imports_create, imports_list
from timeline_client.api.me import me_retrieve
from timeline_client.api.places import places_list
from timeline_client.api.search import search_list
from timeline_client.api.service import index
from timeline_client.api.sources import sources_create, sources_csl_json_export, sources_list
from timeline_client.api.tags import tags_list
from timeline_client.api.timelines import timelines_events_list, timelines_list
from timeline_client.api.vocabularies import vocabularies_list, vocabularies_terms_list
from timeline_client.models import (
    ActorRequest,
    ActorsListOrdering,
    BatchDone,
    BatchRequest,
    CitationRequest,
    DateRequest,
    Event,
    EventRequest,
    EventsFacetsByItem,
    EventsHistogramInterval,
    EventsListClock,
    EventsListExpandItem,
    EventsListMatch,
    EventsListOrdering,
    EventStatusEnum,
    ImportReport,
    ImportsCreateBody,
    OperationEnum,
    OperationRequest,
    PaginatedEventList,
    ParticipationRequest,
    PatchedEventRequest,
    Problem,
    PublicationEnum,
    ReasonRequest,
    Resources,
    ScopeEnum,
    SourceRequest,
    StanceEnum,
    VocabulariesTermsListVocabulary,
)
from timeline_client.types import File, Response, Unset

T = TypeVar("T")
calls: list[str] = []


def counted(request: httpx.Request) -> None:
    calls.append(f"{request.method} {request.url.path}")


HOOKS: dict[str, Any] = {"event_hooks": {"request": [counted]}}
client = AuthenticatedClient(os.environ["URL"], os.environ["TOKEN"], httpx_args=HOOKS)
# The generator asks for a token everywhere; without a word before it, this is none.
stranger = AuthenticatedClient(os.environ["URL"], "", prefix="", httpx_args=HOOKS)


def told(answer: object, kind: type[T]) -> T:
    """The answer, which is of this kind."""
    assert isinstance(answer, kind), repr(answer)[:500]
    return answer


def tag_of(answer: Response[Any]) -> str:
    return str(answer.headers["etag"])


def ask(**filters: Any) -> list[Event]:
    return told(events_list.sync(client=client, **filters), PaginatedEventList).results


def read_every_kind_of_filter() -> None:
    everything = ask()
    assert len(everything) > 8
    dated = next(event for event in everything if event.date)
    placed = next(event for event in everything if event.place)
    joined = next(event for event in everything if event.participations)
    actor = joined.participations[0]
    assert dated.date is not None
    assert placed.place is not None
    some: dict[str, list[Event]] = {
        "a window": ask(overlapping="2019-08", match=EventsListMatch.POSSIBLE),
        "certainty": ask(before="2020", match=EventsListMatch.CERTAIN, trust_uncertain=True),
        "a clock": ask(within="2019", clock=EventsListClock.REPORTED),
        "an id": ask(id=[dated.id, placed.id]),
        "an actor in a role": ask(actor=[actor.actor.id], role=[actor.role]),
        "a kind of actor": ask(actor_kind=[actor.actor.kind]),
        "a place": ask(place=[placed.place.id]),
        "a box": ask(bbox="-180,-90,180,90"),
        "a point": ask(near="37.07,114.5,20000"),
        "tags": ask(tag=["fentanyl", "trade"]),
        "a status": ask(status=[EventStatusEnum.OCCURRED, EventStatusEnum.ONGOING]),
        "without": ask(not_status=[EventStatusEnum.PLANNED]),
        "words": ask(q="court", highlight=True, ordering=EventsListOrdering.RELEVANCE),
        "a flag": ask(has_citation=True, undated=False),
        "an instant": ask(updated_since=datetime(2019, 1, 1, tzinfo=UTC)),
        "a state": ask(publication=[PublicationEnum.PUBLISHED]),
        "in full": ask(expand=[EventsListExpandItem.CITATIONS_SOURCE]),
    }
    assert [name for name, events in some.items() if not events] == []
    assert ask(id=[uuid4()]) == []
    assert some["words"][0].highlights


def walk_to_the_end_and_back() -> None:
    page = told(events_list.sync(client=client, page_size=3, count=True), PaginatedEventList)
    assert isinstance(page.count, int)
    forwards = [[event.id for event in page.results]]
    while page.next_ is not None:
        page = follow(page.next_)
        forwards.append([event.id for event in page.results])
    backwards = [forwards[-1]]
    while page.previous is not None:
        page = follow(page.previous)
        backwards.append([event.id for event in page.results])
    assert backwards == forwards[::-1]
    seen = [one for rows in forwards for one in rows]
    assert len(seen) == len(set(seen)) == page.count


def follow(address: str) -> PaginatedEventList:
    cursor = httpx.URL(address).params["cursor"]
    page = events_list.sync(client=client, page_size=3, count=True, cursor=cursor)
    return told(page, PaginatedEventList)


def write_one() -> Event:
    key = str(uuid4())
    body = EventRequest(
        title="A generated client writes",
        date=DateRequest(text="late 2019"),
        tags=["generated"],
        dataset="journey",
        external_id=key,
    )
    first = events_create.sync_detailed(client=client, body=body, idempotency_key=key)
    again = events_create.sync_detailed(client=client, body=body, idempotency_key=key)
    event = told(first.parsed, Event)
    assert told(again.parsed, Event).id == event.id
    assert again.headers["idempotent-replayed"] == "true"
    assert event.date is not None
    assert event.date.edtf == "2019-39"

    actor = actors_create.sync(client=client, body=ActorRequest(name="Somebody"))
    assert actor is not None
    assert not isinstance(actor, Problem)
    actors_publish.sync(id=actor.id, client=client, body=ReasonRequest())
    patch = PatchedEventRequest(
        summary="Patched.",
        kind=None,
        add_participations=[ParticipationRequest(actor=actor.id, role="witness")],
    )
    tag = tag_of(first)
    changed = events_update.sync_detailed(
        id=event.id, client=client, body=patch, if_match=tag, reason="To see it change."
    )
    assert told(changed.parsed, Event).participations[0].actor.name == "Somebody"
    # What the patch does not name stays.
    assert told(changed.parsed, Event).dataset == "journey"
    lost = events_update.sync_detailed(id=event.id, client=client, body=patch, if_match=tag)
    assert lost.status_code == 412
    assert told(lost.parsed, Problem).type_ == "/problems/stale-version"
    return told(changed.parsed, Event)


def publish_it(event: Event) -> None:
    one, why = event.id, ReasonRequest(reason="Checked.")
    uncited = events_publish.sync_detailed(id=one, client=client, body=why)
    assert uncited.status_code == 409
    assert told(uncited.parsed, Problem).type_ == "/problems/uncited"
    source = sources_create.sync(client=client, body=SourceRequest(title="A report"))
    assert source is not None
    assert not isinstance(source, Problem)
    cited = CitationRequest(source=source.id, event=event.id, locator="page 1")
    citations_create.sync(client=client, body=cited)
    submitted = told(events_submit.sync(id=one, client=client, body=why), Event)
    assert submitted.publication is PublicationEnum.IN_REVIEW
    assert events_retrieve.sync_detailed(id=one, client=stranger).status_code == 404
    published = told(events_publish.sync(id=one, client=client, body=why), Event)
    assert published.published_at is not None
    told(events_retrieve.sync(id=one, client=stranger), Event)
    versions = events_history.sync(id=one, client=client)
    assert versions is not None
    assert not isinstance(versions, Problem)
    assert versions.results[0].version == published.version
    events_history_revert.sync(id=one, n=1, client=client, body=ReasonRequest())
    withdrawn = told(events_withdraw.sync(id=one, client=client, body=why), Event)
    assert withdrawn.publication is PublicationEnum.WITHDRAWN


def write_many() -> None:
    create = OperationRequest(
        op=OperationEnum.CREATE, data=PatchedEventRequest(title="One of several")
    )
    done = told(
        events_batch.sync(client=client, body=BatchRequest(operations=[create, create])), BatchDone
    )
    ids = [row.id for row in done.results]
    nothing = OperationRequest(op=OperationEnum.UPDATE, id=ids[0], data=PatchedEventRequest())
    bad = OperationRequest(op=OperationEnum.DELETE, id=uuid4())
    refused = events_batch.sync(client=client, body=BatchRequest(operations=[nothing, bad]))
    assert told(refused, Problem).errors[0].pointer == "/operations/1"
    for one in ids:
        gone = events_delete.sync_detailed(id=one, client=client)
        assert gone.status_code == 204


def import_some() -> None:
    row = {"dataset": "journey", "external_id": "1", "title": "Imported", "edtf": "1863-04"}
    file = File(BytesIO(json.dumps(row).encode()), "rows.jsonl", "application/x-ndjson")
    body = ImportsCreateBody(file=file)
    report = told(imports_create.sync(client=client, body=body, dry_run=True), ImportReport)
    assert (report.created, report.dry_run) == (1, True)
    imports_list.sync(client=client)


def take_it_away() -> None:
    geojson = events_geojson_export.sync(client=client, tag=["fentanyl"])
    assert geojson is not None
    assert not isinstance(geojson, Problem)
    assert geojson["type"] == "FeatureCollection"
    assert told(events_csv_export.sync(client=client), str).startswith("id,title")
    assert b"<feed" in told(events_atom_export.sync(client=client), File).payload.read()
    assert told(events_ndjson_export.sync(client=client), File).payload.read(1) == b"{"
    assert told(events_xlsx_export.sync(client=client), File).payload.read(2) == b"PK"
    assert told(sources_csl_json_export.sync(client=client), list)


def count_and_explain() -> None:
    histogram = events_histogram.sync(client=client, interval=EventsHistogramInterval.YEAR)
    assert histogram is not None
    assert not isinstance(histogram, Problem)
    assert sum(bucket.expected for bucket in histogram.buckets) > 1
    by = [EventsFacetsByItem.KIND, EventsFacetsByItem.TAG]
    facets = events_facets.sync(client=client, by=by)
    assert facets is not None
    assert not isinstance(facets, Problem)
    assert not isinstance(facets.tag, Unset)
    assert facets.tag[0].count >= 1
    why = events_explain.sync(id=ask()[0].id, client=client, before="2019")
    assert why is not None
    assert not isinstance(why, Problem)
    assert why.reasons[0].parameter == "before"


def look_around() -> None:
    assert told(index.sync(client=client), Resources).events.endswith("/events")
    me = me_retrieve.sync(client=client)
    assert me is not None
    assert not isinstance(me, Problem)
    assert me.scope is ScopeEnum.PUBLISH
    lists: list[Callable[[], Any]] = [
        lambda: actors_list.sync(client=client, ordering=ActorsListOrdering.VALUE_1),
        lambda: places_list.sync(client=client, country=["CN"]),
        lambda: sources_list.sync(client=client, publisher=["Reuters"]),
        lambda: claims_list.sync(client=client, stance=[StanceEnum.DENIES, StanceEnum.ACCUSES]),
        lambda: timelines_list.sync(client=client),
        lambda: timelines_events_list.sync(slug="fentanyl-2019", client=client),
        lambda: tags_list.sync(client=client),
        lambda: vocabularies_terms_list.sync(
            vocabulary=VocabulariesTermsListVocabulary.ROLES, client=client
        ),
        lambda: search_list.sync(client=client, q="fentanyl"),
    ]
    for each in lists:
        assert each().results
    assert corrections_list.sync(client=client) is not None
    assert vocabularies_list.sync(client=client)


def be_refused() -> None:
    mistake = told(events_list.sync(client=client, before="in August"), Problem)
    assert mistake.status == 400
    assert mistake.errors[0].parameter == "before"
    untitled = told(events_create.sync(client=client, body=EventRequest(title="")), Problem)
    assert untitled.errors[0].pointer == "/title"
    missing = told(events_retrieve.sync(id=UUID(int=0), client=client), Problem)
    assert missing.type_ == "/problems/not-found"
    unknown = AuthenticatedClient(os.environ["URL"], "tl_0.0", httpx_args=HOOKS)
    assert told(events_list.sync(client=unknown), Problem).status == 401


def main() -> None:
    look_around()
    read_every_kind_of_filter()
    walk_to_the_end_and_back()
    publish_it(write_one())
    write_many()
    import_some()
    take_it_away()
    count_and_explain()
    be_refused()
    assert len(calls) >= 40, len(calls)


if __name__ == "__main__":
    main()
