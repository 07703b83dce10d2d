"""Prove the ledger unbroken."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.models import Change
from timeline.services.ledger import first_broken, head


class Command(BaseCommand):
    help = "Prove the ledger unbroken, or name the first entry that is not what was written."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = first_broken()
        if broken is not None:
            when = f"{broken.at:%Y-%m-%d %H:%M:%S} UTC"
            raise CommandError(
                f"The ledger is broken at entry {broken.pk}: {broken}, of {when}. "
                "It, or the entry before it, was changed or removed."
            )
        self.stdout.write(f"{Change.objects.count()} entries, unbroken. The head is {head()}.")
