"""Migrations are history that can be walked both ways."""

from __future__ import annotations

import json
import os

import pytest

from tests.databases import ROOT, manage

THERE_AND_BACK = """
from django.core.management import call_command
from django.db import connection
import json

def tables():
    names = connection.introspection.table_names()
    return sorted(name for name in names if name.startswith("timeline_"))

told = [tables()]
for arguments in (["timeline", "zero"], []):
    call_command("migrate", *arguments, verbosity=0)
    told.append(tables())
print(json.dumps(told))
"""


def test_every_migration_can_be_taken_back_and_made_again(database_url: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    done = manage("shell", "--no-imports", "-c", THERE_AND_BACK, environment=environment)

    before, without, again = json.loads(done.stdout)
    assert "timeline_change" in before
    assert without == []
    assert again == before


@pytest.mark.django_db
def test_no_migration_is_missing_and_each_is_named_after_what_it_does() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    for path in (ROOT / "timeline" / "migrations").glob("0*.py"):
        assert "_auto_" not in path.name
