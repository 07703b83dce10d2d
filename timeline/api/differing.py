"""What changed between two versions, as far as a reader may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models

from timeline.db.dates import read_edtf
from timeline.models import Change, Tag, Term
from timeline.querysets.visibility import Viewer

DATE = ("date", "date_text", "date_basis", "date_basis_note")
UNTOLD = ("uuid", "position", "publication")
# What the API calls the date of these records.
DATE_NAMES = {"source": "published", "claim": "said_on", "figure": "period"}


class Teller:
    """Tells snapshots of one kind of record, with the records they point to named."""

    def __init__(
        self, model: type[models.Model], snapshots: Iterable[dict[str, Any]], viewer: Viewer
    ) -> None:
        self.model, self.viewer = model, viewer
        # What the public did not know at the version that is being told.
        self.untold: set[str] = set()
        pointed: dict[type[models.Model], set[str]] = defaultdict(set)
        for data in snapshots:
            self._collect(model, data, pointed)
        self.names = {
            (kind, str(one.uuid)): str(one)
            for kind, uuids in pointed.items()
            for one in kind._default_manager.visible_to(viewer).filter(uuid__in=uuids)
        }

    def _collect(self, model: Any, data: dict[str, Any], pointed: Any) -> None:
        for name, value in data.items():
            if name in getattr(model, "PARTS", ()):
                for row in value:
                    self._collect(model._meta.get_field(name).related_model, row, pointed)
            elif value is not None and (kind := _pointer(model, name)):
                pointed[kind].add(value)

    def tell(self, change: Change) -> dict[str, Any]:
        """The version in the words of the API, without what the reader may not know.

        To the public it names nothing that was not known then, even if it is known now: that the
        record had to do with it may have been taken back before that came out.
        """
        self.untold = set() if self.viewer.unpublished else change.untold
        return self._told(self.model, change.data)

    def _told(self, model: Any, data: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name, value in data.items():
            if name in UNTOLD or name in DATE[1:]:
                continue
            if name == "date":
                label = DATE_NAMES.get(model._meta.model_name, "date")
                told[label] = _date(data)
            elif name in getattr(model, "PARTS", ()):
                part = model._meta.get_field(name).related_model
                rows = (self._told(part, row) for row in value if not self._hides(part, row))
                told[name] = list(rows)
            elif name == "text" and "text_is_public" in data:
                told[name] = value if data["text_is_public"] or self.viewer.unpublished else None
            elif kind := _pointer(model, name):
                seen = self._name(kind, value)
                told[name] = {"id": value, "label": seen} if seen is not None else None
            else:
                told[name] = value
        return told

    def _hides(self, model: Any, row: dict[str, Any]) -> bool:
        return any(
            (kind := _pointer(model, name)) and self._name(kind, value) is None
            for name, value in row.items()
            if value is not None
        )

    def _name(self, kind: Any, uuid: str) -> str | None:
        return None if uuid in self.untold else self.names.get((kind, uuid))

    def differences(self, before: Change, after: Change) -> list[dict[str, Any]]:
        """The members that differ, with what they were and are."""
        old, new = self.tell(before), self.tell(after)
        return [
            {"field": name, "before": old.get(name), "after": new.get(name)}
            for name in sorted(old.keys() | new.keys())
            if old.get(name) != new.get(name)
        ]


def _pointer(model: Any, name: str) -> Any:
    """The kind of record that a member points to, if it is one with a public id."""
    if name == "tags":
        return None
    field = model._meta.get_field(name)
    return (
        field.related_model
        if field.many_to_one and field.related_model not in (Term, Tag)
        else None
    )


def _date(data: dict[str, Any]) -> dict[str, Any] | None:
    if data["date"] is None:
        return None
    return {
        "edtf": data["date"],
        "label": read_edtf(data["date"]).label,
        "text": data["date_text"],
        "basis": data["date_basis"],
        "basis_note": data["date_basis_note"],
    }
