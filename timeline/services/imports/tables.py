"""Tables as rows of an import: comma-separated values and workbooks.

A row of a table comes to the same as the line of JSON that says the same
(:mod:`timeline.services.imports.columns`).
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO, NamedTuple

import openpyxl

from timeline.formats.formula import released
from timeline.services.imports.columns import BadTable, Columns, Mapping
from timeline.services.imports.rows import MAX_LINE, BadRow, Known, Row, bad, read_row

SEPARATORS = ",;\t|"
# What a workbook may take once it is unpacked: a small file can hold any number of zeros.
MAX_UNPACKED = 256 << 20


class Cells(NamedTuple):
    """A row of a table, and where it begins."""

    line: int
    cells: list[str]


def read_csv(file: BinaryIO, mapping: Mapping | None = None) -> Iterator[Row | BadRow]:
    """The rows of comma-separated values (RFC 4180) with a header, in UTF-8.

    They may be separated by semicolons, tabs or bars instead. Raises :class:`BadTable`.
    """
    yield from _read(_cells_of_csv(file), mapping)


def read_xlsx(file: BinaryIO, mapping: Mapping | None = None) -> Iterator[Row | BadRow]:
    """The rows of the first sheet of a workbook (Office Open XML), and of others with its header.

    Raises :class:`BadTable`.
    """
    yield from _read(_cells_of_xlsx(file), mapping)


def _read(rows: Iterator[Cells | BadRow], mapping: Mapping | None) -> Iterator[Row | BadRow]:
    header = next(rows, None)
    if header is None:
        raise BadTable.because("The file is empty; its first row names the columns.", "header")
    if isinstance(header, BadRow):
        raise BadTable.because(header.flaws[0].detail, "header")
    columns, known = Columns(header.cells, mapping), Known()
    number = len(columns.names)
    for row in rows:
        if isinstance(row, BadRow):
            yield row
            continue
        line, cells = row
        if len(cells) < number or any(cells[number:]):
            yield bad(
                line,
                "other-columns",
                f"The row has {len(cells)} cells, and the header {number}. A comma may want quotes "
                "around its cell, or the file was cut off.",
            )
            continue
        read = read_row(line, columns.record(cells), known)
        if isinstance(read, Row):
            read.table = columns
        yield read


# --- Comma-separated values ---


class _Unreadable(Exception):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class _Lines:
    """The lines of a file as text. What cannot be read is raised, and the next line can be."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.number = file, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.file.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > MAX_LINE:
            while line and not line.endswith(b"\n"):
                line = self.file.readline(MAX_LINE + 1)
            raise _Unreadable("too-long", f"The line is longer than {MAX_LINE} bytes.")
        if self.number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if b"\0" in line:
            raise _Unreadable("bad-character", "The line holds the character NUL.")
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _Unreadable(
                "not-utf-8",
                f"The line is not UTF-8 (byte {error.start + 1}). Save the table as “CSV UTF-8”.",
            ) from error


def _cells_of_csv(file: BinaryIO) -> Iterator[Cells | BadRow]:
    lines = _Lines(file)
    start = file.tell()
    first = file.readline(MAX_LINE).decode("utf-8", "replace")
    file.seek(start)
    separator = max(SEPARATORS, key=first.count)
    rows = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        line = lines.number + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except _Unreadable as error:
            yield bad(line, error.code, str(error))
        except csv.Error as error:
            yield bad(line, "not-csv", f"The row is no CSV: {error}. A quote may want another one.")
        else:
            if any(cells):
                yield Cells(line, [released(cell) for cell in cells])


# --- Workbooks ---


def _cells_of_xlsx(file: BinaryIO) -> Iterator[Cells | BadRow]:
    try:
        if _unpacked(file) <= MAX_UNPACKED:
            yield from _of_sheets(file)
            return
    except Exception as error:
        # What is wrong inside is said in as many ways as there are parts.
        raise BadTable.because(
            "The file is no workbook (.xlsx) that can be read, or it is damaged or locked. Save it "
            "anew, or as CSV.",
            "file",
        ) from error
    raise BadTable.because(
        f"Unpacked, the workbook takes more than {MAX_UNPACKED >> 20} MB. Send it as CSV.", "file"
    )


def _unpacked(file: BinaryIO) -> int:
    with zipfile.ZipFile(file) as packed:
        return sum(one.file_size for one in packed.infolist())


def _of_sheets(file: BinaryIO) -> Iterator[Cells]:
    """The rows of the first sheet, and of those that go on with it, counted through."""
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    try:
        header: list[str] = []
        before = 0
        for sheet in book.worksheets:
            rows = _of_sheet(sheet)
            first = next(rows, None)
            if first is None or (header and first.cells != header):
                continue
            if not header:
                header = first.cells
                yield first
            last = first.line
            for last, cells in rows:
                # Of empty cells at the end of a row nothing is stored.
                yield Cells(before + last, cells + [""] * (len(header) - len(cells)))
            before += last
    finally:
        book.close()


def _of_sheet(sheet: Any) -> Iterator[Cells]:
    # What a sheet says of its own size need not be true, and rows beyond it would be lost.
    sheet.reset_dimensions()
    for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield Cells(line, cells)


def _text(value: Any) -> str:
    """A cell as it would stand in CSV."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
    return str(value)
