"""Migrate, however long a statement takes."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    """Django's own, without the limit that the service sets to each statement on PostgreSQL.

    To fill a column of millions of rows takes longer.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        connection.cursor().execute("SET statement_timeout = 0")
        try:
            super().handle(*args, **options)
        finally:
            connection.cursor().execute("RESET statement_timeout")
