"""Who may do what, and what a contributor must not even learn of."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from tests.admin.world import (
    SECRET_NAME,
    World,
    client_of,
    form_of,
    person,
    publish,
    term,
)
from timeline.admin.site import site
from timeline.models import Actor, Affiliation, Change, Claim, Event, Proposal, Tag, Token
from timeline.services.access import GROUPS, By, scope_of, the_command_line
from timeline.services.publication import take_step
from timeline.services.records import update_record
from timeline.services.tokens import find_token

EVENTS = "admin:timeline_event_changelist"


def page_of(one: Any, page: str = "change") -> str:
    return reverse(f"admin:timeline_{one._meta.model_name}_{page}", args=[one.pk])


def choices(client: Client, model: str, field: str, text: str) -> list[str]:
    query = {"app_label": "timeline", "model_name": model, "field_name": field, "term": text}
    answer = client.get(reverse("admin:autocomplete") + "?" + urlencode(query))
    return [result["text"] for result in answer.json()["results"]]


def test_the_groups_are_there_from_the_first_migration_on(db: Any) -> None:
    assert set(Group.objects.values_list("name", flat=True)) >= set(GROUPS)


def test_a_stranger_is_asked_to_log_in(world: World, client: Client) -> None:
    assert client.get(reverse(EVENTS)).url.startswith("/admin/login/")
    assert client.get(reverse("admin:understand_date")).url.startswith("/admin/login/")


def pages_with_drafts(world: World) -> list[str]:
    pages = [reverse("admin:index")]
    for model in site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        pages.append(reverse(f"admin:{name}_changelist"))
    for one in (world.draft, world.court, world.place, world.source):
        pages += [page_of(one), page_of(one, "history"), page_of(one, "delete")]
    return pages


def test_a_contributor_reads_of_no_protected_actor_on_any_page(
    world: World, contributor: Client
) -> None:
    seen = 0
    for page in pages_with_drafts(world):
        answer = contributor.get(page)
        html = answer.content.decode()
        seen += answer.status_code == 200
        assert SECRET_NAME not in html, page
        assert str(world.secret.uuid) not in html, page
        assert "only editors know of this" not in html, page
        assert "I told them" not in html, page
    assert seen > 15


def test_an_editor_reads_of_the_protected_actor_on_those_pages(
    world: World, editor: Client
) -> None:
    assert SECRET_NAME in editor.get(page_of(world.draft)).content.decode()
    assert SECRET_NAME in editor.get(page_of(world.draft, "history")).content.decode()
    assert choices(editor, "participation", "actor", "informant") == [SECRET_NAME]


@pytest.mark.parametrize("words", ["informant", SECRET_NAME])
def test_a_contributor_finds_nothing_by_the_name_of_a_protected_actor(
    world: World, contributor: Client, words: str
) -> None:
    for name in ("event", "actor", "claim", "affiliation", "participation"):
        page = contributor.get(reverse(f"admin:timeline_{name}_changelist"), {"q": words})
        assert list(page.context["cl"].result_list) == [], name
    assert choices(contributor, "participation", "actor", "informant") == []
    assert choices(contributor, "claim", "speaker", words) == []
    assert choices(contributor, "citation", "participation", words) == []


def test_a_contributor_is_offered_what_they_may_see(world: World, contributor: Client) -> None:
    assert choices(contributor, "participation", "actor", "法院") == ["Xingtai court"]
    assert choices(contributor, "event", "kind", "sentenc") == ["Sentencing"]
    assert choices(contributor, "citation", "event", "nine") == [
        "Nine people sentenced (7 November 2019)"
    ]


def test_a_role_is_no_kind_of_event(world: World, editor: Client) -> None:
    assert choices(editor, "event", "kind", "court") == []
    assert choices(editor, "participation", "role", "court") == ["Court"]


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_the_pages_of_a_protected_actor_are_as_if_it_did_not_exist(
    world: World, contributor: Client, page: str
) -> None:
    hidden = [
        world.secret,
        Claim.objects.get(text="I told them."),
        Affiliation.objects.get(actor=world.secret),
        world.draft.participations.get(actor=world.secret),
    ]
    for one in hidden:
        missing = reverse(f"admin:timeline_{one._meta.model_name}_{page}", args=[10_000_000])
        answers = [contributor.get(path) for path in (page_of(one, page), missing)]
        assert {answer.status_code for answer in answers} <= {302, 403}
        assert answers[0].status_code == answers[1].status_code


def test_a_contributor_cannot_choose_a_protected_actor_by_its_key(
    world: World, contributor: Client
) -> None:
    path = reverse("admin:timeline_claim_add")
    form = form_of(contributor, path) | {"speaker": world.secret.pk, "text": "x"}

    page = contributor.post(path, form)

    assert page.status_code == 200
    assert SECRET_NAME not in page.content.decode()
    assert not Claim.objects.filter(text="x").exists()


def test_what_a_contributor_saves_leaves_the_hidden_rows_alone(
    world: World, contributor: Client
) -> None:
    form = form_of(contributor, page_of(world.draft)) | {"title": "Nine are sentenced"}

    assert contributor.post(page_of(world.draft), form).status_code == 302

    world.draft.refresh_from_db()
    assert world.draft.title == "Nine are sentenced"
    assert {p.actor for p in world.draft.participations.all()} == {world.court, world.secret}


def test_a_contributor_changes_nothing_of_what_is_published_but_proposes(
    world: World, contributor: Client, editor: Client
) -> None:
    path = page_of(world.published)
    before = Change.objects.count()
    was = world.published.title

    assert "What you save is proposed" in contributor.get(path).content.decode()
    form = form_of(contributor, path) | {"title": "Nine people sentenced to prison"}
    page = contributor.post(path, form, follow=True)
    assert "waits here for approval" in page.content.decode()
    assert "Nine people sentenced to prison" in page.content.decode()
    assert 'value="approve"' not in page.content.decode()
    world.published.refresh_from_db()
    assert (world.published.title, Change.objects.count()) == (was, before)
    assert contributor.get(page_of(world.published, "delete")).status_code == 403
    assert contributor.post(page_of(world.published, "delete"), {"post": "yes"}).status_code == 403
    delete = {"action": "delete_selected", "post": "yes", "_selected_action": [world.published.pk]}
    answer = contributor.post(reverse(EVENTS), delete, follow=True)
    assert "needs the scope" in answer.content.decode()
    assert Change.objects.count() == before

    proposal = page_of(Proposal.objects.get())
    assert contributor.post(proposal, {"_decide": "approve"}, follow=True).status_code == 200
    assert Proposal.objects.get().state == "open"
    editor.post(proposal, {"_decide": "approve", "reason": "So it was."})
    world.published.refresh_from_db()
    assert world.published.title == "Nine people sentenced to prison"
    assert Change.objects.order_by("-id").first().reason == "So it was."


def test_a_contributor_writes_drafts_and_hands_them_in(
    world: World, contributor: Client, editor: Client
) -> None:
    path = reverse("admin:timeline_event_add")
    form = form_of(contributor, path) | {"title": "A tip", "date": "2017", "_step": "submit"}
    contributor.post(path, form)

    one = Event.objects.get(title="A tip")
    assert one.publication == "in_review"
    page = contributor.get(page_of(one))
    assert 'name="title"' not in page.content.decode()
    assert "Save and approve" not in page.content.decode()
    assert "Save and approve" in editor.get(page_of(one)).content.decode()


def test_a_contributor_is_offered_no_step_beyond_submitting(
    world: World, contributor: Client
) -> None:
    page = contributor.get(reverse(EVENTS))
    offered = {value for value, _ in page.context["action_form"].fields["action"].choices}
    assert offered == {"", "delete_selected", "submit"}

    chosen = {"action": "publish", "_selected_action": [world.draft.pk]}
    contributor.post(reverse(EVENTS), chosen)
    form = form_of(contributor, page_of(world.draft)) | {"_step": "publish"}
    page = contributor.post(page_of(world.draft), form)

    assert "needs the scope" in str(page.context["errors"])
    world.draft.refresh_from_db()
    assert world.draft.publication == "draft"


def test_a_contributor_adds_words_but_changes_none(world: World, contributor: Client) -> None:
    tag = Tag.objects.get()

    assert contributor.get(reverse("admin:timeline_tag_add")).status_code == 200
    assert contributor.post(page_of(tag), {"label": "x"}).status_code == 403


def test_powers_come_from_groups_and_not_from_permissions(world: World) -> None:
    visitor = person("visitor")
    assert scope_of(visitor) == "read"

    assert client_of(visitor).get(reverse(EVENTS)).status_code == 403
    assert "permission" in client_of(visitor).get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("page", ["auth_user", "auth_group", "timeline_token"])
def test_people_and_tokens_are_for_administrators(
    world: World, editor: Client, administrator: Client, page: str
) -> None:
    assert editor.get(reverse(f"admin:{page}_changelist")).status_code == 403
    assert editor.get(reverse(f"admin:{page}_add")).status_code == 403
    assert administrator.get(reverse(f"admin:{page}_changelist")).status_code == 200
    answer = editor.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "timeline",
            "model_name": "token",
            "field_name": "user",
            "term": "",
        },
    )
    assert answer.status_code == 403


def test_an_administrator_gives_powers_by_groups(administrator: Client) -> None:
    user = User.objects.create_user("new", is_staff=True)
    path = reverse("admin:auth_user_change", args=[user.pk])
    form = form_of(administrator, path) | {"groups": [Group.objects.get(name="Editor").pk]}

    assert administrator.post(path, form).status_code == 302

    assert scope_of(User.objects.get(pk=user.pk)) == "publish"


def test_a_token_is_told_once_and_then_only_revoked(administrator: Client) -> None:
    user = User.objects.create_user("program")
    path = reverse("admin:timeline_token_add")
    form = form_of(administrator, path) | {"user": user.pk, "name": "mirror", "scope": "write"}

    page = administrator.post(path, form, follow=True)

    token = Token.objects.get(name="mirror")
    secret = next(w for w in page.content.decode().split() if w.startswith(f"tl_{token.key}."))
    assert find_token(secret) == token
    assert "tl_" not in administrator.get(page_of(token)).content.decode()
    assert administrator.post(page_of(token), {"name": "x"}).status_code == 403
    assert administrator.post(page_of(token, "delete"), {"post": "yes"}).status_code == 403

    chosen = {"action": "revoke", "_selected_action": [token.pk]}
    administrator.post(reverse("admin:timeline_token_changelist"), chosen)

    assert find_token(secret) is None


def test_a_token_that_would_never_work_is_not_issued(administrator: Client) -> None:
    user = User.objects.create_user("program")
    path = reverse("admin:timeline_token_add")
    form = form_of(administrator, path) | {
        "user": user.pk,
        "name": "late",
        "scope": "read",
        "expires_at_0": "2001-01-01",
        "expires_at_1": "00:00",
    }

    assert "never work" in str(administrator.post(path, form).context["errors"])
    assert not Token.objects.exists()


def test_a_history_hides_who_became_protected_later(
    world: World, contributor: Client, administrator: Client
) -> None:
    by = By(user=User.objects.get(username="administrator"), scope=GROUPS["Editor"], origin="api")
    update_record(world.court, values={"protected": True}, by=by)

    html = contributor.get(page_of(world.draft, "history")).content.decode()

    assert "Xingtai court" not in html
    assert "in Hebei" not in html
    assert contributor.get(page_of(world.court)).status_code == 302


def test_publishing_an_actor_does_not_lift_its_protection(
    world: World, contributor: Client
) -> None:
    publish(world.secret)
    term("roles", "spokesperson")

    assert list(
        contributor.get(reverse("admin:timeline_actor_changelist")).context["cl"].result_list
    ) == list(Actor.objects.filter(protected=False).order_by("name"))


def test_what_may_only_be_read_says_its_date_in_words(
    world: World, contributor: Client, editor: Client
) -> None:
    one = take_step(world.draft, "submit", by=the_command_line())

    html = contributor.get(page_of(one)).content.decode()

    assert '<span title="2019-11-07">7 November 2019</span>' in html
    assert 'value="2019-11-07"' in editor.get(page_of(one)).content.decode()
