"""Bring in events by the file."""

from timeline.services.imports.runs import OnError, Rejected, Report, run_import

__all__ = ["OnError", "Rejected", "Report", "run_import"]
