"""The names behind the public ids in old snapshots, as far as the reader may know them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from timeline.models import RECORDS, Tag, Term
from timeline.querysets.visibility import EDITOR, Viewer

KINDS = {str(model._meta.model_name): model for model in (*RECORDS, Tag, Term)}


def pointers(model: type[models.Model]) -> dict[str, Any]:
    """The columns of ``model`` that point to something with a name."""
    return {f.name: f for f in model._meta.concrete_fields if f.many_to_one}


def part_model(model: type[models.Model], name: str) -> type[models.Model]:
    related: type[models.Model] = model._meta.get_field(name).related_model
    return related


class Names:
    """Looks up at once what the snapshots of one kind of record point to."""

    def __init__(
        self, model: type[models.Model], snapshots: Iterable[dict[str, Any]], viewer: Viewer
    ) -> None:
        self.viewer = viewer
        wanted: dict[type[models.Model], set[str]] = defaultdict(set)
        for snapshot in snapshots:
            for field, value in _pointed_at(model, snapshot):
                wanted[field.related_model].add(value)
        self.labels = {target: self._load(target, ids) for target, ids in wanted.items()}

    def _load(self, target: type[models.Model], ids: set[str]) -> dict[Any, str]:
        if target is Term:
            terms = Term.objects.filter(code__in=ids)
            return {(term.vocabulary, term.code): term.label for term in terms}
        rows = target._default_manager.visible_to(self.viewer)
        return {str(row.uuid): str(row) for row in rows.filter(uuid__in=ids)}

    def of(self, field: Any, value: str) -> str | None:
        """The name behind ``value``; ``None`` when the reader may not know of it."""
        known = self.labels.get(field.related_model, {})
        if field.related_model is Term:
            vocabulary = (field.get_limit_choices_to() or {}).get("vocabulary")
            return known.get((vocabulary, value), value)
        if value in known:
            return known[value]
        return f"deleted, {value}" if self.viewer == EDITOR else None

    def hides(self, model: type[models.Model], row: dict[str, Any]) -> bool:
        """Whether a row of a list points to what the reader may not know of."""
        return any(
            row.get(name) and self.of(field, row[name]) is None
            for name, field in pointers(model).items()
        )


def _pointed_at(model: type[models.Model], snapshot: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    for name, field in pointers(model).items():
        if isinstance(value := snapshot.get(name), str):
            yield field, value
    for name in getattr(model, "PARTS", ()):
        for row in snapshot.get(name, ()):
            yield from _pointed_at(part_model(model, name), row)


def model_of(record_type: str) -> type[models.Model] | None:
    """The model of which the ledger speaks."""
    return KINDS.get(record_type)
