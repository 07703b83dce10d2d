"""Webhooks: every change arrives, in order, signed, until it is taken."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.clients import Api
from tests.factories.people import someone
from tests.factories.records import make_actor, make_event, make_place
from tests.receivers import Message, Receiver, is_signed, receiving
from tests.test_readme import programs
from timeline.models import Delivery, Webhook
from timeline.services.ledger import GENESIS
from timeline.services.publication import take_step
from timeline.services.records import update_record
from timeline.services.webhooks import (
    create_webhook,
    replay,
    rotate_secret,
    secret_of,
    send_test,
    update_webhook,
)
from timeline.services.webhooks.delivering import LEASE, PAUSES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _to_this_machine(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Run a receiver that takes everything."""
    with receiving() as running:
        yield running


def subscribe(receiver: Receiver, **values: Any) -> Webhook:
    values = {"name": "A mirror", "url": receiver.url} | values
    return create_webhook(values=values, by=someone())


def deliver() -> str:
    """What the command says when it has sent what is due, whether all was taken or not."""
    out, err = StringIO(), StringIO()
    try:
        call_command("deliver_webhooks", stdout=out, stderr=err)
    except CommandError as error:
        err.write(str(error))
    return out.getvalue() + err.getvalue()


def let_time_pass(webhook: Webhook) -> None:
    """Let the pause before the next attempt be over."""
    webhook.refresh_from_db()
    assert webhook.due_at > timezone.now()
    Webhook.objects.filter(pk=webhook.pk).update(due_at=timezone.now())


def kinds(receiver: Receiver) -> list[str]:
    return [message.data["type"] for message in receiver.messages]


def feed(**query: Any) -> list[dict[str, Any]]:
    return Api().get("changes", page_size=200, **query).json()["results"]


def test_what_changes_from_now_on_is_sent_in_order_as_the_feed_tells_it(
    receiver: Receiver,
) -> None:
    make_actor()
    before = Api().get("changes").json()["cursor"]
    webhook = subscribe(receiver)
    event = make_event(title="A trial")
    update_record(event, values={"title": "The trial"}, by=someone(), reason="There was one.")
    make_event("draft", title="Not yet")

    assert "Delivered" in deliver()

    assert receiver.told() == feed(since=before)
    assert kinds(receiver) == [f"{c['type']}.{c['action']}" for c in receiver.told()]
    assert kinds(receiver)[-1] == "event.updated"
    assert [m.id for m in receiver.messages] == [c["cursor"] for c in receiver.told()]
    assert [m.data["timestamp"] for m in receiver.messages] == [c["at"] for c in receiver.told()]
    assert all(m.path == "/in?a=b" for m in receiver.messages)
    assert receiver.connections == 1
    webhook.refresh_from_db()
    assert webhook.cursor == feed()[-1]["cursor"]
    assert webhook.last_success_at is not None
    deliver()
    assert len(receiver.messages) == len(feed(since=before))


def test_each_message_is_signed_so_that_nobody_else_can_have_sent_it(receiver: Receiver) -> None:
    webhook = subscribe(receiver)
    other = subscribe(receiver, name="Another")
    make_actor()
    deliver()

    first, second = receiver.messages
    assert secret_of(webhook) != secret_of(other)
    assert is_signed(first, secret_of(webhook))
    assert is_signed(second, secret_of(other))
    assert not is_signed(first, secret_of(other))
    changed = Message(first.path, first.headers, first.body.replace(b"published", b"withdrawn"))
    assert changed.body != first.body
    assert not is_signed(changed, secret_of(webhook))
    moved = {**first.headers, "webhook-id": "f" * 64}
    assert not is_signed(Message(first.path, moved, first.body), secret_of(webhook))


def test_what_the_guide_says_of_verifying_holds_for_what_is_sent(receiver: Receiver) -> None:
    section = programs("python").partition("def verified(")[2].partition("\n\n\n")[0]
    said: dict[str, Any] = {"base64": base64, "hmac": hmac, "json": json, "time": time}
    exec(f"def verified({section}", said)  # noqa: S102 - it is our own guide
    webhook = subscribe(receiver)
    make_actor()
    deliver()

    (message,) = receiver.messages
    told = said["verified"](secret_of(webhook), message.headers, message.body)
    assert told["type"] == "actor.published"
    with pytest.raises(ValueError, match="not signed"):
        said["verified"](secret_of(webhook), message.headers, message.body + b" ")


def test_nothing_that_is_kept_can_sign(receiver: Receiver) -> None:
    webhook = subscribe(receiver)
    make_actor()
    deliver()

    kept = str([*Webhook.objects.values(), *Delivery.objects.values()])
    assert secret_of(webhook).removeprefix("whsec_") not in kept


def test_after_a_rotation_both_secrets_are_good_for_a_day(receiver: Receiver) -> None:
    webhook = subscribe(receiver)
    former = secret_of(webhook)
    webhook = rotate_secret(webhook, by=someone())
    assert secret_of(webhook) != former

    make_actor()
    deliver()
    assert is_signed(receiver.messages[0], former)
    assert is_signed(receiver.messages[0], secret_of(webhook))

    Webhook.objects.update(former_until=timezone.now())
    make_actor()
    deliver()
    assert not is_signed(receiver.messages[1], former)
    assert is_signed(receiver.messages[1], secret_of(webhook))


def test_a_former_key_of_the_service_goes_on_signing(receiver: Receiver, settings: Any) -> None:
    former = secret_of(subscribe(receiver))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"
    make_actor()
    deliver()

    assert is_signed(receiver.messages[0], former)
    assert is_signed(receiver.messages[0], secret_of(Webhook.objects.get()))


def test_what_is_not_taken_is_sent_again_and_nothing_after_it_before(receiver: Receiver) -> None:
    webhook = subscribe(receiver)
    first, second = make_actor(), make_actor()
    receiver.answers = [500, 503]

    told = deliver()
    assert "A mirror: attempt 1 failed. The receiver answered 500. Again at" in told
    deliver()
    assert len(receiver.messages) == 1, "it is not due yet"
    let_time_pass(webhook)
    deliver()
    let_time_pass(webhook)
    deliver()

    assert [c["id"] for c in receiver.told()] == [str(first.uuid)] * 3 + [str(second.uuid)]
    assert len({message.id for message in receiver.messages[:3]}) == 1
    assert all(is_signed(message, secret_of(webhook)) for message in receiver.messages)
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since) == (0, None)
    log = Delivery.objects.order_by("id").values_list("attempt", "status", "error")
    assert list(log) == [
        (1, 500, "The receiver answered 500."),
        (2, 503, "The receiver answered 503."),
        (3, 204, ""),
        (1, 204, ""),
    ]


def test_the_pauses_grow_and_then_the_webhook_is_disabled_and_says_why(receiver: Receiver) -> None:
    webhook = subscribe(receiver)
    make_actor()
    receiver.answers = [500] * 20
    pauses = []
    for _ in PAUSES:
        deliver()
        webhook.refresh_from_db()
        pauses.append(webhook.due_at - timezone.now())
        assert webhook.is_enabled
        let_time_pass(webhook)
    deliver()

    assert pauses == sorted(pauses)
    assert pauses[0] < timedelta(seconds=7)
    assert pauses[-1] > timedelta(hours=23)
    webhook.refresh_from_db()
    assert not webhook.is_enabled
    assert "11 attempts" in webhook.disabled_reason
    assert "answered 500" in webhook.disabled_reason
    sent = len(receiver.messages)
    deliver()
    assert len(receiver.messages) == sent

    # Nothing was lost: enabled again it goes on where it had come to.
    receiver.answers = []
    update_webhook(webhook, values={"is_enabled": True}, by=someone())
    deliver()
    assert receiver.messages[-1].id == receiver.messages[0].id
    webhook.refresh_from_db()
    assert webhook.disabled_reason == ""


def test_a_receiver_that_is_gone_is_sent_nothing_more(receiver: Receiver) -> None:
    webhook = subscribe(receiver)
    make_actor()
    receiver.answers = [410]

    assert "It is disabled." in deliver()

    webhook.refresh_from_db()
    assert not webhook.is_enabled
    assert "410" in webhook.disabled_reason


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with receiving() as elsewhere:
        subscribe(receiver)
        make_actor()
        receiver.answers = [(307, {"Location": elsewhere.url})]

        assert "answered 307; redirects are not followed" in deliver()

        assert elsewhere.messages == []
        assert Webhook.objects.get().failures == 1


def test_one_that_fails_keeps_no_other_waiting(receiver: Receiver) -> None:
    with receiving(*[500] * 5) as broken:
        subscribe(broken, name="Broken")
        subscribe(receiver)
        for _ in range(3):
            make_actor()
        deliver()

        assert (len(broken.messages), len(receiver.messages)) == (1, 3)


def test_what_was_withdrawn_in_the_meantime_is_told_no_more(receiver: Receiver) -> None:
    webhook = subscribe(receiver)
    event = make_event(title="The name of the informant")
    receiver.answers = [500]
    deliver()
    take_step(event, "withdraw", by=someone())
    let_time_pass(webhook)
    sent = len(receiver.messages)
    deliver()

    later = receiver.messages[sent:]
    assert [m.data["type"] for m in later if m.data["data"]["id"] == str(event.uuid)] == [
        "event.published",
        "event.withdrawn",
    ]
    assert b"informant" not in b"".join(message.body for message in later)


def test_of_some_types_alone_nothing_else_is_sent(receiver: Receiver) -> None:
    subscribe(receiver, types=["place"])
    make_actor()
    make_place()
    make_event()
    deliver()

    assert kinds(receiver) == ["place.published"]


def test_drafts_are_passed_over_once(receiver: Receiver) -> None:
    webhook = subscribe(receiver)
    make_actor("draft")
    deliver()

    moved = Webhook.objects.get()
    assert moved.position > webhook.position
    assert moved.cursor == webhook.cursor
    assert receiver.messages == []


@pytest.mark.parametrize("how", ["from the beginning", "from a cursor", "since an instant"])
def test_a_replay_sends_again_what_was_sent_each_under_its_id(receiver: Receiver, how: str) -> None:
    make_place()
    between = timezone.now()
    make_actor()
    webhook = subscribe(receiver)
    make_event()
    deliver()
    once = [message.id for message in receiver.messages]
    everything = [change["cursor"] for change in feed()]
    receiver.messages.clear()

    match how:
        case "from the beginning":
            replay(webhook, cursor=GENESIS, by=someone())
            expected = everything
        case "from a cursor":
            replay(webhook, cursor=everything[0], by=someone())
            expected = everything[1:]
        case _:
            replay(webhook, since=between, by=someone())
            expected = everything[1:]
    deliver()

    assert [message.id for message in receiver.messages] == expected
    assert once == expected[-len(once) :]


def test_a_replay_leaves_out_what_a_receiver_will_never_take(receiver: Receiver) -> None:
    webhook = subscribe(receiver)
    make_actor()
    receiver.answers = [400]
    deliver()
    place = make_place()

    replay(webhook, cursor=feed()[-2]["cursor"], by=someone())
    deliver()

    assert receiver.told()[-1]["id"] == str(place.uuid)
    assert len(receiver.messages) == 2
    assert Webhook.objects.get().failures == 0


def test_whom_somebody_is_sending_to_is_sent_to_by_nobody_else(receiver: Receiver) -> None:
    webhook = subscribe(receiver)
    make_actor()
    Webhook.objects.update(due_at=timezone.now() + LEASE)
    assert deliver() == "Delivered 0, failed 0.\n"

    # And who was sending may have died.
    let_time_pass(webhook)
    deliver()
    assert len(receiver.messages) == 1


def test_a_paused_webhook_is_sent_nothing_until_it_goes_on(receiver: Receiver) -> None:
    webhook = subscribe(receiver)
    update_webhook(webhook, values={"is_enabled": False}, by=someone())
    make_actor()
    deliver()
    assert receiver.messages == []
    assert Webhook.objects.get().disabled_reason == "publishr disabled it."

    update_webhook(webhook, values={"is_enabled": True}, by=someone())
    deliver()
    assert len(receiver.messages) == 1


def test_a_test_says_at_once_what_came_of_it_and_changes_nothing(receiver: Receiver) -> None:
    webhook = subscribe(receiver)
    make_actor()

    taken = send_test(webhook, by=someone())
    receiver.answers = [401]
    refused = send_test(webhook, by=someone())

    assert (taken.status, taken.error) == (204, "")
    assert (refused.status, refused.error) == (401, "The receiver answered 401.")
    first, second = receiver.messages
    assert first.id != second.id
    assert is_signed(first, secret_of(webhook))
    assert json.loads(first.body)["type"] == "webhook.test"
    assert Webhook.objects.get().failures == 0
    deliver()
    assert kinds(receiver)[2:] == ["actor.published"]


def test_the_log_is_kept_for_thirty_days(receiver: Receiver) -> None:
    subscribe(receiver)
    make_actor()
    deliver()
    Delivery.objects.update(sent_at=timezone.now() - timedelta(days=31))
    make_actor()
    deliver()

    assert Delivery.objects.count() == 1


def test_the_exit_status_says_whether_all_was_taken(receiver: Receiver) -> None:
    subscribe(receiver)
    make_actor()
    receiver.answers = [500]
    with pytest.raises(CommandError, match=r"Delivered 0, failed 1\."):
        call_command("deliver_webhooks", stderr=StringIO())

    Webhook.objects.update(due_at=timezone.now())
    out = StringIO()
    call_command("deliver_webhooks", stdout=out)
    assert out.getvalue() == "Delivered 1, failed 0.\n"
