"""What an import tells of each row, kept on the disk, for there may be a million of them."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import IO, Any

import orjson

from timeline.errors import Flaw, TimelineError
from timeline.services.imports.rows import BadRow, Row

# Bytes of entries that are kept in memory instead.
IN_MEMORY = 1 << 20
# So many entries are stored as one text.
FOLDED = 500


@dataclass(slots=True, weakref_slot=True)
class Report:
    """What an import did, or would do, with an entry for each row of the file."""

    dry_run: bool
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    id: str | None = None
    # The entries as JSON, each in a line.
    _file: IO[bytes] = field(
        default_factory=partial(tempfile.SpooledTemporaryFile, max_size=IN_MEMORY)
    )
    _is_given_up: bool = False

    def __post_init__(self) -> None:
        weakref.finalize(self, self._file.close)

    def add(self, row: Row | BadRow, outcome: str, **more: Any) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)
        entry = {"line": row.line, "external_id": row.external_id, "outcome": outcome, **more}
        if isinstance(row, Row) and row.warnings:
            entry["warnings"] = row.warnings
        self._file.write(orjson.dumps(entry) + b"\n")

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

    def give_up(self) -> None:
        """What was created is not."""
        self._is_given_up = True

    @property
    def seen(self) -> int:
        """How many rows were read."""
        return self.created + self.updated + self.unchanged + self.rejected

    def head(self) -> dict[str, Any]:
        """What it says of all rows together."""
        names = ("id", "dry_run", "created", "updated", "unchanged", "rejected")
        return {name: getattr(self, name) for name in names}

    def rows(self) -> Iterator[dict[str, Any]]:
        """The entries, one after the other, in the order of the file."""
        for row in map(orjson.loads, self._lines()):
            if self._is_given_up and row["outcome"] == "created":
                row.pop("id", None)
            yield row

    def folded(self) -> Iterator[str]:
        """The entries of what was done as they are stored: lists of some hundred, as JSON."""
        lines = self._lines()
        while some := list(islice(lines, FOLDED)):
            yield f"[{','.join(some)}]"

    def _lines(self) -> Iterator[str]:
        self._file.seek(0)
        return (line.decode().rstrip() for line in self._file)

    def as_json(self) -> Iterator[bytes]:
        """What was done as the API tells it, in pieces."""
        yield orjson.dumps(self.head())[:-1] + b',"rows":['
        for number, some in enumerate(self.folded()):
            yield (b"," if number else b"") + some[1:-1].encode()
        yield b"]}"

    def as_dict(self) -> dict[str, Any]:
        """As the API tells it."""
        return self.head() | {"rows": list(self.rows())}


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
        report.give_up()
        self.report = report
