"""The real service, as a process of its own: gunicorn, its workers, a database that is its alone.

with running_service(database_url) as service:
    httpx.get(service.url + "/healthz")
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
import pytest

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT = 60.0


@dataclass
class Service:
    """A service that was started for a test."""

    url: str
    database_url: str
    state: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def log(self) -> Path:
        return self.state / "log"

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a management command in the service's environment."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise RuntimeError(
                f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}"
            )
        return done

    def start(self) -> None:
        """Start it, and return when it is ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn"),
                    *("--config", "config/gunicorn.py", "config.wsgi"),
                ],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A group of its own, so that `kill` gets the workers too.
                start_new_session=True,
            )
        deadline = time.monotonic() + START_TIMEOUT
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the service did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.05)

    def is_ready(self) -> bool:
        try:
            with urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        """Stop it as an operator would: requests under way are answered first."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Stop it as a power cut would, workers included."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            if how is signal.SIGKILL:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(timeout=10)
        self.process = None


@contextmanager
def running_service(
    database_url: str,
    env: Mapping[str, str] | None = None,
    *,
    migrate: bool = True,
    seed: bool = False,
    static_files: bool = False,
) -> Iterator[Service]:
    """Run the service on a database of its own; `static_files` collects what pages need."""
    state = Path(tempfile.mkdtemp(prefix="timeline-service-"))
    port = free_port()
    environment = os.environ | {
        "STATE_DIR": str(state),
        "DATABASE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "LOG_LEVEL": "INFO",
        # Of the tests' own process, and not of a service's:
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **(env or {}),
    }
    for name in ("PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER", "DJANGO_ALLOW_ASYNC_UNSAFE"):
        environment.pop(name, None)
    service = Service(f"http://127.0.0.1:{port}", database_url, state, environment)
    try:
        if migrate:
            service.manage("migrate", "--verbosity=0")
        if seed:
            service.manage("seed")
        if static_files:
            service.manage("collectstatic", "--no-input", "--verbosity=0")
        service.start()
        yield service
    finally:
        service.stop()
        shutil.rmtree(state, ignore_errors=True)


@contextmanager
def empty_database(engine: str, folder: Path) -> Iterator[str]:
    """Make a database that nobody else uses; yields its URL and drops it afterwards."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'service.sqlite3'}"
        return
    server = os.environ["TEST_POSTGRES_URL"]
    name = f"service_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(engine: str, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty database of this run's kind, this test's own."""
    with empty_database(engine, tmp_path) as url:
        yield url


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    """Run a service on an empty, migrated database, this test's own."""
    with running_service(database_url) as running:
        yield running


@pytest.fixture(scope="session")
def seeded_service(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Run a service with the case loaded, as `make run` does: for tests that only read."""
    with (
        empty_database(engine, tmp_path_factory.mktemp("seeded")) as url,
        running_service(url, seed=True, static_files=True) as running,
    ):
        yield running
