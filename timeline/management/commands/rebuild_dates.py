"""Derive the bounds of every date anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from timeline.services.derived import rebuild_dates


class Command(BaseCommand):
    help = "Derive the bounds of every date anew from its text, under the present policy."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_dates()} rows had other bounds and were put right.")
