"""The two databases that are measured on, filled, each in a place of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.processor import cpu_seconds
from tests.postgres import running_postgresql

ROOT = Path(__file__).resolve().parent.parent
# What a person would give a server that other things run beside; nothing here has to survive.
POSTGRESQL = {
    "shared_buffers": "512MB",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
}


@dataclass
class Database:
    """A database, and the process that serves it, if one does."""

    vendor: str
    url: str
    folder: Path
    server: int | None = None
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        # WhiteNoise looks for it, though no page is asked for.
        (self.folder / "state" / "static").mkdir(mode=0o700, parents=True, exist_ok=True)
        self.environment = os.environ | {
            "DATABASE_URL": self.url,
            "STATE_DIR": str(self.folder / "state"),
            "SECRET_KEY": "known to every reader of this repository",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_STATEMENT_TIMEOUT": "0",
            # Counted as in production, and never reached.
            "THROTTLE_ANON": "1000000000/min",
            "THROTTLE_TOKEN": "1000000000/min",
            "PYTHONPATH": str(ROOT),
        }

    @property
    def file(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    def cpu(self) -> float:
        """Processor seconds of the server; SQLite works in whoever asks it."""
        return cpu_seconds([self.server]) if self.server else 0.0

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {arguments[0]} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def connect(self) -> Any:
        """A connection of the driver's own; statements commit as they are carried out."""
        if self.vendor == "postgresql":
            return psycopg.connect(self.url, autocommit=True, prepare_threshold=None)
        import config  # settles which SQLite is used

        assert config
        import sqlite3

        return sqlite3.connect(self.file, isolation_level=None)

    def python(self, module: str, *arguments: str, told: str = "") -> str:
        """Run a module of the benchmarks on this database, with what it is told; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self.environment | {"LOG_LEVEL": "WARNING"},
            input=told,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{module} failed")
        return done.stdout

    @contextmanager
    def sibling(self, name: str) -> Iterator[Database]:
        """Another, empty and migrated, on the same server or beside the same file."""
        with _empty(self.vendor, self.folder, name, self.url, self.server) as database:
            database.manage("migrate", "--verbosity=0")
            yield database


@contextmanager
def running(vendor: str) -> Iterator[Database]:
    """An empty, migrated database of this kind."""
    with tempfile.TemporaryDirectory(prefix="timeline-bench-") as name, ExitStack() as stack:
        url = ""
        if vendor == "postgresql":
            url = stack.enter_context(running_postgresql(**POSTGRESQL))
        with _empty(vendor, Path(name), "bench", url, _server_of(url)) as database:
            database.manage("migrate", "--verbosity=0")
            yield database


@contextmanager
def filled(url: str) -> Iterator[Database]:
    """One that was filled before, on this machine; brought up to date, and left there."""
    vendor = urlsplit(url).scheme.replace("postgres", "postgresql")
    with tempfile.TemporaryDirectory(prefix="timeline-bench-") as name:
        server = None if vendor == "sqlite" else _server_of(url)
        database = Database(vendor, url, Path(name), server)
        database.manage("migrate", "--verbosity=0")
        yield database


def _server_of(url: str) -> int | None:
    """The process of the server there: the parent of the backend that answers."""
    if not url:
        return None
    with psycopg.connect(url) as connection:
        backend = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert backend
        stat = Path(f"/proc/{backend[0]}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])


@contextmanager
def _empty(
    vendor: str, folder: Path, name: str, url: str, server: int | None
) -> Iterator[Database]:
    if vendor == "sqlite":
        database = Database(vendor, f"sqlite:///{folder / name}.db", folder)
        try:
            yield database
        finally:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{database.file}{suffix}").unlink(missing_ok=True)
        return
    main = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    with psycopg.connect(main, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            own = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
            yield Database(vendor, own, folder, server)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
