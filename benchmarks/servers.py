"""The contenders, each one process on a port of its own, and how each is asked."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.databases import ROOT, Database
from benchmarks.peers import datasette
from benchmarks.questions import Question
from tests.postgres import free_port

Path_ = Callable[[Question], str]
# One process with four threads, for everybody whom gunicorn serves.
GUNICORN = ("-m", "gunicorn", "--worker-class", "gthread", "--workers", "1", "--threads", "4")


@dataclass
class Server:
    """A contender that listens."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    page: Path_
    count: Path_ | None = None
    offset: Path_ | None = None

    def event(self, key: str) -> str:
        return self.page(Question(event=key))


def _query(path: str, asked: dict[str, Any]) -> str:
    return f"{path}?{urlencode(asked)}"


def project_page(question: Question) -> str:
    if question.event:
        return f"/api/v1/events/{question.event}"
    return _query("/api/v1/events", question.parameters)


def drf_page(question: Question) -> str:
    if question.event:
        return f"/events/{question.event}"
    if question.offset:
        asked = {"limit": question.limit, "offset": question.offset}
        return _query("/events-by-offset", question.numbers | asked)
    return _query("/events", question.numbers)


def plain_page(question: Question) -> str:
    if question.event:
        return f"/events/{question.event}"
    asked = {"limit": question.limit, "offset": question.offset}
    return _query("/events", question.numbers | asked)


def datasette_page(name: str, question: Question) -> str:
    form = datasette.form_of(question)
    asked: dict[str, Any] = {
        **question.numbers,
        "actor": question.actor.replace("-", ""),
        "event": question.event.replace("-", ""),
        "token": f" w{question.word} ",
        "limit": question.limit,
        "offset": question.offset,
        "_shape": "array",
    }
    nested = "".join(f"&_json={column}" for column in datasette.NESTED)
    return _query(f"/{name}/{form}.json", asked) + nested


def _project_count(question: Question) -> str:
    asked = question.parameters | {"count": "true", "page_size": "1", "fields": "id"}
    return _query("/api/v1/events", asked)


def _count(question: Question) -> str:
    return _query("/count", question.numbers)


def _drf_count(question: Question) -> str:
    return _query("/events-by-offset", question.numbers | {"limit": 1})


def _datasette_count(name: str, question: Question) -> str:
    return _query(f"/{name}/count.json", question.numbers | {"_shape": "array"})


@contextmanager
def contenders(database: Database, log: Path) -> Iterator[dict[str, Server]]:
    """Everybody, listening."""
    peer = {"DJANGO_SETTINGS_MODULE": "benchmarks.peers.settings"}
    alone = {"WEB_WORKERS": "1", "WEB_THREADS": "4", "HOST": "127.0.0.1"}
    with ExitStack() as stack:

        def start(name: str, *command: str, page: Path_, **more: Any) -> Server:
            port = free_port()
            environment = more.pop("environment", {})
            process = stack.enter_context(
                _process(
                    [part.format(port=port) for part in command],
                    database.environment | environment | {"PORT": str(port)},
                    log / f"{name}.log",
                    port,
                )
            )
            return Server(name, port, process, page, **more)

        servers = [
            start(
                "Timeline",
                *("-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"),
                page=project_page,
                count=_project_count,
                environment=alone,
            ),
            start(
                "Timeline, nothing remembered",
                *("-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"),
                page=project_page,
                count=_project_count,
                environment=alone | {"REMEMBERED_MB": "0"},
            ),
            start(
                "DRF",
                *(*GUNICORN, "--bind", "127.0.0.1:{port}", "benchmarks.peers.wsgi"),
                page=drf_page,
                count=_drf_count,
                environment=peer | {"ROOT_URLCONF": "benchmarks.peers.drf"},
            ),
            start(
                "django-ninja",
                *(*GUNICORN, "--bind", "127.0.0.1:{port}", "benchmarks.peers.wsgi"),
                page=plain_page,
                count=_count,
                environment=peer | {"ROOT_URLCONF": "benchmarks.peers.ninja"},
            ),
            start(
                "FastAPI",
                *("-m", "uvicorn", "--host", "127.0.0.1", "--port", "{port}"),
                *("--no-access-log", "benchmarks.peers.fastapi_sqlalchemy:app"),
                page=plain_page,
                count=_count,
            ),
        ]
        if database.vendor == "sqlite":
            name = database.file.stem
            metadata = datasette.write_metadata(database.folder, name)
            servers.append(
                start(
                    "Datasette",
                    *("-m", "datasette", "serve", str(database.file), "--host", "127.0.0.1"),
                    *("--port", "{port}", "--metadata", str(metadata)),
                    *("--setting", "sql_time_limit_ms", "600000"),
                    page=partial(datasette_page, name),
                    count=partial(_datasette_count, name),
                )
            )
        yield {server.name: server for server in servers}


@contextmanager
def _process(
    command: list[str], environment: dict[str, str], log: Path, port: int
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 60
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(command)} did not start:\n{log.read_text()[-4000:]}")
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
