"""A timeline's saved filter: the parameters of the event list, asked of the queryset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from timeline.db.dates import read_edtf
from timeline.models import Event
from timeline.querysets.visibility import PUBLIC
from timeline.services.tags import code_of, slug_of
from timeline.temporal import EdtfError, Relation

Values = list[str]

_WINDOWS = {relation.value for relation in Relation}
_QUALIFIERS = {"match", "trust_uncertain"}
_INVOLVED = {"actor", "role", "actor_kind"}


def saved_events(saved: dict[str, Any]) -> Any:
    """The events it finds; none if it is not wholly understood, for half a filter shows too much."""
    public = Event.objects.visible_to(PUBLIC)
    try:
        return _find(public, saved)
    except (AttributeError, KeyError, TypeError, ValueError, EdtfError):
        return public.none()


def _find(events: Any, saved: dict[str, Any]) -> Any:
    asked = {name: _texts(value) for name, value in saved.items()}
    for name, values in asked.items():
        if name in _WINDOWS:
            events = events.related(
                Relation(name),
                read_edtf(str(saved[name])),
                asked.get("match", ["possible"])[0],
                trust_uncertain=_flag(asked.get("trust_uncertain", ["false"])),
            )
        elif name not in _QUALIFIERS | _INVOLVED:
            events = _ASKS[name](events, values)
    if _INVOLVED & asked.keys():
        who = _ids(asked.get("actor", []))
        events = events.involving(who, asked.get("role", ()), asked.get("actor_kind", ()))
    return events


def _texts(value: Any) -> Values:
    values = value if isinstance(value, list) else [value]
    return [part.strip() for one in values for part in _spelled(one).split(",")]


def _spelled(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ids(values: Values) -> list[UUID]:
    return [UUID(one) for one in values]


def _flag(values: Values) -> bool:
    return {"true": True, "false": False}[values[0]]


def _undated(events: Any, values: Values) -> Any:
    return events.without_date() if _flag(values) else events.with_date()


def _among(column: str) -> Callable[[Any, Values], Any]:
    return lambda events, values: events.among(column, values)


_ASKS: dict[str, Callable[[Any, Values], Any]] = {
    "id": lambda events, values: events.with_ids(_ids(values)),
    "undated": _undated,
    "place": lambda events, values: events.at(_ids(values)),
    "country": lambda events, values: events.in_countries(values),
    "kind": lambda events, values: events.among("kind__code", [*values, *map(code_of, values)]),
    "tag": lambda events, values: events.tagged(map(slug_of, values)),
    "timeline": lambda events, values: events.on_timelines(values),
    "source": lambda events, values: events.cited_from(_ids(values)),
    "status": _among("status"),
    "assessment": _among("assessment"),
    "dataset": _among("dataset"),
    "external_id": _among("external_id"),
}
