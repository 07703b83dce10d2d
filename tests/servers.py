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
from urllib.request import urlopen

import pytest

from tests.databases import ROOT, made_once, manage, migrated_database, run_folder, some_name
from tests.postgres import free_port

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
        return manage(*arguments, environment=self.environment, check=check)

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


def collect_static(service: Service) -> None:
    """Collect what pages need; all services of a run serve the same files."""
    service.manage("collectstatic", "--no-input", "--verbosity=0")


@contextmanager
def running_service(
    database_url: str,
    env: Mapping[str, str] | None = None,
    *,
    seed: bool = False,
    static_files: bool = False,
) -> Iterator[Service]:
    """Run the service on a database of its own; `static_files` has what pages need collected."""
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
        **({"STATIC_ROOT": str(run_folder() / "static")} if static_files else {}),
        **(env or {}),
    }
    for name in ("PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER", "DJANGO_ALLOW_ASYNC_UNSAFE"):
        environment.pop(name, None)
    service = Service(f"http://127.0.0.1:{port}", database_url, state, environment)
    try:
        if seed:
            service.manage("seed")
        if static_files:
            made_once("static", lambda: collect_static(service))
        service.start()
        yield service
    finally:
        service.stop()
        shutil.rmtree(state, ignore_errors=True)


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    """Run a service without a record, this test's own."""
    with running_service(database_url) as running:
        yield running


@pytest.fixture(scope="session")
def seeded_service(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Run a service with the case loaded, as `make run` does: for tests that change no record."""
    folder = tmp_path_factory.mktemp("seeded")
    with (
        migrated_database(engine, some_name(engine, folder)) as url,
        running_service(url, seed=True, static_files=True) as running,
    ):
        yield running
