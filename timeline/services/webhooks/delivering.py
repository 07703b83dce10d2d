"""The feed of changes, sent: each entry of it in order, one a request, until it has arrived.

The place in the ledger up to which a webhook has been sent moves on when its receiver has taken
an entry and not before; so every entry arrives, perhaps twice, never out of order. Who sends takes
the webhook first, by moving the instant at which it is due; nobody else finds it due then, and
nothing is locked while a receiver thinks.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from timeline.errors import Invalid
from timeline.models import Change, Delivery, Scope, Webhook
from timeline.services.access import By
from timeline.services.webhooks.sending import PATIENCE, Line, Outcome
from timeline.services.webhooks.signing import signature
from timeline.services.webhooks.targets import read_target

# What GET /changes would tell of these entries; told anew each time, since what was withdrawn in
# the meantime is told no more.
Teller = Callable[[list[Change]], list[dict[str, Any]]]

# Entries that a webhook is sent before the others have their turn.
TURN = 100
# How long who sends keeps others off; renewed at each entry, and over by itself if they die.
LEASE = timedelta(seconds=6 * PATIENCE)
# After which the same is tried again; then, after some three days, the webhook is disabled.
PAUSES = [
    *(timedelta(seconds=seconds) for seconds in (5, 30)),
    *(timedelta(minutes=minutes) for minutes in (5, 30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
]
# How much longer a pause may be, so that not everybody comes back at once.
JITTER = 0.2
# How long what was sent can be looked up.
KEPT = timedelta(days=30)
# More than so many entries that wait are not counted.
COUNTED = 10_000
GONE = 410
CHANCE = SystemRandom()


def deliver_due(tell: Teller, *, stopped: Callable[[], bool] = lambda: False) -> Iterator[Delivery]:
    """Send all webhooks what they are due, and yield each attempt, until nothing is due."""
    old = Delivery.objects.filter(sent_at__lt=timezone.now() - KEPT)
    if old.exists():
        old.delete()
    more = True
    while more:
        more = False
        for webhook in Webhook.objects.due(timezone.now()):
            for delivery in _turn(webhook, tell, stopped):
                more = more or delivery.is_delivered
                yield delivery
            if stopped():
                return


def send_test(webhook: Webhook, *, by: By) -> Delivery:
    """Send something that is no change, now, and say what came of it."""
    by.needs(Scope.PUBLISH)
    now, message = timezone.now(), f"test_{secrets.token_hex(16)}"
    body = {"type": "webhook.test", "timestamp": _told(now), "data": {"webhook": str(webhook.uuid)}}
    with Line(read_target(webhook.url)) as line:
        outcome = _send(webhook, line, message, body)
    return _noted(webhook, outcome, message=message, type="webhook.test", attempt=1, sent_at=now)


def waiting(webhook: Webhook) -> QuerySet[Change]:
    """What is left to send."""
    entries = Change.objects.known_to_the_public().filter(id__gt=webhook.position)
    if webhook.types:
        entries = entries.filter(record_type__in=webhook.types)
    return entries.order_by("id")


def count_waiting(webhook: Webhook) -> int:
    """How many entries are left to send; so many that nobody counts on are not counted."""
    return waiting(webhook).values("id")[:COUNTED].count()


def _turn(webhook: Webhook, tell: Teller, stopped: Callable[[], bool]) -> Iterator[Delivery]:
    newest = Change.objects.order_by("-id").values_list("id", flat=True).first() or 0
    entries = list(waiting(webhook)[:TURN])
    if not entries:
        if newest > webhook.position:
            # Drafts need not be looked at again and again.
            _move(webhook, position=newest)
        return
    if not _move(webhook, due_at=timezone.now() + LEASE):
        return
    try:
        target = read_target(webhook.url)
    except Invalid as error:
        # It was taken under other settings.
        _move(webhook, is_enabled=False, disabled_reason=error.detail)
        return
    with Line(target) as line:
        for entry in entries:
            delivery, is_ours = _deliver(webhook, line, entry, tell)
            yield delivery
            if not is_ours or not delivery.is_delivered:
                return
            if stopped():
                break
    _move(webhook, due_at=timezone.now())


def _deliver(webhook: Webhook, line: Line, entry: Change, tell: Teller) -> tuple[Delivery, bool]:
    """One attempt; and whether the webhook is still ours to go on with."""
    (told,) = tell([entry])
    now, kind = timezone.now(), f"{told['type']}.{told['action']}"
    body = {"type": kind, "timestamp": told["at"], "data": told}
    attempt = webhook.failures + 1
    outcome = _send(webhook, line, entry.hash, body)
    after = _after_failure(webhook, outcome) if outcome.error else _after_success(entry)
    with transaction.atomic():
        is_ours = _move(webhook, **after)
        is_retried = is_ours and bool(outcome.error) and webhook.is_enabled
        delivery = _noted(
            webhook,
            outcome,
            message=entry.hash,
            type=kind,
            attempt=attempt,
            sent_at=now,
            next_attempt_at=webhook.due_at if is_retried else None,
        )
    return delivery, is_ours


def _send(webhook: Webhook, line: Line, message: str, body: dict[str, Any]) -> Outcome:
    now = timezone.now()
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Timeline-Webhooks",
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature(webhook, message=message, at=now, body=text),
    }
    return line.post(headers, text)


def _after_success(entry: Change) -> dict[str, Any]:
    now = timezone.now()
    return {
        "position": entry.pk,
        "cursor": entry.hash,
        "failures": 0,
        "failing_since": None,
        "last_success_at": now,
        "due_at": now + LEASE,
    }


def _after_failure(webhook: Webhook, outcome: Outcome) -> dict[str, Any]:
    now, failures = timezone.now(), webhook.failures + 1
    after: dict[str, Any] = {
        "failures": failures,
        "failing_since": webhook.failing_since or now,
        "due_at": now,
    }
    if outcome.status == GONE:
        reason = "The receiver answered 410: it wants no more."
        return after | {"is_enabled": False, "disabled_reason": reason}
    if failures > len(PAUSES):
        reason = f"The receiver took nothing in {failures} attempts. The last: {outcome.error}"
        return after | {"is_enabled": False, "disabled_reason": reason[:500]}
    pause = PAUSES[failures - 1] * (1 + CHANCE.uniform(0, JITTER))
    return after | {"due_at": now + pause}


def _move(webhook: Webhook, **values: Any) -> bool:
    """Write this, unless somebody else has taken or changed the webhook since it was read."""
    ours = Webhook.objects.filter(pk=webhook.pk, due_at=webhook.due_at, is_enabled=True)
    if not ours.update(**values):
        return False
    for name, value in values.items():
        setattr(webhook, name, value)
    return True


def _noted(webhook: Webhook, outcome: Outcome, **said: Any) -> Delivery:
    delivery = Delivery(
        uuid=uuid4(),
        webhook_id=webhook.pk,
        status=outcome.status,
        duration_ms=outcome.duration_ms,
        error=outcome.error,
        **said,
    )
    # Whoever deleted the webhook meanwhile wants no log of it.
    if Webhook.objects.filter(pk=webhook.pk).exists():
        delivery.save(force_insert=True)
    return delivery


def _told(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
