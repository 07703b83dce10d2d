"""One event a line, each the very JSON of the API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from timeline.formats.contract import Context, Record, gathered
from timeline.formats.json_text import dump


@gathered
def write_ndjson(records: Iterable[Record | bytes], context: Context) -> Iterator[bytes]:
    for record in records:
        written = record if isinstance(record, bytes) else dump(record)
        yield written + b"\n"
