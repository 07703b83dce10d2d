"""Who is told of changes: begun, changed, ended, given a new secret, sent to again.

Whoever sends at the same moment notices, since each verb that matters to them moves ``due_at``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.utils import timezone

from timeline.errors import Conflict, Flaw, Invalid
from timeline.models import Change, Scope, Webhook
from timeline.services import ledger
from timeline.services.access import By
from timeline.services.records import current
from timeline.services.webhooks.signing import make_salt
from timeline.services.webhooks.targets import read_target

log = structlog.get_logger(__name__)

# Each costs the sender a request for every change.
MAX_WEBHOOKS = 50
# How long the secret before a rotation goes on signing, so that a receiver can change in its time.
BOTH_SECRETS = timedelta(hours=24)
MEMBERS = ("name", "url", "types", "is_enabled")
# What a failure leaves behind, cleared.
UNFAILING: dict[str, Any] = {"failures": 0, "failing_since": None, "disabled_reason": ""}


class TooManyWebhooks(Conflict):
    """No further one is taken."""

    code = "too-many-webhooks"
    advice = "Delete one that is not needed any more, or let one receiver pass on what it is sent."


def create_webhook(*, values: dict[str, Any], by: By) -> Webhook:
    """Begin to tell a receiver of what changes from now on."""
    by.needs(Scope.PUBLISH)
    with ledger.writing():
        if Webhook.objects.count() >= MAX_WEBHOOKS:
            raise TooManyWebhooks(f"There are {MAX_WEBHOOKS} webhooks, and there may be no more.")
        newest = _newest()
        now = ledger.now()
        webhook = Webhook(
            salt=make_salt(),
            position=newest,
            cursor=_cursor_at(newest),
            created_by=by.user,
            created_at=now,
            updated_at=now,
            due_at=now,
        )
        _set(webhook, values)
        webhook.save(force_insert=True)
    _log("created", webhook, by)
    return webhook


def update_webhook(
    webhook: Webhook, *, values: dict[str, Any], by: By, expected_version: int | None = None
) -> Webhook:
    """Change what ``values`` name. To enable it is to try again at once, where it had come to."""
    by.needs(Scope.PUBLISH)
    with ledger.writing():
        webhook = current(webhook, expected_version)
        before = {name: getattr(webhook, name) for name in MEMBERS}
        _set(webhook, values)
        changed = {name for name in MEMBERS if getattr(webhook, name) != before[name]}
        if not changed:
            return webhook
        cleared: dict[str, Any] = {}
        if changed & {"url", "is_enabled"}:
            cleared = UNFAILING | {"due_at": timezone.now()}
            if not webhook.is_enabled:
                cleared["disabled_reason"] = f"{by.user or 'The command line'} disabled it."
        _save(webhook, changed, **cleared)
    _log("changed", webhook, by)
    return webhook


def delete_webhook(webhook: Webhook, *, by: By, expected_version: int | None = None) -> None:
    """Tell the receiver nothing any more, and forget what was sent."""
    by.needs(Scope.PUBLISH)
    with ledger.writing():
        current(webhook, expected_version).delete()
    _log("deleted", webhook, by)


def rotate_secret(webhook: Webhook, *, by: By) -> Webhook:
    """Give it a new secret. For a day what is sent is signed with the one before as well."""
    by.needs(Scope.PUBLISH)
    with ledger.writing():
        webhook = current(webhook)
        former = {"former_salt": webhook.salt, "former_until": timezone.now() + BOTH_SECRETS}
        _save(webhook, (), salt=make_salt(), **former)
    _log("rotated", webhook, by)
    return webhook


def replay(
    webhook: Webhook, *, by: By, cursor: str | None = None, since: datetime | None = None
) -> Webhook:
    """Send again what came after this cursor, or since this instant; or leave out what came before.

    ``cursor`` is the hash of an entry of the feed, or that of the beginning.
    """
    by.needs(Scope.PUBLISH)
    if (cursor is None) == (since is None):
        raise Invalid([Flaw((), "one-of-two", "Say either a cursor or an instant since when.")])
    with ledger.writing():
        webhook = current(webhook)
        position = _place(cursor) if cursor is not None else _before(since)
        _save(
            webhook,
            (),
            position=position,
            cursor=_cursor_at(position),
            due_at=timezone.now(),
            failures=0,
            failing_since=None,
        )
    _log("replayed", webhook, by)
    return webhook


def _place(cursor: str) -> int:
    found = Change.objects.filter(hash=cursor).values_list("id", flat=True).first()
    if found is None and cursor != ledger.GENESIS:
        raise Invalid.field(
            "cursor", "bad-cursor", "This cursor is of no entry of the feed of changes."
        )
    return found or 0


def _before(instant: datetime) -> int:
    """The place before the first entry since then."""
    first = Change.objects.made_since(instant).order_by("id").values_list("id", flat=True).first()
    return _newest() if first is None else first - 1


def _newest() -> int:
    return Change.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _cursor_at(position: int) -> str:
    """The newest entry of the feed up to this place in the ledger."""
    entries = Change.objects.known_to_the_public().filter(id__lte=position).order_by("-id")
    return entries.values_list("hash", flat=True).first() or ledger.GENESIS


def _set(webhook: Webhook, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(webhook, name, value)
    read_target(webhook.url)
    try:
        webhook.clean_fields(exclude=["created_by"])
    except ValidationError as error:
        flaws = error.message_dict.items()
        raise Invalid([Flaw((name,), "invalid", " ".join(told)) for name, told in flaws]) from error


def _save(webhook: Webhook, changed: Any, **values: Any) -> None:
    """Write these columns alone: others may be written by who sends at this moment."""
    values |= {"version": webhook.version + 1, "updated_at": ledger.now()}
    for name, value in values.items():
        setattr(webhook, name, value)
    webhook.save(update_fields=[*changed, *values])


def _log(verb: str, webhook: Webhook, by: By) -> None:
    """Who is told what is no record of the world and so not in the ledger; the log has who did it."""
    who = by.user.pk if by.user else None
    log.info("webhook", verb=verb, webhook=str(webhook.uuid), by=who)
