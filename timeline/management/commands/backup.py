"""Save the database to a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.services.backups import NoBackup, back_up


class Command(BaseCommand):
    help = (
        "Save the whole database to a file, as it is at one instant, while the service goes on. A "
        "file of this name is replaced once the new one is whole. It holds drafts and protected "
        "identities: nobody else may read it. With PostgreSQL its program pg_dump is needed."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write, e.g. timeline.backup")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            back_up(options["file"])
        except NoBackup as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Saved to {options['file']}. Keep SECRET_KEY too: without it no token is known again."
        )
