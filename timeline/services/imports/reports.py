"""What an import tells of each row, kept small, for there may be a million of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import orjson

from timeline.errors import Flaw, TimelineError
from timeline.services.imports.rows import BadRow, Row

# So many entries are kept as one text.
FOLDED = 500


@dataclass(slots=True)
class Report:
    """What an import did, or would do; one entry in ``rows`` for each row of the file.

    The entries are kept as JSON, which takes a fourth of the room.
    """

    dry_run: bool
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    id: str | None = None
    # As JSON: whole chunks, and what has been told since.
    _chunks: list[str] = field(default_factory=list)
    _told: list[str] = field(default_factory=list)

    def add(self, row: Row | BadRow, outcome: str, **more: Any) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)
        entry = {"line": row.line, "external_id": row.external_id, "outcome": outcome, **more}
        if isinstance(row, Row) and row.warnings:
            entry["warnings"] = row.warnings
        self._tell(entry)

    def _tell(self, entry: dict[str, Any]) -> None:
        self._told.append(_as_json(entry))
        if len(self._told) == FOLDED:
            self._chunks.append(",".join(self._told))
            self._told.clear()

    def reject(self, row: Row | BadRow, flaws: list[Flaw]) -> None:
        self.add(
            row,
            "rejected",
            errors=[
                {
                    "field": ".".join(str(step) for step in flaw.path),
                    "code": flaw.code,
                    "detail": flaw.detail,
                }
                for flaw in flaws
            ],
        )

    def forget_made(self) -> None:
        """What was created is not, as all of it was given up."""
        rows, self._chunks, self._told = self.rows, [], []
        for row in rows:
            if row["outcome"] == "created":
                row.pop("id", None)
            self._tell(row)

    @property
    def seen(self) -> int:
        """How many rows were read."""
        return self.created + self.updated + self.unchanged + self.rejected

    @property
    def rows(self) -> list[dict[str, Any]]:
        return json.loads(f"[{','.join([*self._chunks, *self._told])}]")

    def as_dict(self) -> dict[str, Any]:
        """As the API tells it."""
        return self._head() | {"rows": self.rows}

    def as_json(self) -> str:
        """As the stored run keeps it."""
        rows = [*self._chunks, *self._told] or [""]
        rows[0] = f'{_as_json(self._head())[:-1]},"rows":[{rows[0]}'
        rows[-1] += "]}"
        return ",".join(rows)

    def _head(self) -> dict[str, Any]:
        names = ("id", "dry_run", "created", "updated", "unchanged", "rejected")
        return {name: getattr(self, name) for name in names}


def _as_json(told: dict[str, Any]) -> str:
    return orjson.dumps(told).decode()


class Rejected(TimelineError):
    """Rows could not be imported, and so none was; ``report`` says which and why."""

    code = "import-rejected"
    title = "Nothing was imported, because some rows are not valid"
    advice = (
        "Put right the rows that `report` names, by line and field, and send the file again; or send "
        "it with `on_error=skip` to import the others. `dry_run=true` only says what would be done."
    )

    def __init__(self, report: Report) -> None:
        super().__init__(
            f"{report.rejected} of {report.seen} rows are not valid. Correct them, or import "
            "the others with on_error=skip."
        )
        report.forget_made()
        self.report = report
