"""Prove the ledger unbroken."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from timeline.models import Change
from timeline.services.ledger import first_broken, head


class Command(BaseCommand):
    help = "Prove the ledger unbroken, or name the first entry that is not what was written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--pinned",
            action="append",
            default=[],
            metavar="HASH",
            help="a hash that somebody kept, such as a cursor of the feed of changes: it must "
            "still be in the chain, or its end was cut off; may be given more than once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = first_broken()
        if broken is not None:
            when = f"{broken.at:%Y-%m-%d %H:%M:%S} UTC"
            raise CommandError(
                f"The ledger is broken at entry {broken.pk}: {broken}, of {when}. "
                "It, or the entry before it, was changed or removed."
            )
        known = set(
            Change.objects.filter(hash__in=options["pinned"]).values_list("hash", flat=True)
        )
        if missing := [pin for pin in options["pinned"] if pin not in known]:
            raise CommandError(
                f"The ledger has no entry with the hash {', '.join(missing)}. What was written "
                "then has been cut off, or the hash is of another service."
            )
        self.stdout.write(f"{Change.objects.count()} entries, unbroken. The head is {head()}.")
