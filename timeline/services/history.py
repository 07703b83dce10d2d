"""What a record was at each version, and putting it back to one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from timeline.errors import Conflict, Missing
from timeline.models import Action, Change, Redirect, Scope, Tag, Term, Versioned
from timeline.services import ledger
from timeline.services.access import By, scope_to_change
from timeline.services.records import current, touch, write_values


class GoneSince(Conflict):
    """What the earlier version pointed to is no longer recorded."""

    code = "gone-since"
    advice = "Bring back what it pointed to, or change the record by hand."


def entries(model: type[Versioned], uuid: Any) -> models.QuerySet[Change]:
    """The ledger's entries about one record, deleted or not."""
    return Change.objects.filter(record_type=model._meta.model_name, record_uuid=uuid)


def revert_record(
    model: type[Versioned],
    uuid: Any,
    *,
    to: int,
    by: By,
    reason: str = "",
    expected_version: int | None = None,
) -> Versioned:
    """Make a new version that says what version ``to`` said; a deleted record comes back, a draft.

    The state of publication stays: that has verbs of its own.
    """
    by.needs(Scope.WRITE)
    with ledger.writing():
        entry = entries(model, uuid).filter(version=to).first()
        if entry is None:
            raise Missing(f"There is no version {to} of this record.")
        record = model._default_manager.filter(uuid=uuid).first()
        values = values_of(model, entry.data)
        if record is None:
            return _recreate(model, uuid, values, by, reason or f"Put back to version {to}.")
        record = current(record, expected_version)
        by.needs(scope_to_change(record))
        before = ledger.snapshot(record)
        state = getattr(record, "publication", "")
        write_values(record, values, by)
        after = ledger.snapshot(record)
        if after != before:
            touch(record)
            ledger.append(
                record,
                Action.REVERTED,
                by=by,
                reason=reason or f"Put back to version {to}.",
                state_before=state,
                data=after,
            )
        return record


def _recreate(
    model: type[Versioned], uuid: Any, values: dict[str, Any], by: By, reason: str
) -> Versioned:
    by.needs(Scope.PUBLISH)
    if Redirect.objects.filter(old_uuid=uuid).exists():
        raise Conflict("This record was merged into another, and cannot be put back by itself.")
    last = entries(model, uuid).order_by("-version").first()
    record = model(uuid=uuid, version=last.version + 1 if last else 1)
    if hasattr(record, "created_by"):
        record.created_by = by.user
    write_values(record, values, by)
    ledger.append(record, Action.REVERTED, by=by, reason=reason)
    return record


def values_of(model: type[models.Model], data: dict[str, Any]) -> dict[str, Any]:
    """A snapshot as values for :func:`~timeline.services.records.write_values`."""
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name in ("uuid", "publication", "position"):
            continue
        if name == "tags":
            values[name] = value
        elif name in getattr(model, "PARTS", ()):
            part = model._meta.get_field(name).related_model
            values[name] = [values_of(part, row) for row in value]
        else:
            values[name] = _value(model._meta.get_field(name), value)
    return values


def _value(field: Any, value: Any) -> Any:
    if value is None:
        return None
    if field.many_to_one:
        return _pointed(field, value)
    if isinstance(field, models.DateTimeField):
        return datetime.fromisoformat(value)
    return field.to_python(value)


def _pointed(field: Any, name: str) -> models.Model:
    model = field.related_model
    if model is Term:
        vocabulary = field.get_limit_choices_to().get("vocabulary")
        found = Term.objects.filter(vocabulary=vocabulary, code=name).first()
    elif model is Tag:
        found = Tag.objects.filter(slug=name).first()
    else:
        found = model._default_manager.filter(uuid=_survivor(name)).first()
    if found is None:
        raise GoneSince(
            f"The earlier version points to a {model._meta.verbose_name} that is no longer "
            f"recorded ({name}). Put that back first."
        )
    return found


def _survivor(uuid: str) -> Any:
    """The record that a merged one lives on in; the id itself, if it was never merged."""
    seen = set()
    current_id: Any = uuid
    while current_id not in seen:
        seen.add(current_id)
        led = Redirect.objects.filter(old_uuid=current_id).values_list("new_uuid", flat=True)
        current_id = led.first() or current_id
    return current_id
