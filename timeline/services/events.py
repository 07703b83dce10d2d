"""What is done to events alone."""

from __future__ import annotations

from typing import Any

from timeline.errors import Flaw, Invalid
from timeline.models import Event
from timeline.services import ledger
from timeline.services.access import By
from timeline.services.records import create_record, current, update_record
from timeline.services.tags import slug_of

EDITS = ("add_tags", "remove_tags", "add_participations", "remove_participations")


def create_event(*, values: dict[str, Any], by: By, reason: str = "") -> Event:
    """Record an event, as a draft."""
    return create_record(Event, values=edited(None, values, by), by=by, reason=reason)


def update_event(
    event: Event,
    *,
    values: dict[str, Any],
    by: By,
    reason: str = "",
    expected_version: int | None = None,
) -> Event:
    """Change an event; ``add_…`` and ``remove_…`` edit its lists without replacing them."""
    with ledger.writing():
        event = current(event, expected_version)
        return update_record(event, values=edited(event, values, by), by=by, reason=reason)


def edited(event: Event | None, values: dict[str, Any], by: By) -> dict[str, Any]:
    """Turn edits of the lists (``add_…``, ``remove_…``) into the lists they lead to."""
    edits = {name: values[name] for name in EDITS if name in values}
    values = {name: value for name, value in values.items() if name not in EDITS}
    for whole in ("tags", "participations"):
        if whole in values and any(name.endswith(whole) for name in edits):
            raise Invalid(
                [Flaw((whole,), "ambiguous", f"Either replace {whole} or edit them, not both.")]
            )
    if "add_tags" in edits or "remove_tags" in edits:
        had = [tag.slug for tag in event.tags.all()] if event else []
        gone = {slug_of(word) for word in edits.get("remove_tags", ())}
        values["tags"] = [slug for slug in had if slug not in gone] + edits.get("add_tags", [])
    if "add_participations" in edits or "remove_participations" in edits:
        values["participations"] = _participations(event, edits, by)
    return values


def _participations(event: Event | None, edits: dict[str, Any], by: By) -> list[dict[str, Any]]:
    """Those that the writer sees: the others stay, whatever list replaces these."""
    rows = (
        by.sees(event.participations.select_related("actor", "role")).order_by("position")
        if event
        else ()
    )
    kept = {
        (row.actor, row.role): {
            "actor": row.actor,
            "role": row.role,
            "note": row.note,
            "outcome": row.outcome,
        }
        for row in rows
    }
    for position, key in enumerate(edits.get("remove_participations", ())):
        gone = [
            (actor, role)
            for actor, role in kept
            if actor == key["actor"] and key.get("role", role) == role
        ]
        if not gone:
            raise Invalid(
                [
                    Flaw(
                        ("remove_participations", position),
                        "missing",
                        f"“{key['actor']}” does not take part in this event in that role.",
                    )
                ]
            )
        for pair in gone:
            del kept[pair]
    for item in edits.get("add_participations", ()):
        pair = (item["actor"], item["role"])
        kept[pair] = kept.get(pair, {}) | item
    return list(kept.values())
