"""The rows that belong to a record: replaced as a list, each kept that is still meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError

from timeline.errors import Flaw, Invalid
from timeline.models import Versioned
from timeline.services.access import By
from timeline.services.descent import dependent_links
from timeline.services.limits import excesses, too_many

# What makes two rows of a list the same row.
KEYS = {
    "participations": ("actor", "role"),
    "names": ("text", "kind"),
    "links": ("type", "other"),
    "entries": ("event",),
}


def write_parts(
    record: Versioned,
    name: str,
    items: list[dict[str, Any]],
    *,
    by: By,
    delete: Callable[..., None],
) -> None:
    """Make the list ``name`` of ``record`` be ``items``.

    Rows that the writer may not see are none of the writer's business and stay.
    """
    relation = record._meta.get_field(name)
    model, owner = relation.related_model, relation.field.name
    rows = model._default_manager.filter(**{owner: record}).order_by("position", "id")
    seen = {row.pk for row in _seen(rows, by)}
    old = {_key(name, row): row for row in rows if row.pk in seen}
    hidden = [row for row in rows if row.pk not in seen]

    flaws: list[Flaw] = too_many(name, items)
    if flaws:
        raise Invalid(flaws)
    told: set[tuple[Any, ...]] = set()
    kept = []
    for position, item in enumerate(items):
        # A list replaces the list: what an item does not say of a row that was there is gone.
        row = old.pop(_key(name, item), None) or model(**{owner: record})
        for field, value in (_blank(row, owner) | item).items():
            setattr(row, field, value)
        row.position = position
        if _key(name, row) in told:
            what = " and ".join(KEYS[name])
            flaws.append(
                Flaw((name, position), "repeated", f"Each {what} may stand in the list once.")
            )
            continue
        flaws += _flaws(row, name, position)
        told.add(_key(name, row))
        kept.append(row)
    if name == "links" and not flaws:
        flaws += dependent_links(kept)
    if flaws:
        raise Invalid(flaws)

    for row in old.values():
        for citation in row.citations.all() if hasattr(row, "citations") else ():
            delete(citation, by=by, reason=f"What it was cited for left “{record}”.")
        row.delete()
    for position, row in enumerate([*kept, *hidden]):
        row.position = position
        setattr(row, owner, record)
        row.save()


def _seen(rows: Any, by: By) -> Any:
    return rows.visible_to(by.viewer) if hasattr(rows, "visible_to") else rows


def _blank(row: Any, owner: str) -> dict[str, Any]:
    """What a row says before anything is said in it."""
    return {
        field.name: field.get_default()
        for field in row._meta.concrete_fields
        if field.editable and not (field.primary_key or field.many_to_one or field.name == owner)
    }


def _key(name: str, row: Any) -> tuple[Any, ...]:
    read = row.get if isinstance(row, dict) else lambda field: getattr(row, field)
    return tuple(read(field) for field in KEYS[name])


def _flaws(row: Any, name: str, position: int) -> list[Flaw]:
    excess = list(excesses(row))
    if excess:
        return [Flaw((name, position, *flaw.path), flaw.code, flaw.detail) for flaw in excess]
    # Repetition is told apart, with better words than a unique key has.
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
        row.validate_constraints(exclude=_unique_fields(row))
    except ValidationError as error:
        return [
            Flaw(
                (name, position, *(() if field == "__all__" else (field,))),
                (problem.code or "invalid").replace("_", "-"),
                " ".join(problem.messages),
            )
            for field, problems in error.error_dict.items()
            for problem in problems
        ]
    return []


def _unique_fields(row: Any) -> set[str]:
    return {
        field for constraint in row._meta.total_unique_constraints for field in constraint.fields
    }
