"""Databases are brought up to date, whatever is in them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.django_db


def limit() -> str:
    return str(connection.connection.execute("SHOW statement_timeout").fetchone()[0])


def test_a_statement_of_a_migration_may_last_as_long_as_it_takes(engine: str) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite has no limit for a statement.")
    connection.ensure_connection()
    before, during = limit(), set()

    def watch(execute: Any, *asked: Any) -> Any:
        if "django_migrations" in asked[0]:
            during.add(limit())
        return execute(*asked)

    with connection.execute_wrapper(watch):
        call_command("migrate", verbosity=0)

    assert (before, during, limit()) == ("5s", {"0"}, "5s")
