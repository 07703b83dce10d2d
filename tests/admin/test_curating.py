"""What a curator saves goes through the services, and comes back when they refuse it."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from tests.admin.world import QUOTE, World, event, form_of, publish, record, term
from timeline.models import (
    Action,
    Actor,
    Change,
    Citation,
    Claim,
    Event,
    Origin,
    Participation,
    Place,
    Publication,
    Relation,
    Tag,
    Timeline,
)

ADD = "admin:timeline_event_add"


def page_of(one: Any, page: str = "change") -> str:
    return reverse(f"admin:timeline_{one._meta.model_name}_{page}", args=[one.pk])


def list_of(model: Any) -> str:
    return reverse(f"admin:timeline_{model._meta.model_name}_changelist")


def newest(number: int = 1) -> list[Change]:
    return list(Change.objects.order_by("-id")[:number])


def row(prefix: str, number: int, **values: Any) -> dict[str, Any]:
    """One more row of a list, as the browser sends it."""
    return {f"{prefix}-TOTAL_FORMS": number + 1} | {
        f"{prefix}-{number}-{name}": value for name, value in values.items()
    }


def errors_of(page: Any) -> str:
    assert page.status_code == 200
    return " ".join(map(str, page.context["errors"]))


def save(client: Client, path: str, form: dict[str, Any]) -> Any:
    """Send the form, which is accepted."""
    answer = client.post(path, form)
    assert answer.status_code == 302, answer.context["errors"]
    return answer


def test_a_curator_records_publishes_corrects_and_reads_the_history_of_an_event(
    world: World, editor: Client
) -> None:
    accuser, kind = term("roles", "accuser"), term("kinds", "accusation")
    before = Change.objects.count()

    form = form_of(editor, reverse(ADD)) | {
        "title": "Trump accuses Xi",
        "date": "in August 2019",
        "kind": kind.pk,
        "reason": "from the Reuters report",
        **row("participations", 0, actor=world.court.pk, role=accuser.pk, note="a stand-in"),
        **row("citations", 0, source=world.source.pk, bearing="supports", quote=QUOTE),
        "_continue": "Save and continue editing",
    }
    answer = save(editor, reverse(ADD), form)

    one = Event.objects.get(title="Trump accuses Xi")
    assert answer.url == page_of(one)
    assert (str(one.date), one.date_text, one.publication) == ("2019-08", "in August 2019", "draft")
    assert [(p.actor, p.role, p.note) for p in one.participations.all()] == [
        (world.court, accuser, "a stand-in")
    ]
    citation = one.citations.get()
    assert (citation.quote, citation.anchor) == (QUOTE, "exact")
    assert Change.objects.count() == before + 2
    for change in newest(2):
        assert (change.action, change.origin) == (Action.CREATED, Origin.ADMIN)
        assert (change.reason, change.by_name) == ("from the Reuters report", "editor")
        assert change.request_id
    assert "August 2019" in editor.get(page_of(one)).content.decode()

    form = form_of(editor, page_of(one)) | {"_step": "publish", "reason": "checked"}
    answer = editor.post(page_of(one), form, follow=True)

    one.refresh_from_db()
    assert (one.publication, one.citations.get().publication) == ("published", "published")
    assert "is now published" in answer.content.decode()
    assert [change.action for change in newest(2)] == [Action.PUBLISHED, Action.PUBLISHED]

    form = form_of(editor, page_of(one)) | {
        "title": "Trump accuses Xi of not keeping his word",
        "reason": "a fuller title",
    }
    assert editor.post(page_of(one), form).status_code == 302

    (change,) = newest()
    assert (change.action, change.version, change.reason) == ("updated", 3, "a fuller title")

    history = editor.get(page_of(one, "history")).content.decode()
    for words in ("a fuller title", "from the Reuters report", "Accuser", "Xingtai court"):
        assert words in history
    assert history.index("Version 3") < history.index("Version 2") < history.index("Version 1")
    assert not LogEntry.objects.exists()


def test_an_earlier_version_is_put_back_from_the_history(
    world: World, editor: Client, contributor: Client
) -> None:
    one = record(Place, name="As it was")
    publish(one)
    form = form_of(editor, page_of(one)) | {"name": "As it became"}
    save(editor, page_of(one), form)
    address = page_of(one, "history")

    told = editor.get(address).content.decode()
    assert "Put back to version 1" in told
    assert "Put back" not in contributor.get(address).content.decode()
    assert contributor.post(address, {"to": "1"}).status_code == 403
    stale = editor.post(address, {"to": "1", "expected_version": "1"}, follow=True)
    assert "the record is now at version" in stale.content.decode()
    now = str(Place.objects.get(pk=one.pk).version)
    wrong = editor.post(address, {"to": "x", "expected_version": now}, follow=True)
    assert "There is no version 0" in wrong.content.decode()

    editor.post(address, {"to": "1", "expected_version": now, "reason": "a slip"})

    assert Place.objects.get(pk=one.pk).name == "As it was"
    [entry] = newest()
    assert (entry.action, entry.reason, entry.origin) == (Action.REVERTED, "a slip", Origin.ADMIN)


def test_the_page_of_what_is_public_leads_to_what_readers_see(world: World, editor: Client) -> None:
    one = world.published
    assert "See its page" not in editor.get(page_of(world.draft)).content.decode()

    told = editor.get(page_of(one)).content.decode()

    assert f'<a href="/events/{one.uuid}">See its page</a>' in told


def test_saving_without_a_change_leaves_the_ledger_alone(world: World, editor: Client) -> None:
    before = Change.objects.count()

    for one in world.records:
        if isinstance(one, Participation):
            continue
        save(editor, page_of(one), form_of(editor, page_of(one)))
        assert Change.objects.count() == before, (one, newest()[0].data)


def test_a_save_makes_one_entry_with_all_the_lists_in_it(world: World, editor: Client) -> None:
    witness = term("roles", "witness")
    form = form_of(editor, page_of(world.draft)) | {
        "title": "Nine are sentenced",
        "participations-0-note": "the intermediate court",
        "tags": [Tag.objects.get().pk],
        **row("participations", 2, actor=world.court.pk, role=witness.pk),
    }
    before = Change.objects.count()

    save(editor, page_of(world.draft), form)

    assert Change.objects.count() == before + 1
    notes = [(p.role.code, p.note) for p in world.draft.participations.order_by("position")]
    assert notes == [
        ("court", "the intermediate court"),
        ("court", "only editors know of this"),
        ("witness", ""),
    ]


def test_rows_are_put_in_order_and_removed(world: World, editor: Client) -> None:
    second = event("Later")
    timeline = Timeline.objects.get()
    form = form_of(editor, page_of(timeline)) | {
        "entries-0-order": 9,
        **row("entries", 1, event=second.pk, order=1),
        **row("entries", 2, event=world.published.pk, order=2),
    }
    save(editor, page_of(timeline), form)
    shown = timeline.entries.order_by("position").values_list("event__title", flat=True)
    assert list(shown) == ["Later", "Tip to the Chinese police", "Nine people sentenced"]

    form = form_of(editor, page_of(timeline)) | {"entries-1-DELETE": "on"}
    save(editor, page_of(timeline), form)

    assert list(shown.all()) == ["Later", "Nine people sentenced"]


def test_a_citation_is_changed_and_removed_on_the_page_of_its_event(
    world: World, editor: Client
) -> None:
    citation = world.draft.citations.get()
    form = form_of(editor, page_of(world.draft)) | {"citations-0-quote": "nowhere in it"}
    save(editor, page_of(world.draft), form)
    citation.refresh_from_db()
    assert (citation.quote, citation.anchor, citation.version) == ("nowhere in it", "missing", 2)

    form = form_of(editor, page_of(world.draft)) | {"citations-0-DELETE": "on", "reason": "wrong"}
    save(editor, page_of(world.draft), form)

    (change,) = newest()
    assert (change.action, change.record_type, change.reason) == ("deleted", "citation", "wrong")
    world.draft.refresh_from_db()
    assert world.draft.version == 1


def test_a_stale_form_says_so_loses_nothing_and_can_be_saved_again(
    world: World, editor: Client
) -> None:
    path = page_of(world.draft)
    form = form_of(editor, path) | {"title": "What I typed", "summary": "and this"}
    save(editor, path, form_of(editor, path) | {"title": "What another typed"})
    before = Change.objects.count()

    page = editor.post(path, form)

    assert "in the meantime" in errors_of(page)
    assert "What another typed" in errors_of(page)
    html = page.content.decode()
    assert "What I typed" in html
    assert "and this" in html
    assert Change.objects.count() == before

    again = form | {"expected_version": page.context["adminform"].form.data["expected_version"]}
    assert editor.post(path, again).status_code == 302
    world.draft.refresh_from_db()
    assert (world.draft.title, world.draft.version) == ("What I typed", 3)


def test_a_stale_form_tells_of_rows_that_it_would_remove(world: World, editor: Client) -> None:
    path = page_of(world.draft)
    form = form_of(editor, path)
    added = row("participations", 2, actor=world.court.pk, role=term("roles", "witness").pk)
    save(editor, path, form | added)

    page = editor.post(path, form)

    assert "removed if you save: “Xingtai court, Witness”" in errors_of(page)


def test_a_row_that_is_gone_is_told_of(world: World, editor: Client) -> None:
    path = page_of(world.draft)
    form = form_of(editor, path)
    save(editor, path, form | {"participations-0-DELETE": "on"})

    page = editor.post(path, form)

    assert "removed in the meantime" in errors_of(page)


def test_a_form_without_its_version_is_not_saved(world: World, editor: Client) -> None:
    form = form_of(editor, page_of(world.draft))
    del form["expected_version"]

    assert "Open the page again" in errors_of(editor.post(page_of(world.draft), form))


def test_a_citation_changed_elsewhere_is_not_overwritten(world: World, editor: Client) -> None:
    path = page_of(world.draft)
    form = form_of(editor, path) | {"citations-0-note": "mine"}
    save(editor, path, form_of(editor, path) | {"citations-0-note": "theirs"})

    page = editor.post(path, form)

    assert "in the meantime" in errors_of(page)
    assert world.draft.citations.get().note == "theirs"


REFUSED_DATES = [
    pytest.param("07/11/2019", "7 November 2019", id="ambiguous"),
    pytest.param("2019-02-29", "no day 29", id="no such day"),
    pytest.param("the day before yesterday", "character", id="not understood"),
    pytest.param("x" * 600, "500 characters", id="too long"),
    pytest.param("2019\0", "character", id="nul"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED_DATES)
def test_a_date_that_is_not_understood_is_refused_at_its_field(
    world: World, editor: Client, text: str, said: str
) -> None:
    form = form_of(editor, reverse(ADD)) | {"title": "When?", "date": text}

    page = editor.post(reverse(ADD), form)

    assert said in str(page.context["adminform"].form.errors["date"])
    assert not Event.objects.filter(title="When?").exists()


def test_the_words_of_the_source_are_kept_where_they_are_given(
    world: World, editor: Client
) -> None:
    form = form_of(editor, reverse(ADD)) | {
        "title": "x",
        "date": "c. 1912",
        "date_text": "in his youth",
        "date_basis": "inferred",
        "date_basis_note": "he was born in 1890",
    }
    save(editor, reverse(ADD), form)

    one = Event.objects.get(title="x")
    assert (one.date.text, one.date_text, one.date_basis) == ("1912~", "in his youth", "inferred")


def test_words_that_only_repeat_the_date_go_with_it(world: World, editor: Client) -> None:
    save(editor, reverse(ADD), form_of(editor, reverse(ADD)) | {"title": "x", "date": "late 2019"})
    one = Event.objects.get(title="x")
    for typed, said in [
        ("7-9 November 2019", "7-9 November 2019"),
        ("2019-08", ""),
        ("c. 1912", "c. 1912"),
    ]:
        save(editor, page_of(one), form_of(editor, page_of(one)) | {"date": typed})
        one.refresh_from_db()
        assert one.date_text == said

    save(editor, page_of(one), form_of(editor, page_of(one)) | {"date_text": "in his youth"})
    save(editor, page_of(one), form_of(editor, page_of(one)) | {"date": "1913"})
    one.refresh_from_db()
    assert (one.date.text, one.date_text) == ("1913", "in his youth")


def test_what_is_written_as_edtf_is_no_word_of_the_source(world: World, editor: Client) -> None:
    save(editor, reverse(ADD), form_of(editor, reverse(ADD)) | {"title": "x", "date": "2019-08"})

    assert Event.objects.get(title="x").date_text == ""


@pytest.mark.parametrize("change", [{"title": ""}, {"title": "x" * 501}, {"kind": "abc"}])
def test_what_is_wrong_with_a_field_is_said_at_it(
    world: World, editor: Client, change: dict[str, str]
) -> None:
    page = editor.post(reverse(ADD), form_of(editor, reverse(ADD)) | {"title": "x"} | change)

    assert page.status_code == 200
    assert set(page.context["adminform"].form.errors) == set(change)


def test_a_repeated_row_is_refused_at_the_row_with_nothing_lost(
    world: World, editor: Client
) -> None:
    form = form_of(editor, page_of(world.draft)) | {
        "title": "Typed",
        **row("participations", 2, actor=world.court.pk, role=term("roles", "court").pk),
    }
    before = Change.objects.count()

    page = editor.post(page_of(world.draft), form)

    assert "may stand in the list once" in errors_of(page)
    formset = page.context["inline_admin_formsets"][0].formset
    assert [bool(f.errors) for f in formset.forms] == [False, False, True]
    assert "Typed" in page.content.decode()
    assert Change.objects.count() == before


def test_a_relation_against_the_dates_is_refused_with_the_reason(
    world: World, editor: Client
) -> None:
    path = reverse("admin:timeline_relation_add")
    form = form_of(editor, path) | {
        "subject": world.draft.pk,
        "object": world.published.pk,
        "type": term("relation-types", "led_to").pk,
    }

    page = editor.post(path, form)

    assert "cannot have come before it" in str(page.context["adminform"].form.errors["type"])
    assert Relation.objects.count() == 1


def test_a_citation_for_nothing_is_refused(world: World, editor: Client) -> None:
    path = reverse("admin:timeline_citation_add")
    form = form_of(editor, path) | {"source": world.source.pk, "locator": "p. 3"}

    assert editor.post(path, form).status_code == 200
    assert not Citation.objects.filter(locator="p. 3").exists()


def test_a_participation_can_be_cited(world: World, editor: Client) -> None:
    path = reverse("admin:timeline_citation_add")
    participation = world.draft.participations.get(actor=world.court)
    form = form_of(editor, path) | {
        "source": world.source.pk,
        "locator": "p. 3",
        "participation": participation.pk,
    }

    answer = editor.post(path, form)

    assert answer.status_code == 302
    assert participation.citations.get().locator == "p. 3"


def test_an_uncited_event_is_saved_but_not_published(world: World, editor: Client) -> None:
    one = event("Without a source")
    form = form_of(editor, page_of(one)) | {"title": "Typed", "_step": "publish"}

    page = editor.post(page_of(one), form)

    assert "cites no source" in errors_of(page)
    assert "Typed" in page.content.decode()
    one.refresh_from_db()
    assert (one.title, one.publication) == ("Without a source", "draft")


def test_nobody_publishes_their_own_where_four_eyes_are_demanded(
    world: World, editor: Client, settings: Any
) -> None:
    settings.FOUR_EYES = True
    path = reverse("admin:timeline_place_add")

    page = editor.post(path, form_of(editor, path) | {"name": "Hebei", "_step": "publish"})

    assert "Somebody else" in errors_of(page)
    assert not Place.objects.filter(name="Hebei").exists()


def test_a_citation_added_to_a_published_event_is_told_to_be_a_draft(
    world: World, editor: Client
) -> None:
    one = world.published
    form = form_of(editor, page_of(one)) | row(
        "citations", 1, source=world.source.pk, bearing="mentions", locator="p. 2"
    )

    page = editor.post(page_of(one), form, follow=True)

    assert "1 of its citations are not published" in page.content.decode()


@pytest.mark.parametrize(
    ("verb", "state", "after"),
    [
        ("submit", "draft", "in_review"),
        ("approve", "in_review", "published"),
        ("return", "in_review", "draft"),
        ("publish", "draft", "published"),
        ("withdraw", "published", "withdrawn"),
    ],
)
def test_the_list_takes_each_step_of_publication(
    world: World, editor: Client, verb: str, state: str, after: str
) -> None:
    Event.objects.filter(pk=world.draft.pk).update(
        publication=state, published_at="2020-01-01T00:00Z" if state == "published" else None
    )
    form = {"action": verb, "_selected_action": [world.draft.pk], "reason": "as discussed"}

    page = editor.post(list_of(Event), form, follow=True)

    world.draft.refresh_from_db()
    assert world.draft.publication == after
    assert "“Nine people sentenced" in page.content.decode()
    change = Change.objects.filter(record_type="event").latest("id")
    assert (change.reason, change.origin) == ("as discussed", "admin")


def test_a_step_that_one_row_cannot_take_does_not_hold_up_the_others(
    world: World, editor: Client
) -> None:
    uncited = event("Without a source")
    chosen = [uncited.pk, world.draft.pk, world.published.pk]

    page = editor.post(
        list_of(Event), {"action": "publish", "_selected_action": chosen}, follow=True
    )

    world.draft.refresh_from_db()
    assert world.draft.is_published
    html = page.content.decode()
    assert "cites no source" in html
    assert "is now published" in html
    assert "is published; “publish” is for what is" in html


@pytest.mark.parametrize("key", ["abc", "9" * 30, "-1", "²"])
def test_nonsense_is_no_row(world: World, editor: Client, key: str) -> None:
    form = {"action": "publish", "_selected_action": [key]}

    assert editor.post(list_of(Event), form).status_code == 400


def test_deleting_says_what_goes_and_keeps_the_reason(world: World, editor: Client) -> None:
    path = page_of(world.draft, "delete")
    html = editor.get(path).content.decode()
    assert "Citations: 1" in html
    assert "Participations: 2" in html

    answer = editor.post(path, {"post": "yes", "reason": "a double"})

    assert answer.status_code == 302
    assert not Event.objects.filter(pk=world.draft.pk).exists()
    change = Change.objects.get(action="deleted", record_type="event")
    assert (change.reason, change.origin) == ("a double", "admin")


def test_what_is_in_use_is_not_deleted(world: World, editor: Client) -> None:
    page = editor.post(page_of(world.place, "delete"), {"post": "yes"}, follow=True)

    assert "still used by events" in page.content.decode()
    assert Place.objects.filter(pk=world.place.pk).exists()


def test_a_stale_deletion_is_refused(world: World, editor: Client) -> None:
    form = {"post": "yes", "expected_version": world.draft.version + 3}

    page = editor.post(page_of(world.draft, "delete"), form, follow=True)

    assert "now at version" in page.content.decode()
    assert Event.objects.filter(pk=world.draft.pk).exists()


def test_several_are_deleted_one_by_one(world: World, editor: Client) -> None:
    spare = record(Place, name="Nowhere")
    form = {"action": "delete_selected", "_selected_action": [spare.pk, world.place.pk]}
    asked = editor.post(list_of(Place), form)
    assert "Delete the selected places?" in asked.content.decode()

    page = editor.post(list_of(Place), form | {"post": "yes", "reason": "tidy"}, follow=True)

    assert list(Place.objects.all()) == [world.place]
    html = page.content.decode()
    assert "is deleted" in html
    assert "still used" in html
    assert newest()[0].reason == "tidy"


def test_lines_stand_for_lists_and_names_elsewhere(world: World, editor: Client) -> None:
    form = form_of(editor, page_of(world.source)) | {"authors": "Tom\n\n  Ann \n"}
    save(editor, page_of(world.source), form)
    world.source.refresh_from_db()
    assert world.source.authors == ["Tom", "Ann"]

    form = form_of(editor, page_of(world.place)) | {"identifiers": "wikidata: Q92163"}
    save(editor, page_of(world.place), form)
    world.place.refresh_from_db()
    assert world.place.identifiers == {"wikidata": "Q92163"}

    form = form_of(editor, page_of(world.place)) | {"identifiers": "Q92163"}
    assert "one a line" in errors_of(editor.post(page_of(world.place), form))


@pytest.mark.parametrize(
    "text",
    ["{", "[1]", '{"a": 1e999}', '{"a": "\\u0000"}', '{"a": "\\ud800"}', "[" * 15_000, "9" * 5000],
)
def test_an_object_that_no_database_keeps_is_refused(
    world: World, editor: Client, text: str
) -> None:
    form = form_of(editor, page_of(world.draft)) | {"extra": text}

    page = editor.post(page_of(world.draft), form)

    assert "extra" in page.context["adminform"].form.errors


def test_a_tag_is_written_as_key_words_are(world: World, editor: Client) -> None:
    path = reverse("admin:timeline_tag_add")
    save(editor, path, form_of(editor, path) | {"label": "Trade war", "slug": "Trade-War"})

    assert Tag.objects.filter(slug="trade-war", label="Trade war").exists()


def test_a_claim_is_linked_to_what_it_contradicts(world: World, editor: Client) -> None:
    path = reverse("admin:timeline_claim_add")
    other = Claim.objects.filter(text="They were sentenced.").get()
    form = form_of(editor, path) | {
        "speaker": world.court.pk,
        "text": "Nobody was.",
        "stance": "denies",
        **row("links", 0, type="contradicts", other=other.pk),
    }
    save(editor, path, form)

    assert Claim.objects.get(text="Nobody was.").links.get().other == other


def test_a_name_of_an_actor_has_its_time(world: World, editor: Client) -> None:
    form = form_of(editor, page_of(world.court)) | row(
        "names", 1, text="Shunde court", kind="former", date="until 1912", date_basis="stated"
    )
    save(editor, page_of(world.court), form)

    name = world.court.names.get(text="Shunde court")
    assert (str(name.date), name.date_text) == ("../1912", "until 1912")


def test_an_actor_is_added_in_the_window_of_a_plus_sign(world: World, editor: Client) -> None:
    path = reverse("admin:timeline_actor_add")

    page = editor.post(path, form_of(editor, path) | {"name": "Diana", "_popup": 1})

    assert str(Actor.objects.get(name="Diana").pk) in page.content.decode()


def test_publication_is_nothing_that_a_form_can_say(world: World, editor: Client) -> None:
    form = form_of(editor, page_of(world.draft)) | {
        "publication": "published",
        "version": 99,
        "created_by": 1,
        "uuid": world.court.uuid,
    }
    save(editor, page_of(world.draft), form)

    world.draft.refresh_from_db()
    assert (world.draft.publication, world.draft.version) == (Publication.DRAFT, 1)


def test_a_long_text_is_cut_to_where_it_differs(world: World, editor: Client) -> None:
    form = form_of(editor, page_of(world.source)) | {"text": "a" * 3000 + "needle"}
    save(editor, page_of(world.source), form)
    form = form_of(editor, page_of(world.source)) | {"text": "a" * 3000 + "thread"}
    save(editor, page_of(world.source), form)

    history = editor.get(page_of(world.source, "history")).content.decode()

    assert "needle" in history
    assert "thread" in history
