"""Run an import: all or nothing, or row by row; in earnest, or only to see what it would do."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, Literal, NamedTuple, get_args
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from timeline.db.bulk import much_to_write
from timeline.db.planning import count_rows
from timeline.errors import Conflict, Flaw, Invalid, NotAllowed
from timeline.models import Event, Import, ImportedRow, Publication, ReportedRows, Scope
from timeline.services import ledger
from timeline.services.access import By
from timeline.services.imports.columns import BadTable, Mapping
from timeline.services.imports.completing import completed
from timeline.services.imports.reports import Rejected, Report
from timeline.services.imports.rows import BadRow, Row, read_rows
from timeline.services.imports.tables import read_csv, read_xlsx
from timeline.services.imports.updating import update
from timeline.services.imports.writing import FILLED, Writer

CHUNK = 500

OnError = Literal["abort", "skip"]
FileFormat = Literal["jsonl", "csv", "xlsx"]
FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)


def format_of(name: str, other: FileFormat = "jsonl") -> FileFormat:
    """What a file is, as its name ends; of any other name, ``other``."""
    suffix = name.lower().rpartition(".")[2]
    return next((known for known in FORMATS if known == suffix), other)


class _Undo(Exception):
    """Leaves the transaction without its work."""


def seen_by(by: By) -> QuerySet[Import]:
    """The runs that ``by`` may read: their own, for a report tells names of actors that are hidden
    from whoever may not publish; all of them from whoever may.
    """
    by.needs(Scope.WRITE)
    runs = Import.objects.all()
    return runs if by.may(Scope.PUBLISH) else runs.filter(by=by.user, by__isnull=False)


def run_import(
    file: BinaryIO,
    *,
    by: By,
    dry_run: bool = False,
    publish: bool = False,
    on_error: OnError = "abort",
    file_format: FileFormat = "jsonl",
    mapping: Mapping | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import a file that can be read twice; ``mapping`` says what the columns of a table fill.

    Raises :class:`Rejected` when rows are bad and ``on_error`` is ``"abort"``, and
    :class:`BadTable` when a table has not the columns that it needs; nothing is written then. A dry
    run does the same work and leaves nothing behind.
    """
    by.needs(Scope.PUBLISH if publish else Scope.WRITE)
    report = Report(dry_run=dry_run)
    rows = _rows_of(file, file_format, mapping)
    sha256 = _digest(file)
    try:
        with ledger.writing() as operation:
            options: dict[str, Any] = {"publish": publish, "on_error": on_error}
            if mapping:
                options["mapping"] = mapping
            run = Import.objects.create(
                by=by.user,
                origin=by.origin,
                format=file_format,
                options=options,
                sha256=sha256,
                operation=operation,
            )
            with much_to_write():
                for _ in _import(rows, Writer(run, by, publish=publish), report):
                    if progress:
                        progress(report.seen)
            if dry_run or (report.rejected and on_error == "abort"):
                raise _Undo  # noqa: TRY301 - the way out of the transaction
            if report.created >= CHUNK:
                count_rows(FILLED)
            report.id = str(run.uuid)
            run.report = report.head()
            run.save(update_fields=["report"])
            for rows in report.folded():
                ReportedRows.objects.create(run=run, rows=rows)
    except _Undo:
        if not dry_run:
            raise Rejected(report) from None
    return report


def _rows_of(
    file: BinaryIO, file_format: FileFormat, mapping: Mapping | None
) -> Iterator[Row | BadRow]:
    """The rows of the file, read when they are asked for."""
    match file_format:
        case "csv":
            return read_csv(file, mapping)
        case "xlsx":
            return read_xlsx(file, mapping)
    if mapping:
        raise BadTable.because("Only a table has columns to be mapped: send CSV or a workbook.")
    return read_rows(file)


def _import(rows: Iterator[Row | BadRow], writer: Writer, report: Report) -> Iterator[None]:
    """Chunk by chunk."""
    counted = 0
    for chunk in _chunks(_once(rows)):
        writer.stay_small()
        _import_chunk(chunk, writer, report)
        if report.created >= counted + CHUNK:
            # The next chunk is looked up among the rows of this one: let the planner know of
            # them, the more seldom the more there are.
            count_rows(FILLED)
            counted = report.created * 4
        yield


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


class _Seen:
    """In which line each record of the file came first, kept on the disk."""

    def __init__(self) -> None:
        # A file of its own, and gone with it: a database without a name, which is one as well, is
        # kept in memory by an SQLite that is built so, as the one of pysqlite3 is.
        self._file = NamedTemporaryFile(prefix="timeline-import-")  # noqa: SIM115 - outlives this
        self._rows = sqlite3.connect(self._file.name, isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute(
            "CREATE TABLE seen (dataset, id, line, PRIMARY KEY (dataset, id)) WITHOUT ROWID"
        )
        self._rows.execute("BEGIN")

    def first_line(self, row: Row) -> int:
        (first,) = self._rows.execute(
            "INSERT INTO seen VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET line = line RETURNING line",
            (*row.key, row.line),
        ).fetchone()
        return int(first)


def _once(rows: Iterator[Row | BadRow]) -> Iterator[Row | BadRow]:
    """Refuse a row that names the same record as one before it."""
    seen = _Seen()
    for row in rows:
        if isinstance(row, Row):
            first = seen.first_line(row)
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
    known = _known_events([row for row in chunk if isinstance(row, Row)])
    came = {key: event.row for key, event in known.items() if event.row}
    chunk = completed(chunk, came, writer.matcher)
    rows = [row for row in chunk if isinstance(row, Row)]
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
            report.add(row, "created", **({} if report.dry_run else {"id": made[row.line]}))
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
