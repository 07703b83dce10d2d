"""Databases of the tests: migrated once in a run, and copied for each test that wants its own."""

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.postgres import Server

ROOT = Path(__file__).resolve().parent.parent


def run_folder() -> Path:
    """The folder that the workers of this run have in common."""
    return Path(os.environ["TEST_FOLDER"])


def made_once(name: str, make: Callable[[], None]) -> None:
    """Have the first process of this run that wants it make it; the others wait until it is there."""
    made = run_folder() / f"{name}.made"
    with (run_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make()
            made.touch()


def manage(
    *arguments: str, environment: Mapping[str, str], check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a management command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if check and done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    return done


def on_server(statement: str) -> None:
    with psycopg.connect(os.environ["TEST_POSTGRES_URL"], autocommit=True) as connection:
        connection.execute(statement)


def _url(engine: str, name: str) -> str:
    if engine == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["TEST_POSTGRES_URL"])._replace(path=f"/{name}"))


def _template(engine: str) -> str:
    """The migrated database of this run."""
    return str(run_folder() / "template.sqlite3") if engine == "sqlite" else run_folder().name


def _migrate_template(engine: str) -> None:
    name = _template(engine)
    if engine == "postgresql":
        on_server(f'CREATE DATABASE "{name}"')
    environment = os.environ | {
        "DATABASE_URL": _url(engine, name),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    manage("migrate", "--skip-checks", "--verbosity=0", environment=environment)


def drop_template() -> None:
    on_server(f'DROP DATABASE IF EXISTS "{_template("postgresql")}" WITH (FORCE)')


@contextmanager
def migrated_database(engine: str, name: str) -> Iterator[str]:
    """Make a migrated database that nobody else uses; yields its URL and drops it afterwards.

    ``name`` is the path of its file on SQLite.
    """
    made_once("template", lambda: _migrate_template(engine))
    template = _template(engine)
    if engine == "sqlite":
        shutil.copyfile(template, name)
        yield _url(engine, name)
        return
    on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield _url(engine, name)
    finally:
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def make_room(*models: Any) -> None:
    """Have PostgreSQL begin the tables anew, and without what others wrote there and took back."""
    from django.db import connection

    if connection.vendor == "postgresql":
        tables = ", ".join(model._meta.db_table for model in models)
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {tables} CASCADE")


def count_all_rows() -> None:
    """Have the planner know our tables; those that databases share on a server others count too."""
    from django.apps import apps
    from django.db import connection

    of = apps.get_app_config("timeline").get_models() if connection.vendor == "postgresql" else ()
    tables = ", ".join(model._meta.db_table for model in of)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def copy_template(server: Server, name: str) -> None:
    """Make the migrated database ``name`` on another server."""
    made_once("template", lambda: _migrate_template("postgresql"))
    dump = server.folder / "template.dump"
    template = _url("postgresql", _template("postgresql"))
    server.run("pg_dump", "--format=custom", f"--file={dump}", template)
    server.run("createdb", f"--maintenance-db={server.url}", name)
    server.run("pg_restore", f"--dbname={server.url.removesuffix('postgres')}{name}", dump)


def some_name(engine: str, folder: Path) -> str:
    """A name for a database that no other has."""
    if engine == "sqlite":
        return str(folder / "service.sqlite3")
    return f"service_{secrets.token_hex(6)}"


@pytest.fixture
def database_url(engine: str, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a migrated database of this run's kind, this test's own."""
    with migrated_database(engine, some_name(engine, tmp_path)) as url:
        yield url


# Django's own test database is such a copy too: it finds it there, migrated, and keeps it.


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, engine: str
) -> Iterator[None]:
    from django.conf import settings

    with migrated_database(engine, settings.DATABASES["default"]["TEST"]["NAME"]):
        yield


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    return True


@pytest.fixture(scope="module")
def lasting(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let what a module's own fixtures write last for its tests, each of which undoes only its own."""
    from django.db import connection, transaction

    with django_db_blocker.unblock(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # Between two of its tests others may come that leave this connection alone.
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield
        transaction.set_rollback(True)
