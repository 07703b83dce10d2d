"""What a merge comes to: every record that points to the merged one, as it is to be.

Nothing is written here, so the preview of a merge and the merge are the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from timeline.models import (
    Actor,
    ActorName,
    Citation,
    Identity,
    NameKind,
    Record,
    Timeline,
    title_of,
)
from timeline.models.records import Part
from timeline.services import ledger, publicity
from timeline.services.rows import told_now

Key = tuple[Any, str]
LONGEST_TOLD = 300


@dataclass(frozen=True, slots=True)
class Clash:
    """Two things that would be the same, or one that would make no sense.

    ``outcome`` is ``joined``, ``dropped``, ``hidden`` or ``refused``; a refusal has a ``code``.
    """

    type: str
    id: str
    label: str
    outcome: str
    detail: str
    code: str = ""


class Plan:
    """The merge of one record into another of its kind, before anything is written."""

    def __init__(self, merged: Record, survivor: Record) -> None:
        self.merged, self.survivor, self.model = merged, survivor, type(merged)
        self.old, self.new = str(merged.uuid), str(survivor.uuid)
        self.before: dict[Key, dict[str, Any]] = {}
        # ``None`` for what is to be no more.
        self.after: dict[Key, dict[str, Any] | None] = {}
        self.moves: list[dict[str, Any]] = []
        self.clashes: list[Clash] = []
        # Rows of lists that pointed to the merged record, or were its own.
        self.moved_rows: set[str] = set()
        self.load(self.model, [self.old, self.new])
        self.said = self.before[self.model, self.old]
        self._repoint_all()
        self._take_over()

    # --- what is said, and is to be said ----------------------------------------------------------

    def load(self, model: Any, uuids: Iterable[Any]) -> None:
        """Read these records, unless they are known."""
        missing = {str(uuid) for uuid in uuids} - {uuid for of, uuid in self.after if of is model}
        for uuid, data in told_now(model, missing).items():
            self.before[model, uuid] = data
            # Of its own are the lists, in which rows are changed.
            lists = {name: [dict(row) for row in data[name]] for name in model.PARTS}
            self.after[model, uuid] = data | lists

    def changed(self) -> dict[Key, dict[str, Any] | None]:
        """The records that are to say something else."""
        return {
            key: data
            for key, data in self.after.items()
            if key != (self.model, self.old) and data != self.before[key]
        }

    def left_behind(self) -> list[dict[str, Any]]:
        """What the merged record says of itself and the survivor does not: it stays so."""
        kept = self.before[self.model, self.new]
        told = {*self.model.PARTS, "tags", "uuid", "publication"}
        told |= {"name"} if self.model is Actor else set()
        return [
            {"field": name, "merged": _short(value), "survivor": _short(kept[name])}
            for name, value in self.said.items()
            if name not in told and value not in (None, "", kept[name], self._unsaid(name))
        ]

    def _unsaid(self, name: str) -> Any:
        """What a field says when nobody has said anything."""
        return self.model._meta.get_field(name).get_default()

    # --- what is told of it -----------------------------------------------------------------------

    def clash(
        self, model: Any, data: dict[str, Any], outcome: str, detail: str, code: str = ""
    ) -> None:
        kind = str(model._meta.model_name)
        self.clashes.append(Clash(kind, data["uuid"], title_of(data), outcome, detail, code))

    def refuse(self, model: Any, data: dict[str, Any], code: str, detail: str) -> None:
        self.clash(model, data, "refused", detail, code)

    def _move(self, model: Any, data: dict[str, Any], fields: Iterable[str]) -> None:
        self.moves.append(
            {
                "type": str(model._meta.model_name),
                "id": data["uuid"],
                "label": title_of(data),
                "fields": sorted(set(fields)),
            }
        )

    def drop(self, model: Any, data: dict[str, Any], detail: str) -> None:
        """Let a record go that says nothing more."""
        self.after[model, data["uuid"]] = None
        self.moves = [move for move in self.moves if move["id"] != data["uuid"]]
        self.clash(model, data, "dropped", detail)

    # --- pointing elsewhere -----------------------------------------------------------------------

    def _repoint_all(self) -> None:
        for relation in self.merged._meta.related_objects:
            rows, name = relation.related_model, relation.field.name
            pointing = rows._default_manager.filter(**{name: self.merged}).order_by("pk")
            if issubclass(rows, Record):
                self._repoint(rows, pointing.values_list("uuid", flat=True))
            elif issubclass(rows, Part) and (owner := publicity.owner_of(rows)).name != name:
                uuids = pointing.values_list(f"{owner.name}__uuid", flat=True)
                self._repoint(owner.related_model, uuids)
        filters = Timeline.objects.values_list("uuid", "filter")
        self._repoint(Timeline, [uuid for uuid, asked in filters if self.old in json.dumps(asked)])

    def _repoint(self, model: Any, uuids: Iterable[Any]) -> None:
        found = list(dict.fromkeys(str(uuid) for uuid in uuids))
        self.load(model, found)
        for uuid in found:
            data = self.after[model, uuid]
            if data and uuid != self.old and (fields := self._point_elsewhere(model, data)):
                self._move(model, data, fields)

    def _point_elsewhere(self, model: Any, data: dict[str, Any]) -> list[str]:
        """Let ``data`` point to the survivor; the names of what pointed to the merged record."""
        fields = []
        for name, value in data.items():
            if name in getattr(model, "PARTS", ()):
                part = model._meta.get_field(name).related_model
                moved = [row["uuid"] for row in value if self._point_elsewhere(part, row)]
                self.moved_rows.update(moved)
                fields += [name] if moved else []
            elif model is Timeline and name == "filter" and self.old in json.dumps(value):
                data[name] = {asked: self._asked(values) for asked, values in value.items()}
                fields.append(name)
            elif value == self.old and publicity.pointer(model, name) is self.model:
                data[name] = self.new
                fields.append(name)
        return fields

    def _asked(self, values: Any) -> Any:
        """The values of a parameter, each once."""
        if isinstance(values, list):
            return list(dict.fromkeys(self._asked(one) for one in values))
        return values.replace(self.old, self.new) if isinstance(values, str) else values

    def recite(self, pointer: str, kept: dict[str, str]) -> None:
        """Let the citations of what goes be for what is kept: none is lost."""
        for some in publicity.chunks(kept):
            rows = Citation.objects.filter(**{f"{pointer}__uuid__in": some}).order_by("pk")
            uuids = [str(uuid) for uuid in rows.values_list("uuid", flat=True)]
            self.load(Citation, uuids)
            for uuid in uuids:
                if (data := self.after[Citation, uuid]) is not None:
                    data[pointer] = kept[data[pointer]]
                    self._move(Citation, data, [pointer])

    # --- what the survivor takes over -------------------------------------------------------------

    def _take_over(self) -> None:
        """The lists of the merged record, and its name where there is room for one more."""
        data = self.after[self.model, self.new]
        if data is None:
            return
        fields = []
        for name in self.model.PARTS:
            rows = [row for row in self.said[name] if not self._goes_without_saying(name, row)]
            self.moved_rows |= {row["uuid"] for row in rows}
            data[name] = [*data[name], *(dict(row) for row in rows)]
            fields += [name] if rows else []
        if self.model is Actor and self.said["name"] != data["name"]:
            data["names"].append(self._further_name())
            fields.append("names")
        if self.said.get("tags"):
            data["tags"] = sorted({*data["tags"], *self.said["tags"]})
            fields.append("tags")
        if fields:
            self._move(self.model, data, fields)

    def _goes_without_saying(self, name: str, row: dict[str, Any]) -> bool:
        """Whether it is an alias that is the survivor's name itself."""
        known = self.before[self.model, self.new].get("name")
        return name == "names" and (row["text"], row["kind"]) == (known, NameKind.ALIAS)

    def _further_name(self) -> dict[str, Any]:
        """The name of the merged actor, as one more of the survivor."""
        is_pseudonym = self.said["identity"] == Identity.PSEUDONYM
        kind = NameKind.PSEUDONYM if is_pseudonym else NameKind.ALIAS
        row = ledger.fields_of(ActorName(text=self.said["name"], kind=kind), without="actor")
        self.moved_rows.add(row["uuid"])
        return row


def _short(value: Any) -> Any:
    return (
        f"{value[:LONGEST_TOLD]}…"
        if isinstance(value, str) and len(value) > LONGEST_TOLD
        else value
    )
