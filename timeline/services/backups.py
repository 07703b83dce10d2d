"""The whole database in one file, and back, by what each database has for it.

SQLite copies itself page by page as it was at one instant (https://sqlite.org/backup.html), and
PostgreSQL by its own programs (https://www.postgresql.org/docs/current/app-pgdump.html). Readers and
writers go on meanwhile. Whatever is restored is restored whole, in one transaction, or not at all.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from django.core.management import call_command
from django.db import ProgrammingError, connection, connections
from django.db.migrations.loader import MigrationLoader

from timeline.services.ledger import first_broken

OF_SQLITE, OF_POSTGRESQL = b"SQLite format 3\0", b"PGDMP"
# The programs of PostgreSQL, which come together.
DUMP, RESTORE, PSQL = "pg_dump", "pg_restore", "psql"


class NoBackup(Exception):
    """A backup could not be made, or a file not be restored; it says why."""


def back_up(file: Path) -> None:
    """Write the database to ``file``, for nobody else to read: it holds drafts and hashes of keys.

    A file of this name is replaced once the new one is whole. Raises :class:`NoBackup`.
    """
    with _whole(file) as draft:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(draft)) as copy:
                connection.connection.backup(copy)
                # A copy has no second file beside it.
                copy.execute("PRAGMA journal_mode = DELETE")
        else:
            _run(DUMP, "--format=custom", *_OWNERLESS, f"--file={draft}")


def restore(file: Path) -> None:
    """Replace the database by what :func:`back_up` wrote, brought up to date.

    Raises :class:`NoBackup`; nothing was changed then, unless it says that the ledger is broken of what
    was restored.
    """
    try:
        with file.open("rb") as begun:
            head = begun.read(len(OF_SQLITE))
    except OSError as error:
        raise NoBackup(f"“{file}” cannot be read: {error.strerror}.") from error
    known = {"sqlite": OF_SQLITE, "postgresql": OF_POSTGRESQL}
    of = next((vendor for vendor, start in known.items() if head.startswith(start)), None)
    if of is None:
        raise NoBackup(f"“{file}” is no backup, or what was written of it is not whole.")
    if of != connection.vendor:
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise NoBackup(
            f"“{file}” is a backup of {names[of]}, and the database is {names[connection.vendor]}: "
            "set DATABASE_URL to one of the same kind."
        )
    (_restore_sqlite if of == "sqlite" else _restore_postgresql)(file)
    connections.close_all()
    call_command("migrate", interactive=False, verbosity=0)
    if (broken := first_broken()) is not None:
        raise NoBackup(f"It is restored, but its ledger is broken at entry {broken.pk}: {broken}.")


@contextmanager
def _whole(file: Path) -> Iterator[str]:
    """A file beside this one that takes its place when it is whole."""
    try:
        with NamedTemporaryFile(dir=file.parent, prefix=f"{file.name}.", delete=False) as made:
            draft = Path(made.name)
        try:
            yield made.name
            with draft.open("rb") as written:
                os.fsync(written.fileno())
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise NoBackup(f"“{file}” cannot be written: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise NoBackup(f"“{file}” could not be written: {error}.") from error


def _known_migrations() -> set[str]:
    """The migrations of this version."""
    return {name for app, name in MigrationLoader(None).disk_migrations if app == "timeline"}


# --- SQLite ---


def _restore_sqlite(file: Path) -> None:
    address = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as copy:
            ((found, *_),) = copy.execute("PRAGMA integrity_check(1)").fetchall()
            applied = copy.execute("SELECT name FROM django_migrations WHERE app = 'timeline'")
            _check(found == "ok", {name for (name,) in applied}, file)
            connection.ensure_connection()
            copy.backup(connection.connection)
    except sqlite3.Error as error:
        raise NoBackup(f"“{file}” could not be restored: {error}.") from error


def _check(is_sound: bool, applied: set[str], file: Path) -> None:
    if not is_sound:
        raise NoBackup(f"“{file}” is damaged.")
    if not applied:
        raise NoBackup(f"“{file}” is a database, and not of Timeline.")
    if newer := applied - _known_migrations():
        raise NoBackup(
            f"“{file}” was written by a newer version, which has {max(newer)}: restore it with that."
        )


# --- PostgreSQL ---

_OWNERLESS = ("--no-owner", "--no-privileges")
_RUN_WHOLE = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
_EMPTIED = "SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public"


def _restore_postgresql(file: Path) -> None:
    listed = _run(RESTORE, "--list", str(file), on_database=False)
    if "TABLE DATA public timeline_change" not in listed:
        raise NoBackup(f"“{file}” is a database, and not of Timeline.")
    known = ", ".join(f"'{name}'" for name in sorted(_known_migrations()))
    # The last statement; what it refuses leaves the database as it was.
    refused = (
        "DO $$ BEGIN IF EXISTS (SELECT FROM public.django_migrations WHERE app = 'timeline' "
        f"AND name NOT IN ({known})) THEN "
        "RAISE 'it was written by a newer version: restore it with that'; END IF; END $$"
    )
    with TemporaryDirectory(prefix="timeline-restore-") as folder:
        # In between as a file: of a stream that ends too soon the first half would be restored.
        script = Path(folder, "whole.sql")
        _run(RESTORE, *_OWNERLESS, f"--file={script}", str(file), on_database=False)
        connections.close_all()
        steps = (f"--command={_EMPTIED}", f"--file={script}", f"--command={refused}")
        _run(PSQL, *_RUN_WHOLE, "--output=/dev/null", *steps)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _run(program: str, *arguments: str, on_database: bool = True) -> str:
    """What a program of PostgreSQL says, asked of the database with its settings."""
    (_, *to), told = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    done = _called(_found(program), *arguments, *(to if on_database else ()), **(told or {}))
    if done.returncode:
        raise NoBackup(f"{program} says: {done.stderr.strip()}")
    return done.stdout


def _found(program: str) -> str:
    """The program, of the version of the server or a newer one: older ones refuse."""
    connection.ensure_connection()
    wanted = connection.pg_version // 10_000
    for folder in _folders():
        found = shutil.which(program, path=folder)
        if found and _version(found) >= wanted:
            return found
    raise NoBackup(
        f"The server is PostgreSQL {wanted}, and there is no {program} of that version here. "
        f"Install postgresql-client-{wanted}, or put its programs in the PATH."
    )


def _folders() -> Iterator[str | None]:
    # Those of the server itself, if it may tell and is on this machine.
    with suppress(ProgrammingError), connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
        yield from (folder for (folder,) in cursor.fetchall())
    yield None
    yield from map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))


def _version(program: str) -> int:
    number = re.search(r"\d+", _called(program, "--version").stdout)
    return int(number[0]) if number else 0


def _called(program: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - no shell, and nobody but the operator names program and file
        [program, *arguments],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
