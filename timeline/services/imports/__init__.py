"""Bring in events by the file."""

from timeline.services.imports.reports import Rejected, Report
from timeline.services.imports.runs import OnError, run_import

__all__ = ["OnError", "Rejected", "Report", "run_import"]
