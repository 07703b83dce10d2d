"""Run an import: all or nothing, or row by row; in earnest, or only to see what it would do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO, Literal, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import JSONField, Value
from django.db.models.functions import Cast

from timeline.db.bulk import much_to_write
from timeline.db.planning import count_rows
from timeline.errors import Conflict, Flaw, Invalid, NotAllowed, TimelineError
from timeline.models import Event, Import, ImportedRow, Publication, Scope
from timeline.services import ledger
from timeline.services.access import By
from timeline.services.imports.rows import BadRow, Row, read_rows
from timeline.services.imports.updating import update
from timeline.services.imports.writing import FILLED, Writer

CHUNK = 500

OnError = Literal["abort", "skip"]


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
        if len(self._told) == CHUNK:
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
        head = _as_json(self._head())[:-1] + ',"rows":['
        rows = [*self._chunks, *self._told] or [""]
        return ",".join([head + rows[0], *rows[1:]]) + "]}"

    def _head(self) -> dict[str, Any]:
        names = ("id", "dry_run", "created", "updated", "unchanged", "rejected")
        return {name: getattr(self, name) for name in names}


_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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


class _Undo(Exception):
    """Leaves the transaction without its work."""


def run_import(
    file: BinaryIO,
    *,
    by: By,
    dry_run: bool = False,
    publish: bool = False,
    on_error: OnError = "abort",
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import a JSON Lines file that can be read twice.

    Raises :class:`Rejected` when rows are bad and ``on_error`` is ``"abort"``; nothing is written
    then. A dry run does the same work and leaves nothing behind.
    """
    by.needs(Scope.PUBLISH if publish else Scope.WRITE)
    report = Report(dry_run=dry_run)
    sha256 = _digest(file)
    try:
        with ledger.writing() as operation:
            options = {"publish": publish, "on_error": on_error}
            run = Import.objects.create(
                by=by.user,
                origin=by.origin,
                format="jsonl",
                options=options,
                sha256=sha256,
                operation=operation,
            )
            with much_to_write():
                for _ in _import(file, Writer(run, by, publish=publish), report):
                    if progress:
                        progress(report.seen)
            if dry_run or (report.rejected and on_error == "abort"):
                raise _Undo  # noqa: TRY301 - the way out of the transaction
            if report.created >= CHUNK:
                count_rows(FILLED)
            report.id = str(run.uuid)
            written = Cast(Value(report.as_json()), JSONField())
            Import.objects.filter(pk=run.pk).update(report=written)
    except _Undo:
        if not dry_run:
            raise Rejected(report) from None
    return report


def _import(file: BinaryIO, writer: Writer, report: Report) -> Iterator[None]:
    """Chunk by chunk."""
    counted = 0
    for chunk in _chunks(_once(read_rows(file))):
        writer.stay_small()
        _import_chunk(chunk, writer, report)
        if report.created >= counted + CHUNK:
            # The next chunk is looked up among the rows of this one: let the planner know of
            # them, the more seldom the more there are.
            count_rows(FILLED)
            counted = report.created * 2
        yield


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


def _once(rows: Iterator[Row | BadRow]) -> Iterator[Row | BadRow]:
    """Refuse a row that names the same record as one before it."""
    lines: dict[int, int] = {}
    for row in rows:
        if isinstance(row, Row):
            first = lines.setdefault(hash(row.key), row.line)
            if first != row.line:
                detail = f"Line {first} has the same dataset and external_id already."
                yield BadRow(
                    row.line, [Flaw(("external_id",), "repeated", detail)], row.external_id
                )
                continue
        yield row


def _chunks(rows: Iterator[Row | BadRow]) -> Iterator[list[Row | BadRow]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


class _Known(NamedTuple):
    """The event of a row, and the row as it last came."""

    key: int
    uuid: UUID
    publication: str
    row: str | None


def _import_chunk(chunk: list[Row | BadRow], writer: Writer, report: Report) -> None:
    rows = [row for row in chunk if isinstance(row, Row)]
    known = _known_events(rows)
    new = [row for row in rows if row.key not in known]
    made = dict(zip((row.line for row in new), writer.create(new), strict=True))
    changed = {
        row.line: row
        for row in rows
        if row.key in known and _has_to_change(known[row.key], row, publish=writer.publish)
    }
    events = Event.objects.in_bulk({known[row.key].key for row in changed.values()})
    writer.matcher.learn(changed.values())
    for row in chunk:
        if isinstance(row, BadRow):
            report.reject(row, row.flaws)
        elif row.line in made:
            # A dry run makes up ids that it forgets again.
            report.add(row, "created", **({} if report.dry_run else {"id": str(made[row.line])}))
        elif row.line not in changed:
            report.add(row, "unchanged", id=str(known[row.key].uuid))
        elif not _update(events[known[row.key].key], known[row.key].row, row, writer, report):
            # What the failed row had found or made was rolled back with it.
            writer.forget()
            writer.matcher.learn(changed.values())


def _known_events(rows: list[Row]) -> dict[tuple[str, str], _Known]:
    known: dict[tuple[str, str], _Known] = {}
    for dataset in {row.dataset for row in rows}:
        ids = [row.external_id for row in rows if row.dataset == dataset]
        # That none is empty lets the database use its index.
        events = Event.objects.filter(dataset=dataset, external_id__in=ids).exclude(external_id="")
        for name, *event in events.values_list("external_id", "pk", "uuid", "publication"):
            known[dataset, name] = _Known(*event, row=None)
        # What was merged is told in another event.
        came = ImportedRow.objects.filter(dataset=dataset, external_id__in=ids).exclude(event=None)
        columns = ("external_id", "event_id", "event__uuid", "event__publication", "row")
        for name, *told in came.order_by("pk").values_list(*columns):
            known[dataset, name] = _Known(*told)
    return known


def _has_to_change(known: _Known, row: Row, *, publish: bool) -> bool:
    to_publish = publish and known.publication != Publication.PUBLISHED
    return to_publish or known.row != row.written


def _update(event: Event, before: str | None, row: Row, writer: Writer, report: Report) -> bool:
    """Whether it could be."""
    try:
        with transaction.atomic():
            changes = update(writer, event, before, row)
    except Invalid as error:
        report.reject(row, error.flaws)
        return False
    except (NotAllowed, Conflict) as error:
        report.reject(row, [Flaw((), error.code, error.detail)])
        return False
    outcome = "updated" if changes else "unchanged"
    more = {"changes": changes} if changes else {}
    report.add(row, outcome, id=str(event.uuid), **more)
    return True
