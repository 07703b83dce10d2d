"""From draft to published and back: who may take which step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings

from timeline.db.tally_triggers import read_ahead_of_change
from timeline.errors import Conflict, NotAllowed
from timeline.models import Action, Change, Event, Publication, Record, Scope
from timeline.services import ledger
from timeline.services.access import By
from timeline.services.evidence import demand_evidence, refuse_to_lose
from timeline.services.records import current

DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN = Publication
Kind = TypeVar("Kind", bound=Record)


@dataclass(frozen=True, slots=True)
class Step:
    """One verb of publication."""

    action: Action
    sources: tuple[Publication, ...]
    target: Publication
    scope: Scope


WRITINGS = (Action.CREATED, Action.UPDATED, Action.REVERTED)

STEPS = {
    "submit": Step(Action.SUBMITTED, (DRAFT,), IN_REVIEW, Scope.WRITE),
    "return": Step(Action.RETURNED, (IN_REVIEW,), DRAFT, Scope.PUBLISH),
    "approve": Step(Action.APPROVED, (IN_REVIEW,), PUBLISHED, Scope.PUBLISH),
    "publish": Step(Action.PUBLISHED, (DRAFT, IN_REVIEW, WITHDRAWN), PUBLISHED, Scope.PUBLISH),
    "withdraw": Step(Action.WITHDRAWN, (PUBLISHED,), WITHDRAWN, Scope.PUBLISH),
}


class NotAtThisStep(Conflict):
    """The record is not in a state from which this verb leads."""

    code = "not-at-this-step"
    advice = (
        "Read `publication`: a draft can be submitted or published, what is in review approved or "
        "returned, what is published withdrawn, and what was withdrawn published again."
    )


class OwnWork(NotAllowed):
    """With four eyes demanded, somebody else has to publish it."""

    code = "own-work"
    advice = "Ask another editor to look at it and to publish it."


def take_step(
    record: Kind, verb: str, *, by: By, reason: str = "", expected_version: int | None = None
) -> Kind:
    """Take the step ``verb``: ``submit``, ``return``, ``approve``, ``publish``, ``withdraw``."""
    step = STEPS[verb]
    by.needs(step.scope)
    with ledger.writing():
        record = current(record, expected_version)
        if record.publication not in step.sources:
            states = " or ".join(state.label.lower() for state in step.sources)
            raise NotAtThisStep(
                f"“{record}” is {record.get_publication_display().lower()}; "
                f"“{verb}” is for what is {states}."
            )
        if step.target is PUBLISHED:
            _may_be_published(record, by)
        if step.target is WITHDRAWN:
            refuse_to_lose(record)
        _move(record, step, by, reason)
        if step.target is PUBLISHED and hasattr(record, "citations"):
            # The passages are the record's evidence and go out with it.
            for citation in _waiting(record):
                _move(citation, STEPS["publish"], by, reason)
    return record


def _waiting(record: Record) -> list[Record]:
    own = record.citations
    if own.field.name == "source":
        return []
    return list(own.filter(publication__in=[DRAFT, IN_REVIEW]).order_by("pk"))


def _may_be_published(record: Record, by: By) -> None:
    if isinstance(record, Event):
        demand_evidence(record)
    if settings.FOUR_EYES and by.user is not None and by.user.pk in _writers(record):
        raise OwnWork("Somebody else has to publish what you wrote.")


def _writers(record: Record) -> set[int | None]:
    """Who wrote what would become public: all who did since it was last."""
    entries = (
        Change.objects.versions()
        .filter(record_type=record._meta.model_name, record_uuid=record.uuid)
        .order_by("-id")
    )
    last = entries.filter(state_after=PUBLISHED).values_list("id", flat=True).first() or 0
    written = entries.filter(id__gt=last, action__in=WRITINGS)
    return set(written.values_list("by", flat=True))


def _move(record: Record, step: Step, by: By, reason: str) -> None:
    before = record.publication
    read_ahead_of_change(record, {"publication": step.target})
    record.publication = step.target
    record.updated_at = ledger.now()
    if step.target is PUBLISHED:
        record.published_at = record.updated_at
    record.version += 1
    record.save(update_fields=["publication", "updated_at", "published_at", "version"])
    ledger.append(record, step.action, by=by, reason=reason, state_before=before)
