"""As what: records in the shape of the API, written in the formats of others, streamed.

Pure: no settings, no clock, no database. Every format takes the records one by one and holds one
at a time.

>>> context = Context(title="Case", self_url="https://x.example/e.csv", site_url="https://x.example")
>>> b"".join(FORMATS["csv"].write([], context))[:16]
b'id,title,summary'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from timeline.formats import atom, geojson, ics, jsonld, timelinejs
from timeline.formats.contract import Context, Format, Record, Write
from timeline.formats.csljson import write_csljson
from timeline.formats.csvfile import csv_of
from timeline.formats.ndjson import write_ndjson
from timeline.formats.records import EVENTS, TABLES
from timeline.formats.tables import Table

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_formats(table: Table) -> Mapping[str, Format]:
    """The formats for records of one kind: those that are rows, and the JSON of the API."""
    return _by_suffix(
        _format(
            "csv",
            _CSV,
            csv_of(table),
            "Comma-separated values in UTF-8 without a byte order mark, a row for each record; for "
            "Excel, which expects the mark, take xlsx.",
            reads=table.reads,
        ),
        _format(
            "ndjson",
            "application/x-ndjson",
            write_ndjson,
            "A JSON object on each line.",
            is_json=True,
        ),
        _format(
            "xlsx",
            _XLSX,
            _workbook_of(table),
            "A spreadsheet, a row for each record.",
            reads=table.reads,
        ),
    )


def _workbook_of(table: Table) -> Write:
    def write_xlsx(records: Iterable[Record], context: Context) -> Iterator[bytes]:
        # Only who asks for a workbook needs what takes five megabytes of each process.
        from timeline.formats.xlsx import xlsx_of

        return xlsx_of(table)(records, context)

    return write_xlsx


def _format(
    suffix: str,
    media_type: str,
    write: Write,
    description: str,
    *,
    is_json: bool = False,
    reads: tuple[str, ...] = (),
) -> Format:
    return Format(suffix, media_type, f".{suffix}", write, description, is_json, reads)


def _by_suffix(*formats: Format) -> Mapping[str, Format]:
    return MappingProxyType({each.suffix: each for each in formats})


# Of events.
FORMATS: Final[Mapping[str, Format]] = _by_suffix(
    *table_formats(EVENTS).values(),
    _format(
        "geojson",
        "application/geo+json",
        geojson.write_geojson,
        "GeoJSON features, with their dates as in Linked Places.",
        reads=geojson.READS,
    ),
    _format(
        "ics",
        "text/calendar; charset=utf-8",
        ics.write_ics,
        "A calendar to subscribe to; imprecise dates span their bounds, and say so in words.",
        reads=ics.READS,
    ),
    _format(
        "atom",
        "application/atom+xml; charset=utf-8",
        atom.write_atom,
        "A feed to subscribe to.",
        reads=atom.READS,
    ),
    _format(
        "jsonld",
        "application/ld+json",
        jsonld.write_jsonld,
        "Linked data: events of schema.org, with their dates as in Linked Places.",
        reads=jsonld.READS,
    ),
    _format(
        "timelinejs.json",
        "application/json",
        timelinejs.write_timelinejs,
        "What TimelineJS shows; imprecise dates are said in words.",
        reads=timelinejs.READS,
    ),
)

# Of sources, beside their rows.
CSL_JSON: Final = _format(
    "csl.json",
    "application/vnd.citationstyles.csl+json",
    write_csljson,
    "References for Zotero, Pandoc and other managers.",
)

__all__ = [
    "CSL_JSON",
    "FORMATS",
    "TABLES",
    "Context",
    "Format",
    "Record",
    "Table",
    "Write",
    "table_formats",
]
