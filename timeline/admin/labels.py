"""Records by a name that says which one is meant."""

from __future__ import annotations

from typing import Any

from timeline.models import Affiliation, Citation, Event, Participation, Relation


def describe(record: Any) -> str:
    """As ``str()``, but with names where a record is known by those it joins."""
    match record:
        case Relation():
            return f"“{record.subject}” {str(record.type).lower()} “{record.object}”"
        case Affiliation():
            return f"{record.actor}, {record.title or record.type}, {record.organisation}"
        case Participation():
            return f"{record.actor}, {record.role} in “{record.event}”"
        case Citation():
            return record.quote or record.locator or f"citation of {record.source}"
        case Event() if record.date is not None:
            return f"{record} ({record.date.label})"
    return str(record)
