"""Every page opens, for everybody who may open it, with what a curator needs on it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.admin.world import World, client_of, event, make_bookkeeping, person, record, term
from tests.services.test_imports import ROW, bring
from timeline.admin.site import site
from timeline.models import Actor, Change, Citation, Import

MODELS = sorted(site._registry, key=lambda model: model.__name__)
OF_ADMINISTRATORS = {"User", "Group", "Token"}
OF_EDITORS = {"Change", "Redirect", "Webhook", "Delivery"}
READ_ONLY = {*OF_EDITORS - {"Webhook"}, "Proposal", "Suggestion", "Participation"}


def url(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def may_see(role: str, model: Any) -> bool:
    if model.__name__ in OF_ADMINISTRATORS:
        return role == "administrator"
    if model.__name__ in OF_EDITORS:
        return role in ("editor", "administrator")
    return role != "visitor"


ROLES = ("visitor", "contributor", "editor", "administrator")


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_every_model_opens_for_those_who_may(world: World, role: str) -> None:
    user = person(role)
    make_bookkeeping(world, user)
    client = client_of(user)
    client.raise_request_exception = True

    for model in MODELS:
        allowed = 200 if may_see(role, model) else 403
        assert client.get(url(model, "changelist")).status_code == allowed, model
        assert client.get(url(model, "changelist"), {"q": "xing 法院"}).status_code == allowed
        addable = 200 if may_see(role, model) and model.__name__ not in READ_ONLY else 403
        assert client.get(url(model, "add")).status_code == addable, model
        for row in model._default_manager.all()[:3]:
            answer = client.get(url(model, "change", row.pk))
            hidden = 302 if role == "contributor" else allowed
            assert answer.status_code in (allowed, hidden), (model, row)
            if allowed == 200:
                answer = client.get(url(model, "history", row.pk))
                assert answer.status_code in (200, 302)


def test_the_index_groups_the_lists_as_curators_think(world: World, administrator: Client) -> None:
    page = administrator.get(reverse("admin:index"))

    names = [group["name"] for group in page.context["app_list"]]
    assert names == [
        "What happened",
        "Who and where",
        "On whose word",
        "Words",
        "To be decided",
        "What was done",
        "People and programs",
    ]
    assert page.context["site_header"] == "Timeline"
    assert page.context["site_url"] == "/"


def test_what_one_did_last_is_on_the_index(world: World, editor: Client) -> None:
    editor.post(
        url(Actor, "add"),
        {
            "name": "A new one",
            "kind": "person",
            "identity": "named",
            "reason": "because",
            "names-TOTAL_FORMS": 0,
            "names-INITIAL_FORMS": 0,
        },
    )

    assert "A new one" in editor.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("model", [m for m in MODELS if m.__module__.startswith("timeline")])
def test_pages_have_no_script_or_style_of_their_own(
    world: World, administrator: Client, model: Any
) -> None:
    pages = [url(model, "changelist")]
    if model.__name__ not in READ_ONLY:
        pages.append(url(model, "add"))
    for page in pages:
        html = administrator.get(page).content.decode()
        assert "<script>" not in html
        assert "<style" not in html
        assert " style=" not in html
        assert "onclick" not in html


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("name", "budget"),
    [("event", 12), ("actor", 9), ("citation", 9), ("change", 9)],
)
def test_a_list_asks_the_database_the_same_whatever_its_length(
    world: World, editor: Client, name: str, budget: int
) -> None:
    path = reverse(f"admin:timeline_{name}_changelist")
    queries_of(editor, path)
    few = queries_of(editor, path)
    for number in range(10):
        actor = record(Actor, name=f"actor {number}")
        one = event(
            f"event {number}",
            "2019",
            place=world.place,
            kind=term("kinds", "trial"),
            participations=[{"actor": actor, "role": term("roles", "judge")}],
        )
        record(Citation, source=world.source, event=one, locator="p. 1")

    assert queries_of(editor, path) == few <= budget


def test_the_page_of_an_event_does_not_ask_once_a_row(world: World, editor: Client) -> None:
    role = term("roles", "witness")
    some = [record(Actor, name=f"witness {number}") for number in range(12)]
    small = event("small", participations=[{"actor": a, "role": role} for a in some[:1]])
    large = event("large", participations=[{"actor": a, "role": role} for a in some])
    for one, number in ((small, 1), (large, 6)):
        for page in range(number):
            record(Citation, source=world.source, event=one, locator=f"p. {page}")
    queries_of(editor, url(type(small), "change", small.pk))

    few = queries_of(editor, url(type(small), "change", small.pk))

    assert queries_of(editor, url(type(large), "change", large.pk)) == few <= 20


def test_events_are_listed_in_the_order_of_their_dates(world: World, editor: Client) -> None:
    event("Undated")
    event("Long before", "-0043")

    page = editor.get(url(type(world.draft), "changelist"))

    titles = [row.title for row in page.context["cl"].result_list]
    assert titles == [
        "Long before",
        "Tip to the Chinese police",
        "Nine people sentenced",
        "Undated",
    ]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("nine SENTENCED", id="title"),
        pytest.param("邢台市中级人民法院", id="further name of a participant"),
        pytest.param("xingtai", id="place"),
        pytest.param("fentanyl", id="tag"),
    ],
)
def test_an_event_is_found_by_its_words_and_names(world: World, editor: Client, words: str) -> None:
    page = editor.get(url(type(world.draft), "changelist"), {"q": words})

    assert list(page.context["cl"].result_list) == [world.draft]


def test_a_record_is_found_by_its_public_id(world: World, editor: Client) -> None:
    page = editor.get(url(type(world.draft), "changelist"), {"q": str(world.draft.uuid)})

    assert list(page.context["cl"].result_list) == [world.draft]


@pytest.mark.parametrize(
    "query",
    [
        {"title__regex": "((a+)+)+$"},
        {"participations__actor": "1"},
        {"participations": "1"},
        {"created_by__password__startswith": "a"},
        {"q": "a\0b"},
        {"kind__id__exact": "\0"},
    ],
)
def test_a_list_is_filtered_in_no_other_way_than_it_offers(
    world: World, editor: Client, query: dict[str, str]
) -> None:
    assert editor.get(url(type(world.draft), "changelist"), query).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"kind__id__exact": "99999999999999999999999"},
        {"kind__id__exact": "none of them"},
        {"q": "x " * 1200},
        {"p": "9999999"},
        {"o": "99.-99.x"},
        {"cited": "yes", "quote_missing": "no", "publication__exact": "draft"},
    ],
)
def test_a_list_survives_whatever_is_in_its_address(
    world: World, editor: Client, query: dict[str, str]
) -> None:
    assert editor.get(url(type(world.draft), "changelist"), query).status_code in (200, 302)


def test_citations_whose_quote_is_missing_are_found(world: World, editor: Client) -> None:
    lost = record(Citation, source=world.source, event=world.draft, quote="not in the text")

    page = editor.get(url(Citation, "changelist"), {"anchor__exact": "missing"})
    events = editor.get(url(type(world.draft), "changelist"), {"quote_missing": "yes"})

    assert list(page.context["cl"].result_list) == [lost]
    assert list(events.context["cl"].result_list) == [world.draft]


def test_the_page_of_an_import_says_what_became_of_each_row(editor: Client) -> None:
    bring(ROW, ROW | {"external_id": "AL<2>", "edtf": "1863-13"}, on_error="skip")

    page = editor.get(url(Import, "change", Import.objects.get().pk)).content.decode()

    assert "<li>line 1, AL001: created</li>" in page
    assert "<li>line 2, AL&lt;2&gt;: rejected; edtf: " in page


def test_the_ledger_is_read_and_never_written(world: World, administrator: Client) -> None:
    change = Change.objects.get(record_uuid=world.draft.uuid)

    page = administrator.get(url(Change, "change", change.pk))

    assert "Nine people sentenced" in page.content.decode()
    assert administrator.get(url(Change, "add")).status_code == 403
    assert administrator.post(url(Change, "change", change.pk), {"reason": "x"}).status_code == 403
    assert administrator.post(url(Change, "delete", change.pk), {"post": "yes"}).status_code == 403
    found = administrator.get(url(Change, "changelist"), {"q": str(world.draft.uuid)})
    assert list(found.context["cl"].result_list) == [change]
