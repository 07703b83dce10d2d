"""Who may do what: every operation of the document, for every power, in every state."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from tests.clients import Api, api_of
from tests.contract.document import Operation, operations
from tests.factories.people import someone
from tests.factories.records import (
    MAKERS,
    key_of,
    make_citation,
    make_event,
    make_tag,
    make_term,
    make_timeline,
)
from timeline.api.examples import IMPORTED, PATCHES, REQUESTS
from timeline.models import Change, Event, Tag, Term, Timeline
from timeline.services.records import delete_record

pytestmark = pytest.mark.django_db

ROLES = (None, "read", "write", "publish", "admin")
EVERYBODY = (200,) * 5
NOBODY = (404,) * 5
STAFF = (404, 404, 200, 200, 200)

# By verb and state: what a stranger and the holders of the four scopes are answered.
BY_STATE: dict[str, dict[str, tuple[int, ...]]] = {
    "retrieve": {
        "draft": STAFF,
        "in_review": STAFF,
        "published": EVERYBODY,
        "withdrawn": STAFF,
        "deleted": NOBODY,
        "missing": NOBODY,
    },
    "update": {
        "draft": (401, 403, 200, 200, 200),
        "in_review": (401, 403, 403, 200, 200),
        # What a contributor changes in public is accepted, and waits for approval.
        "published": (401, 403, 202, 200, 200),
        "withdrawn": (401, 403, 403, 200, 200),
        "deleted": (401, 403, 404, 404, 404),
        "missing": (401, 403, 404, 404, 404),
    },
    "delete": {
        "draft": (401, 403, 204, 204, 204),
        "in_review": (401, 403, 403, 204, 204),
        "published": (401, 403, 403, 204, 204),
        "withdrawn": (401, 403, 403, 204, 204),
        "deleted": (401, 403, 404, 404, 404),
        "missing": (401, 403, 404, 404, 404),
    },
    "history": {
        "draft": STAFF,
        "in_review": STAFF,
        "published": EVERYBODY,
        "withdrawn": STAFF,
        "deleted": NOBODY,
        "missing": NOBODY,
    },
    "history_revert": {
        "draft": (401, 403, 200, 200, 200),
        "in_review": (401, 403, 403, 200, 200),
        "published": (401, 403, 403, 200, 200),
        "withdrawn": (401, 403, 403, 200, 200),
        "deleted": (401, 403, 404, 200, 200),
        "missing": (401, 403, 404, 404, 404),
    },
    "submit": {
        "draft": (401, 404, 200, 200, 200),
        "in_review": (401, 404, 409, 409, 409),
        "published": (401, 403, 409, 409, 409),
        "withdrawn": (401, 404, 409, 409, 409),
    },
    "approve": {
        "draft": (401, 404, 403, 409, 409),
        "in_review": (401, 404, 403, 200, 200),
        "published": (401, 403, 403, 409, 409),
        "withdrawn": (401, 404, 403, 409, 409),
    },
    "return": {
        "draft": (401, 404, 403, 409, 409),
        "in_review": (401, 404, 403, 200, 200),
        "published": (401, 403, 403, 409, 409),
        "withdrawn": (401, 404, 403, 409, 409),
    },
    "publish": {
        "draft": (401, 404, 403, 200, 200),
        "in_review": (401, 404, 403, 200, 200),
        "published": (401, 403, 403, 409, 409),
        "withdrawn": (401, 404, 403, 200, 200),
    },
    "withdraw": {
        "draft": (401, 404, 403, 409, 409),
        "in_review": (401, 404, 403, 409, 409),
        "published": (401, 403, 403, 200, 200),
        "withdrawn": (401, 404, 403, 409, 409),
    },
}
for _verb in ("submit", "approve", "return", "publish", "withdraw"):
    BY_STATE[_verb] |= dict.fromkeys(("deleted", "missing"), (401, 404, 404, 404, 404))

# The other operations, asked of what is public or needs no record.
ALWAYS: dict[str, tuple[int, ...]] = {
    **{f"{resource}_list": EVERYBODY for resource in MAKERS},
    **{f"{resource}_create": (401, 403, 201, 201, 201) for resource in MAKERS},
    **{f"{r}_{form}_export": EVERYBODY for r in MAKERS for form in ("csv", "ndjson", "xlsx")},
    **{
        f"{events}_{form}_export": EVERYBODY
        for events in ("events", "timelines_events")
        for form in ["atom", "csv", "geojson", "ics", "jsonld", "ndjson", "timelinejs_json", "xlsx"]
    },
    "sources_csl_json_export": EVERYBODY,
    "search_list": EVERYBODY,
    "changes_feed": EVERYBODY,
    "corrections_list": EVERYBODY,
    **{
        f"{resource}_merge": (401, 403, 403, 200, 200)
        for resource in ("events", "actors", "places", "sources")
    },
    "operations_undo": (401, 403, 403, 200, 200),
    "imports_undo": (401, 403, 404, 404, 404),
    "events_batch": (401, 403, 200, 200, 200),
    "index": EVERYBODY,
    "me_retrieve": EVERYBODY,
    "vocabularies_list": EVERYBODY,
    "tags_list": EVERYBODY,
    "tags_retrieve": EVERYBODY,
    "tags_create": (401, 403, 201, 201, 201),
    "tags_update": (401, 403, 403, 200, 200),
    "tags_delete": (401, 403, 403, 204, 204),
    "vocabularies_terms_list": EVERYBODY,
    "vocabularies_terms_retrieve": EVERYBODY,
    "vocabularies_terms_create": (401, 403, 403, 201, 201),
    "vocabularies_terms_update": (401, 403, 403, 200, 200),
    "vocabularies_terms_delete": (401, 403, 403, 204, 204),
    "timelines_events_list": EVERYBODY,
    "events_explain": EVERYBODY,
    "events_facets": EVERYBODY,
    "events_histogram": EVERYBODY,
    "proposals_list": (401, 403, 200, 200, 200),
    "proposals_retrieve": (401, 403, 404, 404, 404),
    "proposals_approve": (401, 403, 404, 404, 404),
    "proposals_dismiss": (401, 403, 404, 404, 404),
    "webhooks_list": (401, 403, 403, 200, 200),
    "webhooks_create": (401, 403, 403, 201, 201),
    **{
        f"webhooks_{verb}": (401, 403, 403, 404, 404)
        for verb in ["retrieve", "update", "delete", "test", "rotate", "replay", "deliveries_list"]
    },
    "timelines_events_facets": EVERYBODY,
    "timelines_events_histogram": EVERYBODY,
    "imports_list": (401, 403, 200, 200, 200),
    "imports_retrieve": (401, 403, 404, 404, 404),
    "imports_create": (401, 403, 201, 201, 201),
}
QUERIES = {
    "search_list": "q=trial",
    "events_histogram": "interval=year",
    "events_facets": "by=kind",
    "timelines_events_facets": "by=kind",
    "imports_create": "dry_run=false",
}


def _of_a_record(operation: Operation) -> tuple[str, str] | None:
    """The resource and the verb, of an operation on one record in some state."""
    resource, _, verb = operation.id.partition("_")
    return (resource, verb) if resource in MAKERS and verb in BY_STATE else None


def test_every_operation_has_an_expectation() -> None:
    unexpected = [o.id for o in operations() if o.id not in ALWAYS and not _of_a_record(o)]

    assert unexpected == [], "say in ALWAYS or BY_STATE who may use these"


def record_in(resource: str, state: str) -> str:
    """The key of a record of this state, for its address."""
    make = MAKERS[resource]
    if state == "missing":
        return str(uuid.uuid4())
    if state == "deleted":
        record = make("draft")
        delete_record(record, by=someone())
        return key_of(record)
    record = make(state)
    if resource == "events" and not record.citations.exists():
        make_citation("draft", event=record)
    return key_of(record)


def ask(api: Api, operation: Operation, address: str, body: Any) -> int:
    """The status of the answer; what the request did is undone."""
    with transaction.atomic():
        answer = api.send(operation.method, address, body)
        transaction.set_rollback(True)
    return answer.status_code


# The full table for events and actors; the rest share their views, and are asked in short.
STATES = ("draft", "in_review", "published", "withdrawn", "deleted", "missing")
IN_SHORT = ("draft", "published")


@pytest.mark.parametrize("resource", list(MAKERS))
def test_who_may_do_what_to_a_record(resource: str, world: World) -> None:
    verbs = {pair[1]: o for o in operations() if (pair := _of_a_record(o)) and pair[0] == resource}
    assert verbs.keys() == BY_STATE.keys()
    model = MAKERS[resource]("draft")._meta.model_name
    wrong = []
    for state in STATES if resource in ("events", "actors") else IN_SHORT:
        key = record_in(resource, state)
        for verb, operation in verbs.items():
            address = operation.path.replace("{id}", key).replace("{slug}", key)
            address = address.replace("{n}", "1")
            body = {
                "update": PATCHES[model],
                "retrieve": None,
                "delete": None,
                "history": None,
            }.get(verb, {})
            if resource == "events" and verb == "update":
                body = {"title": "Told anew"}
            if resource == "actors" and verb == "update":
                body = {"name": "Known otherwise"}
            got = tuple(ask(api, operation, address, body) for api in world.clients)
            if got != BY_STATE[verb][state]:
                wrong.append((verb, state, got, BY_STATE[verb][state]))
    assert wrong == []


@dataclass(frozen=True)
class World:
    """What can be read, and who asks."""

    event: Event
    timeline: Timeline
    rumour: Term
    unused: Tag
    clients: tuple[Api, ...]


@pytest.fixture(scope="module")
def world(lasting: None) -> World:
    event = make_event(tags=["courts"])
    return World(
        event=event,
        timeline=make_timeline(slug="a-timeline", entries=[{"event": event}]),
        rumour=make_term("kinds", "rumour"),
        unused=make_tag("unused"),
        clients=tuple(api_of(role) for role in ROLES),
    )


@pytest.mark.parametrize(
    "operation", [o for o in operations() if o.id in ALWAYS], ids=lambda o: o.id
)
def test_who_may_use_an_operation(operation: Operation, world: World) -> None:
    event, timeline, code = world.event, world.timeline, world.rumour.code
    keys = {
        "{vocabulary}": "kinds",
        "{code}": code,
        "{slug}": timeline.slug if "timelines" in operation.path else "courts",
        "{id}": str(event.uuid),
    }
    if operation.id.endswith("_merge"):
        keys["{id}"] = str(MAKERS[operation.id.partition("_")[0]]().uuid)
    if operation.id == "operations_undo":
        keys["{id}"] = str(last_operation(event))
    address = operation.path
    for name, value in keys.items():
        address = address.replace(name, value)
    assert "{" not in address
    address += f"?{QUERIES[operation.id]}" if operation.id in QUERIES else ""

    got = tuple(ask_with_body(api, operation, address) for api in world.clients)

    assert got == ALWAYS[operation.id]
    assert Tag.objects.filter(pk=world.unused.pk).exists()
    assert Term.objects.filter(code=code).exists()


def ask_with_body(api: Api, operation: Operation, address: str) -> int:
    if operation.id == "imports_create":
        with transaction.atomic():
            answer = api.client.generic(
                "POST", address, IMPORTED, "application/x-ndjson", headers=api.headers
            )
            transaction.set_rollback(True)
        return answer.status_code
    return ask(api, operation, address, body_of(operation))


def last_operation(record: Any) -> Any:
    """By which the record came to be as it is."""
    return Change.objects.versions().filter(record_uuid=record.uuid).latest("id").operation


def body_of(operation: Operation) -> Any:
    """Something right to send."""
    resource, _, verb = operation.id.rpartition("_")
    if verb == "merge":
        body = described_example(operation)
        return body | {"into": str(MAKERS[resource]().uuid), "dry_run": False}
    if verb == "update":
        return PATCHES[{"vocabularies_terms": "term"}.get(resource, resource.removesuffix("s"))]
    if operation.id == "events_batch":
        return described_example(operation)
    if verb != "create":
        return None
    if resource in MAKERS and resource.removesuffix("s") not in REQUESTS:
        return pointing(resource)
    name = {"vocabularies_terms": "term", "tags": "tag"}.get(resource, resource.removesuffix("s"))
    body = dict(REQUESTS[name])
    return body | {"slug": "another"} if "slug" in body else body


def described_example(operation: Operation) -> Any:
    return operation.described["requestBody"]["content"]["application/json"]["example"]


def pointing(resource: str) -> dict[str, Any]:
    """A body that points to real records."""
    event, actor = str(make_event().uuid), str(MAKERS["actors"]().uuid)
    return {
        "affiliations": {
            "actor": actor,
            "organisation": str(MAKERS["actors"]().uuid),
            "type": "member_of",
        },
        "citations": {"source": str(MAKERS["sources"]().uuid), "event": event},
        "claims": {"speaker": actor, "text": "Said."},
        "relations": {"subject": event, "type": "led_to", "object": str(make_event().uuid)},
    }[resource]


def test_a_token_that_expired_or_was_revoked_or_whose_holder_left_opens_nothing() -> None:
    from datetime import timedelta

    from django.utils import timezone

    from tests.factories.people import person
    from timeline.models import Scope
    from timeline.services.tokens import issue_token, revoke_token

    user = person("leaver")
    past = timezone.now() - timedelta(seconds=1)
    _, expired = issue_token(user=user, scope=Scope.ADMIN, expires_at=past)
    token, revoked = issue_token(user=user, scope=Scope.ADMIN)
    revoke_token(token)
    _, valid = issue_token(user=user, scope=Scope.ADMIN)

    assert Api(valid).get("me").json()["scope"] == "admin"
    for text in (expired, revoked, valid[:-1], valid.replace("tl_", "tl-"), f"{valid}x"):
        answer = Api(text).get("me")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    user.is_active = False
    user.save()
    assert Api(valid).get("me").status_code == 401


def test_a_token_is_told_once_and_kept_as_a_digest() -> None:
    from tests.factories.people import person
    from timeline.models import Scope, Token
    from timeline.services.tokens import issue_token

    token, text = issue_token(user=person("somebody"), scope=Scope.READ)
    secret = text.partition(".")[2]

    row = Token.objects.filter(pk=token.pk).values().get()
    assert not any(secret in str(value) for value in row.values())
    assert row["last_used_at"] is None
    Api(text).get("me")
    token.refresh_from_db()
    assert token.last_used_at is not None


def test_where_a_login_is_needed_strangers_read_nothing(settings: Any) -> None:
    settings.LOGIN_REQUIRED = True
    make_event()

    assert Api().get("events").status_code == 401
    assert api_of("read").get("events").status_code == 200
    assert Api().get("openapi.json").status_code == 200
