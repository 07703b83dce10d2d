"""Create, change and delete any record: one transaction, one entry in the ledger.

``values`` are field names with Python values; a part (the participations of an event, the names
of an actor) is a list of such dictionaries, and ``tags`` a list of slugs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import ProtectedError

from timeline.db.tally_triggers import read_ahead_of_change
from timeline.errors import Conflict, Flaw, Invalid, Missing, NotAllowed, Stale
from timeline.models import Action, Record, Scope, Versioned
from timeline.services import ledger
from timeline.services.access import By, scope_to_change
from timeline.services.evidence import refuse_to_lose
from timeline.services.limits import excesses
from timeline.services.parts import write_parts
from timeline.services.rules import RULES
from timeline.services.tags import set_tags

Kind = TypeVar("Kind", bound=Versioned)
# Whatever counts its changes, recorded in the ledger or not.
Counted = TypeVar("Counted", bound=models.Model)


class StillInUse(Conflict):
    """Other records would lose what they point to."""

    code = "still-in-use"
    advice = "Change or delete the records that point to it first; `detail` says which those are."


class OutOfSight(NotAllowed):
    """Nobody writes what they may not read."""

    code = "out-of-sight"


def create_record(model: type[Kind], *, values: dict[str, Any], by: By, reason: str = "") -> Kind:
    """Record something new, as a draft."""
    by.needs(Scope.WRITE)
    with ledger.writing():
        record = model()
        if isinstance(record, Record):
            record.created_by = by.user
            record.created_at = record.updated_at = ledger.now()
        write_values(record, values, by)
        ledger.append(record, Action.CREATED, by=by, reason=reason)
    return record


def update_record(
    record: Kind,
    *,
    values: dict[str, Any],
    by: By,
    reason: str = "",
    expected_version: int | None = None,
    action: Action = Action.UPDATED,
) -> Kind:
    """Change what ``values`` name, and nothing else. What changes nothing is not recorded."""
    with ledger.writing():
        record = current(record, expected_version)
        by.needs(scope_to_change(record))
        before = ledger.snapshot(record)
        state = getattr(record, "publication", "")
        write_values(record, values, by)
        after = ledger.snapshot(record)
        if after == before:
            return record
        touch(record)
        ledger.append(record, action, by=by, reason=reason, state_before=state, data=after)
    return record


def delete_record(
    record: Versioned, *, by: By, reason: str = "", expected_version: int | None = None
) -> None:
    """Remove the record, and with entries of their own whatever cannot be without it."""
    with ledger.writing():
        record = current(record, expected_version)
        refuse_to_lose(record)
        _delete(record, by, reason)


def _delete(record: Versioned, by: By, reason: str) -> None:
    """Remove a record as it stands, even one that another about to go could not be without."""
    by.needs(scope_to_change(record))
    for release in RELEASES.get(record._meta.model_name, ()):
        release(record, by, reason)
    state = getattr(record, "publication", "")
    data, key = ledger.snapshot(record), record.pk
    try:
        record.delete()
    except ProtectedError as error:
        names = sorted({str(o._meta.verbose_name_plural) for o in error.protected_objects})
        raise StillInUse(
            f"“{record}” is still used by {', '.join(names)}. "
            "Change or delete those first, or merge this record into another."
        ) from error
    record.version += 1
    ledger.append(
        record,
        Action.DELETED,
        by=by,
        reason=reason,
        state_before=state,
        data=data,
        former_pk=key,
    )


def current(record: Counted, expected_version: int | None = None) -> Counted:
    """The record as it stands now; the caller is inside :func:`ledger.writing`."""
    try:
        fresh = type(record)._default_manager.get(pk=record.pk)
    except type(record).DoesNotExist as error:
        raise Missing("The record has been deleted in the meantime.") from error
    if expected_version is not None and fresh.version != expected_version:
        read = f"You changed version {expected_version}"
        if expected_version < 1:
            read = "The version you named is none of this record's"
        raise Stale(
            f"{read}, but the record is now at version {fresh.version}. Read it again and repeat "
            "your change."
        )
    return fresh


def touch(record: Versioned) -> None:
    """The next version begins."""
    record.version += 1
    fields = ["version"]
    if isinstance(record, Record):
        record.updated_at = ledger.now()
        fields.append("updated_at")
    record.save(update_fields=fields)


def write_values(record: Versioned, values: dict[str, Any], by: By) -> None:
    """Set, check and save the record and its parts."""
    parts = {name: values[name] for name in record.PARTS if name in values}
    read_ahead_of_change(record, values)
    for name, value in values.items():
        if name not in parts and name != "tags":
            setattr(record, name, value)
    rule = RULES.get(record._meta.model_name)
    if rule:
        rule(record)
    if not by.viewer.sees(record):
        raise OutOfSight(
            "What you write would be out of your own sight. Only who may see protected "
            "identities may protect one."
        )
    _check(record)
    record.save()
    save_date_members(record)
    for name, items in parts.items():
        write_parts(record, name, items, by=by, delete=delete_record)
    if "tags" in values:
        set_tags(record, values["tags"], by=by, create=create_record)


def _check(record: models.Model) -> None:
    if excess := list(excesses(record)):
        raise Invalid(excess)
    try:
        record.full_clean()
    except ValidationError as error:
        raise Invalid(list(_flaws(record, error))) from error


def _flaws(record: models.Model, error: ValidationError) -> list[Flaw]:
    flaws = []
    for field, problems in error.error_dict.items():
        path = () if field == "__all__" else (field,)
        for problem in problems:
            detail = " ".join(problem.messages)
            flaws.append(Flaw(path, (problem.code or "invalid").replace("_", "-"), detail))
    return flaws


def save_date_members(record: Any) -> None:
    """Keep the members of a set beside its hull, and the hull beside who took part and the tags.

    There the questions look for them.
    """
    try:
        members = record._meta.get_field("date_members").related_model._default_manager
    except FieldDoesNotExist:
        return
    hull = {name: getattr(record, name) for name in ("start_min", "end_max", "sort_key")}
    record.participations.exclude(**hull).update(**hull)
    record.tags.through.objects.filter(event=record).exclude(**hull).update(**hull)
    members.filter(event=record).delete()
    if record.date is not None and record.date.set_kind:
        members.bulk_create(
            members.model(event=record, **bounds._asdict()) for bounds in record.date.members
        )


def _delete_all(relation: str) -> Callable[[Any, By, str], None]:
    def release(record: Any, by: By, reason: str) -> None:
        for dependent in getattr(record, relation).all():
            _delete(dependent, by, reason or f"“{record}” was deleted.")

    return release


def _forget(relation: str, **cleared: Any) -> Callable[[Any, By, str], None]:
    def release(record: Any, by: By, reason: str) -> None:
        for dependent in getattr(record, relation).all():
            update_record(dependent, values=cleared, by=by, reason=reason)

    return release


def _delete_citations_of_parts(event: Any, by: By, reason: str) -> None:
    for participation in event.participations.all():
        _delete_all("citations")(participation, by, reason)


def _leave_timelines(event: Any, by: By, reason: str) -> None:
    for entry in event.timeline_entries.select_related("timeline"):
        kept = entry.timeline.entries.exclude(pk=entry.pk).order_by("position")
        values = [{"event": e.event, "note": e.note} for e in kept.select_related("event")]
        update_record(entry.timeline, values={"entries": values}, by=by, reason=reason)


def _leave_events(tag: Any, by: By, reason: str) -> None:
    for event in tag.events.all():
        kept = [slug for slug in event.tags.values_list("slug", flat=True) if slug != tag.slug]
        update_record(event, values={"tags": kept}, by=by, reason=reason)


def _leave_links(claim: Any, by: By, reason: str) -> None:
    for link in claim.linked_by.select_related("claim"):
        kept = link.claim.links.exclude(pk=link.pk).order_by("position")
        values = [{"type": k.type, "other": k.other} for k in kept.select_related("other")]
        update_record(link.claim, values={"links": values}, by=by, reason=reason)


# What has to go, or be told, before a record can be deleted.
RELEASES: dict[str, tuple[Callable[[Any, By, str], None], ...]] = {
    "event": (
        _delete_all("citations"),
        _delete_citations_of_parts,
        _delete_all("relations_out"),
        _delete_all("relations_in"),
        _forget("statements", said_in=None),
        _forget("claims", about=None, about_field="", about_value=""),
        _leave_timelines,
    ),
    "tag": (_leave_events,),
    "claim": (_delete_all("citations"), _leave_links),
    "relation": (_delete_all("citations"),),
    "affiliation": (_delete_all("citations"),),
    "figure": (_delete_all("citations"),),
}
