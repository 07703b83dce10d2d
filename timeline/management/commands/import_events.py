"""Import events from a file."""

from __future__ import annotations

import argparse
import sys
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.models import Origin
from timeline.services.access import the_command_line
from timeline.services.imports import (
    FORMATS,
    BadTable,
    Rejected,
    Report,
    format_of,
    read_mapping,
    run_import,
)

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Import events from a file: JSON Lines, one object a line, or a table with a header, as CSV or "
        "a workbook. They are matched with what is recorded by dataset and external_id. Nothing is "
        "written when a row is bad, unless --on-error=skip."
    )

    # The checks of Django read every page and form there is, and keep them in memory.
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to import")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--publish", action="store_true", help="publish what is imported")
        parser.add_argument(
            "--on-error",
            choices=["abort", "skip"],
            default="abort",
            help="what to do about bad rows: import nothing (default), or the others",
        )
        parser.add_argument(
            "--format", choices=FORMATS, help="of the file; if it is not said, as its name ends"
        )
        parser.add_argument(
            "--mapping",
            default="",
            metavar="JSON",
            help="which column fills which member of an event, such as "
            """'{"title": "Headline", "dataset": {"literal": "acw"}}'""",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                report = run_import(
                    file,
                    by=the_command_line(origin=Origin.IMPORT),
                    dry_run=options["dry_run"],
                    publish=options["publish"],
                    on_error=options["on_error"],
                    file_format=options["format"] or format_of(options["file"].name),
                    mapping=read_mapping(options["mapping"]) if options["mapping"] else None,
                    progress=self._progress,
                )
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        except BadTable as error:
            raise CommandError(error.detail) from error
        except Rejected as error:
            self._tell(error.report)
            raise CommandError(error.detail) from error
        self._tell(report)

    def _progress(self, rows: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{rows} rows", ending="")

    def _tell(self, report: Report) -> None:
        bad = (row for row in report.rows() if row["outcome"] == "rejected")
        for row in islice(bad, SHOWN):
            for error in row["errors"]:
                where = f", {error['field']}" if error["field"] else ""
                self.stderr.write(f"line {row['line']}{where}: {error['detail']}")
        if report.rejected > SHOWN:
            self.stderr.write(f"… and {report.rejected - SHOWN} more.")
        self.stdout.write(
            f"{'' if report.id else 'Would be: '}created {report.created}, "
            f"updated {report.updated}, unchanged {report.unchanged}, rejected {report.rejected}."
        )
