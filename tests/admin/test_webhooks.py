"""Editors say who is told of changes, see how it goes, and put it right."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from tests.receivers import Receiver, receiving
from timeline.models import Delivery, Webhook
from timeline.services.access import the_command_line
from timeline.services.webhooks import create_webhook, secret_of, update_webhook

pytestmark = pytest.mark.django_db

LIST = "admin:timeline_webhook_changelist"


@pytest.fixture(autouse=True)
def _to_this_machine(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


def subscribe(receiver: Receiver) -> Webhook:
    values = {"name": "A mirror", "url": receiver.url}
    return create_webhook(values=values, by=the_command_line())


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def act(client: Client, name: str, webhook: Webhook) -> str:
    chosen = {"action": name, "_selected_action": [webhook.pk], "index": 0}
    return said(client.post(reverse(LIST), chosen))


def test_one_is_made_and_its_secret_is_told_once(editor: Client) -> None:
    form = {"name": "A mirror", "url": "https://mirror.example/in", "types": ["event"]}
    answer = editor.post(reverse("admin:timeline_webhook_add"), form | {"is_enabled": "on"})

    webhook = Webhook.objects.get()
    assert secret_of(webhook) in said(answer)
    assert webhook.types == ["event"]
    assert str(webhook.created_by) == "editor"
    page = editor.get(reverse("admin:timeline_webhook_change", args=[webhook.pk]))
    shown = editor.get(page.wsgi_request.path).content.decode()
    assert secret_of(webhook) not in shown
    assert webhook.salt not in shown


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "http://mirror.example/", "mirror"])
def test_an_address_that_may_not_be_sent_to_is_refused_at_its_field(
    editor: Client, settings: Any, url: str
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    answer = editor.post(reverse("admin:timeline_webhook_add"), {"name": "A mirror", "url": url})

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["url"]
    assert not Webhook.objects.exists()


def test_the_actions_try_it_enable_it_and_send_again(editor: Client) -> None:
    with receiving(200, 500) as receiver:
        webhook = subscribe(receiver)
        assert "The test arrived; the answer was 200." in act(editor, "test", webhook)
        assert "The receiver answered 500." in act(editor, "test", webhook)
    update_webhook(webhook, values={"is_enabled": False}, by=the_command_line())
    assert "The command line disabled it." in editor.get(reverse(LIST)).content.decode()

    act(editor, "enable", webhook)
    act(editor, "replay_all", webhook)
    former = secret_of(webhook)
    told = act(editor, "rotate", webhook)

    webhook.refresh_from_db()
    assert webhook.is_enabled
    assert webhook.position == 0
    assert secret_of(webhook) in told
    assert secret_of(webhook) != former


def test_what_was_sent_can_be_read_and_goes_with_the_webhook(editor: Client) -> None:
    with receiving(500) as receiver:
        webhook = subscribe(receiver)
        act(editor, "test", webhook)
    page = editor.get(reverse("admin:timeline_delivery_changelist"), {"delivered": "no"})
    assert "The receiver answered 500." in page.content.decode()
    assert [d.type for d in page.context["cl"].result_list] == ["webhook.test"]

    delete = reverse("admin:timeline_webhook_delete", args=[webhook.pk])
    assert "ledger" not in editor.get(delete).content.decode()
    editor.post(delete, {"post": "yes"})

    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()
