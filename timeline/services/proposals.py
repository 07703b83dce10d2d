"""Changes to what is public that wait for somebody's approval.

A proposal is kept apart from the record: until it is approved nothing that is told of the record
differs, its version and ETag included.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from timeline.errors import Conflict
from timeline.models import RECORDS, Change, Decision, Event, Proposal, Record, Scope, Versioned
from timeline.services import ledger
from timeline.services.access import By
from timeline.services.events import edited
from timeline.services.history import entries, values_of
from timeline.services.publication import OwnWork
from timeline.services.records import current, update_record, write_values

MODELS = {model._meta.model_name: model for model in RECORDS}


class NotPublic(Conflict):
    """What is not public is changed, and needs no proposal."""

    code = "not-public"


class AlreadyDecided(Conflict):
    """The proposal was approved or dismissed before."""

    code = "already-decided"


class Overtaken(Conflict):
    """What the proposal changes has been changed by somebody else since."""

    code = "overtaken"


class _Tried(Exception):
    """Leaves the transaction without its work."""


def change_or_propose(
    record: Record,
    *,
    values: dict[str, Any],
    by: By,
    reason: str = "",
    expected_version: int | None = None,
    propose: bool = False,
) -> Versioned | Proposal:
    """Change the record; or propose the change, if it is public and its author may not publish it.

    ``propose`` asks for a proposal whoever one is.
    """
    with ledger.writing():
        record = current(record, expected_version)
        if isinstance(record, Event):
            values = edited(record, values, by)
        if propose or must_propose(record, by):
            return _propose(record, values, by, reason)
        return update_record(record, values=values, by=by, reason=reason)


def must_propose(record: Any, by: By) -> bool:
    """Whether a change of ``record`` by this author would need somebody else's approval."""
    is_public = getattr(record, "is_published", False)
    return is_public and (settings.FOUR_EYES or not by.may(Scope.PUBLISH))


def _propose(record: Record, values: dict[str, Any], by: By, reason: str) -> Record | Proposal:
    by.needs(Scope.WRITE)
    if not record.is_published:
        raise NotPublic(f"“{record}” is not published: change it as it is, without a proposal.")
    before, after = ledger.snapshot(record), _tried(record, values, by)
    changes = {name: value for name, value in after.items() if value != before[name]}
    if not changes:
        # What changes nothing is not recorded, and needs nobody's approval.
        return current(record)
    return Proposal.objects.create(
        record_type=record._meta.model_name,
        record_uuid=record.uuid,
        base_version=record.version,
        changes=changes,
        reason=reason,
        proposed_by=by.user,
    )


def _tried(record: Record, values: dict[str, Any], by: By) -> dict[str, Any]:
    """What the record would say, had it been changed; with every rule applied."""
    try:
        with transaction.atomic():
            write_values(record, values, by)
            after = ledger.snapshot(record)
            raise _Tried  # noqa: TRY301 - the way out of the transaction
    except _Tried:
        return after


def approve_proposal(proposal: Proposal, *, by: By, reason: str = "") -> Versioned:
    """Make the change that was proposed."""
    by.needs(Scope.PUBLISH)
    with ledger.writing():
        proposal = _open(proposal)
        if settings.FOUR_EYES and by.user is not None and by.user.pk == proposal.proposed_by_id:
            raise OwnWork("Somebody else has to approve what you proposed.")
        record = subject_of(proposal)
        _refuse_overtaken(proposal, record)
        values = values_of(type(record), proposal.changes)
        reason = reason or proposal.reason
        record = update_record(record, values=values, by=by, reason=reason)
        _close(proposal, Decision.ACCEPTED, by, reason)
    return record


def dismiss_proposal(proposal: Proposal, *, by: By, reason: str = "") -> Proposal:
    """Leave the record as it is. Who proposed something may think better of it."""
    with ledger.writing():
        proposal = _open(proposal)
        is_own = by.user is not None and by.user.pk == proposal.proposed_by_id
        by.needs(Scope.WRITE if is_own else Scope.PUBLISH)
        return _close(proposal, Decision.DISMISSED, by, reason)


def subject_of(proposal: Proposal) -> Any:
    """The record that the proposal is to change."""
    model = MODELS[proposal.record_type]
    record = model._default_manager.filter(uuid=proposal.record_uuid).first()
    if record is None:
        raise Overtaken("The record has been deleted or merged since. Dismiss the proposal.")
    return record


def proposed_versions(proposal: Proposal, record: Any) -> tuple[Change, Change]:
    """The record as it is, and as it would be, in the form of entries of the ledger."""
    now = ledger.snapshot(record)
    kind = proposal.record_type
    return (
        Change(record_type=kind, snapshot=ledger.canonical(now)),
        Change(record_type=kind, snapshot=ledger.canonical(now | proposal.changes)),
    )


def _open(proposal: Proposal) -> Proposal:
    fresh = Proposal.objects.get(pk=proposal.pk)
    if fresh.state != Decision.OPEN:
        raise AlreadyDecided(f"The proposal has been {fresh.get_state_display().lower()} already.")
    return fresh


def _refuse_overtaken(proposal: Proposal, record: Any) -> None:
    base = entries(type(record), record.uuid).filter(version=proposal.base_version).first()
    now, then = ledger.snapshot(record), base.data if base else {}
    overtaken = [
        name
        for name, value in proposal.changes.items()
        if now.get(name) not in (then.get(name), value)
    ]
    if overtaken:
        raise Overtaken(
            f"Since it was proposed, {', '.join(overtaken)} of “{record}” changed otherwise. "
            "Dismiss the proposal, and propose anew what is still wanted."
        )
    if not record.is_published:
        raise Overtaken("The record is no longer public. Publish it first, or dismiss this.")


def _close(proposal: Proposal, state: Decision, by: By, reason: str) -> Proposal:
    proposal.state, proposal.decided_by = state, by.user
    proposal.decided_at, proposal.decision_note = timezone.now(), reason
    proposal.save()
    return proposal
