"""Bring in events by the file."""

from timeline.services.imports.columns import BadTable, Mapping, read_mapping
from timeline.services.imports.reports import Rejected, Report
from timeline.services.imports.runs import (
    FORMATS,
    FileFormat,
    OnError,
    format_of,
    run_import,
    seen_by,
)

__all__ = [
    "FORMATS",
    "BadTable",
    "FileFormat",
    "Mapping",
    "OnError",
    "Rejected",
    "Report",
    "format_of",
    "read_mapping",
    "run_import",
    "seen_by",
]
