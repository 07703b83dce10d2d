"""Count anew what facets and histograms over everything are told from."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from timeline.services.derived import rebuild_tallies


class Command(BaseCommand):
    help = "Count anew what facets and histograms over everything are told from."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_tallies()} numbers were others and were put right.")
