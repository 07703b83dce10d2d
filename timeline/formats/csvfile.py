"""Comma-separated values (RFC 4180): UTF-8 without a byte order mark, a header row always.

Lines within a cell end with LF; formulas are made harmless by the rule of
:mod:`timeline.formats.formula`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from timeline.formats.contract import Context, Record, Write, gathered
from timeline.formats.formula import guarded, is_harmless
from timeline.formats.tables import Cell, Table
from timeline.formats.text import legible


def csv_of(table: Table) -> Write:
    """What writes records of a kind as CSV."""

    @gathered
    def write_csv(records: Iterable[Record], context: Context) -> Iterator[bytes]:
        yield f"{','.join(table.header)}\r\n".encode()
        for record in records:
            cells = table.row(record, context)
            texts = [cell if type(cell) is str else str(cell) for cell in cells]
            line = ",".join(texts)
            # Most are, and to see it of a whole line is quick.
            if not (line.isprintable() and is_harmless(line)):
                texts = [_safe(cell) for cell in cells]
                line = ",".join(map(_quoted, texts))
            elif '"' in line or line.count(",") >= len(texts):
                line = ",".join(map(_quoted, texts))
            yield f"{line}\r\n".encode()

    return write_csv


def _safe(cell: Cell) -> str:
    return guarded(legible(cell)) if isinstance(cell, str) else str(cell)


def _quoted(text: str) -> str:
    if '"' in text or "," in text or "\n" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
