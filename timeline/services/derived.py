"""What is stored but follows from the rest, made anew: after a change of policy, never by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Subquery

from timeline.db.dates import DateColumns, OfEvent, date_columns
from timeline.db.search import SearchTextField
from timeline.db.tallies import recount
from timeline.models import Event, Participation
from timeline.models.records import Dated
from timeline.services import ledger
from timeline.services.records import save_date_members

CHUNK = 500


def rebuild_dates() -> int:
    """Derive the bounds of every date, and the members of every set; how many rows differed."""
    dated = [model for model in apps.get_models() if issubclass(model, Dated)]
    changed = sum(_rebuild(model, DateColumns._fields, _bounds) for model in dated)
    return changed + sum(_repeat(model) for model in (Participation, Event.tags.through))


def rebuild_search() -> int:
    """Derive the words of every searchable row; how many rows differed."""
    searched = [
        model
        for model in apps.get_models()
        if any(isinstance(field, SearchTextField) for field in model._meta.fields)
    ]
    return sum(_rebuild(model, ("search_text",), _words) for model in searched)


def rebuild_tallies() -> int:
    """Count anew what the public is told in numbers; how many differed."""
    with ledger.writing():
        return recount()


def _repeat(model: Any) -> int:
    """Repeat what rows repeat of their events, where it differs."""
    names = [field.name for field in model._meta.fields if isinstance(field, OfEvent)]
    own = Event._base_manager.filter(pk=OuterRef("event"))
    with ledger.writing():
        differing = model._base_manager.exclude(**{name: F(f"event__{name}") for name in names})
        return int(differing.update(**{name: Subquery(own.values(name)) for name in names}))


def _bounds(row: Any) -> tuple[Any, ...]:
    return tuple(date_columns(row.date))


def _words(row: Any) -> tuple[Any, ...]:
    return (row._meta.get_field("search_text").pre_save(row, add=False),)


def _rebuild(
    model: type[models.Model], columns: tuple[str, ...], derive: Callable[[Any], tuple[Any, ...]]
) -> int:
    """Row by row in short transactions, so that others can write in between."""
    changed, last = 0, 0
    while True:
        with ledger.writing():
            rows = list(model._default_manager.filter(pk__gt=last).order_by("pk")[:CHUNK])
            for row in rows:
                stored = tuple(getattr(row, name) for name in columns)
                if derive(row) != stored:
                    row.save(update_fields=columns)
                    save_date_members(row)
                    changed += 1
        if len(rows) < CHUNK:
            return changed
        last = rows[-1].pk
