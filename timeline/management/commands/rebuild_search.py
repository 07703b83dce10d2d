"""Derive the words of the search anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from timeline.services.derived import rebuild_search


class Command(BaseCommand):
    help = "Derive the words of the search anew from the texts."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_search()} rows had other words and were put right.")
