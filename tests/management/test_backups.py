"""`manage.py backup` and `restore`: everything as it was, or nothing changed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from urllib.request import urlopen

from tests.databases import manage
from tests.servers import running_service

ROW = {"dataset": "d", "external_id": "1", "title": "Came after the backup", "edtf": "2019"}


def read(url: str) -> Any:
    with urlopen(url) as answer:
        return json.load(answer)


def test_what_was_saved_comes_back_under_a_service_that_goes_on(
    database_url: str, tmp_path: Path
) -> None:
    file, rows = tmp_path / "timeline.backup", tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(ROW))
    file.write_text("of yesterday")
    with running_service(database_url, seed=True) as service:
        asked = [f"{service.url}/api/v1/{path}" for path in ("events", "changes")]
        before = [read(url) for url in asked]
        assert str(file) in service.manage("backup", str(file)).stdout
        assert file.stat().st_mode & 0o777 == 0o600
        assert {*tmp_path.iterdir()} >= {file, rows}
        assert not [*tmp_path.glob("timeline.backup?*")]

        service.manage("import_events", str(rows), "--publish")
        assert [read(url) for url in asked] != before
        restored = service.manage("restore", str(file)).stdout
        assert before[1]["head"] in restored
        assert [read(url) for url in asked] == before

        # Keys go on where they were, and what is written is told.
        service.manage("import_events", str(rows), "--publish")
        titles = [row["title"] for row in read(f"{service.url}/api/v1/events?dataset=d")["results"]]
        assert titles == [ROW["title"]]
        assert "unbroken" in service.manage("verify_ledger").stdout
        assert "Came after" in json.dumps(read(f"{service.url}/api/v1/search?q=backup"))


LATER = """
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
MigrationRecorder(connection).record_applied("timeline", "9999_later")
"""


def test_what_cannot_be_done_says_why_and_changes_nothing(
    database_url: str, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "config.settings"}

    def run(*arguments: str, check: bool = True) -> CompletedProcess[str]:
        return manage(*arguments, environment=os.environ | settings, check=check)

    saved, bad = tmp_path / "saved", tmp_path / "bad"
    run("shell", "-v0", "-c", LATER)
    run("backup", str(saved))
    run("seed")
    known = run("verify_ledger").stdout
    whole = saved.read_bytes()
    other = b"PGDMP" if whole.startswith(b"SQLite") else b"SQLite format 3\0"
    files = {
        "newer version": whole,
        "is no backup": b"id,title\n",
        "of the same kind": other + whole[16:],
        "could not|says|damaged": whole[: len(whole) // 2],
        "cannot be read": None,
    }
    for said, content in files.items():
        bad.unlink(missing_ok=True)
        if content is not None:
            bad.write_bytes(content)
        refused = run("restore", str(bad), check=False)
        assert refused.returncode == 1
        assert any(words in refused.stderr for words in said.split("|")), refused.stderr
        assert "Traceback" not in refused.stderr
    assert run("verify_ledger").stdout == known
    refused = run("backup", str(tmp_path / "none" / "saved"), check=False)
    assert (refused.returncode, "cannot be written" in refused.stderr) == (1, True)
