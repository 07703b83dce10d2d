"""Replace the database by one that was saved."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.models import Change
from timeline.services.backups import NoBackup, restore
from timeline.services.ledger import head


class Command(BaseCommand):
    help = (
        "Replace everything in the database by what `backup` saved, whole or not at all, bring it up "
        "to date, and prove its ledger unbroken. What was recorded since is gone: make a backup "
        "first. With PostgreSQL its programs pg_restore and psql are needed."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `backup` wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restore(options["file"])
        except NoBackup as error:
            raise CommandError(str(error)) from error
        entries = Change.objects.count()
        self.stdout.write(f"Restored, with {entries} entries, unbroken. The head is {head()}.")
