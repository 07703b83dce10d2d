"""A workbook (Office Open XML) with the columns of the CSV.

Rows go to temporary files as they come, and the finished file is passed on in chunks. Every text
is a text to the spreadsheet, so that nothing is run and nothing needs an apostrophe.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from timeline.formats.contract import Context, Record, Write
from timeline.formats.tables import Cell, Table
from timeline.formats.text import legible

MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767
_CUT = " […]"
_CHUNK = 65_536


def xlsx_of(table: Table, *, most_rows: int = MOST_ROWS) -> Write:
    """What writes records of a kind as a workbook, with a new sheet where one is full."""

    def write_xlsx(records: Iterable[Record], context: Context) -> Iterator[bytes]:
        book = Workbook(write_only=True)
        book.properties.title = _text(context.title)
        book.properties.creator = "Timeline"
        try:
            _fill(book, table, records, context, most_rows)
            with tempfile.TemporaryFile() as file:
                book.save(file)
                file.seek(0)
                while chunk := file.read(_CHUNK):
                    yield chunk
        finally:
            _clean(book)

    return write_xlsx


def _fill(
    book: Workbook, table: Table, records: Iterable[Record], context: Context, most_rows: int
) -> None:
    sheet = _new_sheet(book, table, context)
    count = 1
    for record in records:
        if count == most_rows:
            sheet.close()
            sheet = _new_sheet(book, table, context)
            count = 1
        sheet.append([_cell(sheet, cell) for cell in table.row(record, context)])
        count += 1


def _new_sheet(book: Workbook, table: Table, context: Context) -> WriteOnlyWorksheet:
    number = len(book.worksheets) + 1
    sheet = book.create_sheet(table.name if number == 1 else f"{table.name} {number}")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name) for name in table.header])
    return sheet


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> WriteOnlyCell | int | float | None:
    if not isinstance(value, str):
        return value
    text = _text(value)
    if not text:
        return None
    cell = WriteOnlyCell(sheet, text)
    # Whatever it looks like: a formula, an error, a number.
    cell.data_type = "s"
    return cell


def _text(value: str) -> str:
    text: str = ILLEGAL_CHARACTERS_RE.sub("", legible(value))
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(_CUT)] + _CUT


def _clean(book: Workbook) -> None:
    """Take away what an unfinished workbook leaves in the temporary folder."""
    for sheet in book.worksheets:
        writer = sheet._writer
        if writer is None:
            continue
        if not sheet.closed:
            sheet.close()
        try:
            writer.cleanup()
        except FileNotFoundError:
            continue
