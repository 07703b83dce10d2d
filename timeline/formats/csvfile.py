"""Comma-separated values (RFC 4180): UTF-8 without a byte order mark, a header row always.

Lines within a cell end with LF; formulas are made harmless by the rule of
:mod:`timeline.formats.formula`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from timeline.formats.contract import Context, Record, Write, gathered
from timeline.formats.formula import guarded
from timeline.formats.tables import Cell, Table
from timeline.formats.text import legible


def csv_of(table: Table) -> Write:
    """What writes records of a kind as CSV."""

    @gathered
    def write_csv(records: Iterable[Record], context: Context) -> Iterator[bytes]:
        line = io.StringIO(newline="")
        writer = csv.writer(line, lineterminator="\r\n")
        writer.writerow(table.header)
        for record in records:
            yield _taken(line)
            writer.writerow([_safe(cell) for cell in table.row(record, context)])
        yield _taken(line)

    return write_csv


def _safe(cell: Cell) -> Cell:
    return guarded(legible(cell)) if isinstance(cell, str) else cell


def _taken(line: io.StringIO) -> bytes:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode()
