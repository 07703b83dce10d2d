"""Run an import: all or nothing, or row by row; in earnest, or only to see what it would do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO, Literal

from django.db import transaction

from timeline.db.planning import count_rows
from timeline.errors import Conflict, Flaw, Invalid, NotAllowed, TimelineError
from timeline.models import Event, Import, ImportedRow, Scope
from timeline.services import ledger
from timeline.services.access import By
from timeline.services.imports.rows import BadRow, Row, read_rows
from timeline.services.imports.writing import FILLED, Writer

CHUNK = 500

OnError = Literal["abort", "skip"]


@dataclass(slots=True)
class Report:
    """What an import did, or would do; one entry in ``rows`` for each row of the file."""

    dry_run: bool
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    id: str | None = None

    def add(self, row: Row | BadRow, outcome: str, **more: Any) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)
        entry = {"line": row.line, "external_id": row.external_id, "outcome": outcome, **more}
        if isinstance(row, Row) and row.warnings:
            entry["warnings"] = row.warnings
        self.rows.append(entry)

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

    def as_dict(self) -> dict[str, Any]:
        """As the API and the stored run tell it."""
        return {
            "id": self.id,
            "dry_run": self.dry_run,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "rows": sorted(self.rows, key=lambda entry: entry["line"]),
        }


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
            f"{report.rejected} of {len(report.rows)} rows are not valid. Correct them, or import "
            "the others with on_error=skip."
        )
        for row in report.rows:
            if row["outcome"] == "created":
                # What the rows would have made was never made.
                row.pop("id", None)
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
            writer = Writer(run, by, publish=publish)
            counted = 0
            for chunk in _chunks(_once(read_rows(file))):
                _import_chunk(chunk, writer, report)
                if report.created >= counted + CHUNK:
                    # The next chunk is looked up among the rows of this one: let the planner know
                    # of them, the more seldom the more there are.
                    count_rows(FILLED)
                    counted = report.created * 2
                if progress:
                    progress(len(report.rows))
            if dry_run or (report.rejected and on_error == "abort"):
                raise _Undo  # noqa: TRY301 - the way out of the transaction
            if report.created >= CHUNK:
                count_rows(FILLED)
            report.id = str(run.uuid)
            run.report = report.as_dict()
            run.save(update_fields=["report"])
    except _Undo:
        if not dry_run:
            raise Rejected(report) from None
    return report


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


def _once(rows: Iterator[Row | BadRow]) -> Iterator[Row | BadRow]:
    """Refuse a row that names the same record as one before it."""
    lines: dict[bytes, int] = {}
    for row in rows:
        if isinstance(row, Row):
            key = hashlib.blake2b(repr(row.key).encode(), digest_size=8).digest()
            first = lines.setdefault(key, row.line)
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


def _import_chunk(chunk: list[Row | BadRow], writer: Writer, report: Report) -> None:
    rows = [row for row in chunk if isinstance(row, Row)]
    for bad in chunk:
        if isinstance(bad, BadRow):
            report.reject(bad, bad.flaws)
    writer.matcher.learn(rows)
    known = _known_events(rows)
    _create([row for row in rows if row.key not in known], writer, report)
    for row in rows:
        if row.key in known and not _update(*known[row.key], row, writer, report):
            # What the failed row had found or made was rolled back with it.
            writer.forget()
            writer.matcher.learn(rows)


def _known_events(rows: list[Row]) -> dict[tuple[str, str], tuple[Event, str | None]]:
    """The events of these rows, each with the row as it last came."""
    known: dict[tuple[str, str], tuple[Event, str | None]] = {}
    for dataset in {row.dataset for row in rows}:
        ids = [row.external_id for row in rows if row.dataset == dataset]
        for event in Event.objects.filter(dataset=dataset, external_id__in=ids):
            known[event.dataset, event.external_id] = event, None
        # What was merged is told in another event.
        came = ImportedRow.objects.filter(dataset=dataset, external_id__in=ids)
        for row in came.exclude(event=None).select_related("event").order_by("pk"):
            known[row.dataset, row.external_id] = row.event, row.row
    return known


def _create(rows: list[Row], writer: Writer, report: Report) -> None:
    if not rows:
        return
    events = writer.create(rows)
    for row, event in zip(rows, events, strict=True):
        # A dry run makes up ids that it forgets again.
        report.add(row, "created", **({} if report.dry_run else {"id": str(event.uuid)}))


def _update(event: Event, before: str | None, row: Row, writer: Writer, report: Report) -> bool:
    """Update one event, or report why not; whether it could be."""
    try:
        with transaction.atomic():
            changes = writer.update(event, before, row)
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
