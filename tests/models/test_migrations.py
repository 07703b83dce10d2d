"""Migrations are history that can be walked both ways."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT


def manage(database_url: str, state: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": database_url,
            "STATE_DIR": str(state),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


TABLES = (
    "from django.db import connection; import json;"
    "print(json.dumps(sorted(t for t in connection.introspection.table_names()"
    " if t.startswith('timeline_'))))"
)


def test_every_migration_can_be_taken_back_and_made_again(
    database_url: str, tmp_path: Path
) -> None:
    def tables() -> str:
        return manage(database_url, tmp_path, "shell", "--no-imports", "-c", TABLES).strip()

    manage(database_url, tmp_path, "migrate", "--verbosity=0")
    before = tables()
    manage(database_url, tmp_path, "migrate", "timeline", "zero", "--verbosity=0")
    assert tables() == "[]"
    manage(database_url, tmp_path, "migrate", "--verbosity=0")
    assert tables() == before
    assert "timeline_change" in before


@pytest.mark.django_db
def test_no_migration_is_missing_and_each_is_named_after_what_it_does() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    for path in (ROOT / "timeline" / "migrations").glob("0*.py"):
        assert "_auto_" not in path.name
