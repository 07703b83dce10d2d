"""How fast events leave as files and come in from one, and in how much memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.cases import OURS
from benchmarks.client import Connection
from benchmarks.databases import ROOT, Database
from benchmarks.generate import World
from benchmarks.measure import ByStatement
from benchmarks.peers import sql
from benchmarks.processor import cpu_seconds, forget_peak, peak_megabytes
from benchmarks.questions import Question
from benchmarks.rows import Rows
from benchmarks.servers import Server

TEXTS = ("ndjson", "csv", "geojson", "ics", "atom", "jsonld", "timelinejs.json")
DRF_ROWS = 150
MORE = 4


@dataclass(frozen=True)
class Transfer:
    """So many events in so long, with the processor time of process and database together, and the
    most memory that the process held meanwhile."""

    rows: int
    seconds: float
    cpu: float
    megabytes: float | None = None

    def summary(self) -> dict[str, float | int | None]:
        return {
            "rows": self.rows,
            "rows_per_second": self.rows / self.seconds,
            "rows_per_cpu_second": self.rows / self.cpu,
            "megabytes": self.megabytes,
        }


# --- Out ---


def exports(
    database: Database, servers: dict[str, Server], rows: int
) -> dict[str, dict[str, Transfer]]:
    """Each format, by who writes it; NDJSON four times as long once more, for the memory."""
    statement = ByStatement(database, partial(sql.count, sql.DIALECTS[database.vendor]))
    some, many = (_years_of(statement, wanted) for wanted in (rows, rows * MORE))
    number = _count(statement, some)
    found: dict[str, dict[str, Transfer]] = {
        "limit": {"ndjson": _stream(database, some)},
        OURS: {
            suffix: _export(database, servers[OURS], f"/api/v1/events.{suffix}", some, number)
            for suffix in TEXTS
        },
        "DRF": {"ndjson": _export(database, servers["DRF"], "/events.ndjson", some, number)},
    }
    longer = _export(
        database, servers[OURS], "/api/v1/events.ndjson", many, _count(statement, many)
    )
    found[OURS][f"ndjson, {MORE} times the rows"] = longer
    return found


def _years_of(statement: ByStatement, wanted: int) -> Question:
    """The shortest row of years up to 2020 that so many events overlap, or all there are."""
    first = 2019
    while first > 1800 and _count(statement, Question(years=(first, 2020))) < wanted:
        first -= max(1, (2020 - first) // 4)
    return Question(years=(first, 2020))


def _count(statement: ByStatement, question: Question) -> int:
    return int(statement.rows(question)[0][0])


def _stream(database: Database, question: Question) -> Transfer:
    """The database alone, a JSON object for each event."""
    written = sql.objects(sql.DIALECTS[database.vendor], question)
    values = sql.parameters(question, database.vendor)
    connection = database.connect()
    used = -time.process_time() - database.cpu()
    began, rows = time.perf_counter(), 0
    if database.vendor == "postgresql":
        with connection.transaction(), connection.cursor("stream") as cursor:
            cursor.itersize = 500
            rows = sum(1 for _ in cursor.execute(sql.for_psycopg(written), values))
    else:
        rows = sum(1 for _ in connection.execute(written, values))
    seconds = time.perf_counter() - began
    return Transfer(rows, seconds, used + time.process_time() + database.cpu())


def _export(
    database: Database, server: Server, path: str, question: Question, rows: int
) -> Transfer:
    asked = question.parameters if server.name == OURS else question.numbers
    asked.pop("page_size", None)
    http = Connection(server.port).http
    forget_peak(server.process.pid)
    used = -database.cpu() - cpu_seconds([server.process.pid])
    began = time.perf_counter()
    http.request("GET", f"{path}?{urlencode(asked)}")
    answer = http.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"{server.name} answered {answer.status} to {path}")
    lines = 0
    while block := answer.read(1 << 16):
        lines += block.count(b"\n")
    seconds = time.perf_counter() - began
    used += database.cpu() + cpu_seconds([server.process.pid])
    if path.endswith("ndjson") and lines != rows:
        raise AssertionError(f"{server.name} exported {lines} of {rows} events")
    return Transfer(rows, seconds, used, peak_megabytes(server.process.pid))


# --- In ---


def imports(database: Database, rows: int) -> dict[str, Transfer]:
    """The same events by the service, by the driver alone, and by DRF one by one."""
    with tempfile.TemporaryDirectory(prefix="timeline-bench-") as name:
        file, more = Path(name) / "events.jsonl", Path(name) / "more.jsonl"
        written, written_more = write_rows(World(rows), file), write_rows(World(rows * MORE), more)
        found = {}
        with database.sibling("raw") as empty:
            # As many as of the longer import, for indexes grow deeper for everybody.
            found["raw executemany or COPY"] = _by_module(
                empty, rows * MORE, "benchmarks.raw_import", str(rows * MORE)
            )
        with database.sibling("imported") as empty:
            found[OURS] = _import(empty, file, written)
        with database.sibling("imported_more") as empty:
            found[f"{OURS}, {MORE} times the rows"] = _import(empty, more, written_more)
        with database.sibling("row_by_row") as empty:
            number = min(DRF_ROWS, written)
            found["DRF, row by row"] = _by_module(
                empty, number, "benchmarks.peers.drf_import", str(file), str(number)
            )
        return found


def write_rows(world: World, file: Path) -> int:
    """The public events of the world as JSON Lines; how many they are."""
    with file.open("w") as lines:
        return sum(
            lines.write(json.dumps(row, ensure_ascii=False) + "\n") > 0
            for row in Rows(world).published()
        )


def _by_module(database: Database, rows: int, module: str, *arguments: str) -> Transfer:
    """Of a module that prints its own seconds and processor seconds."""
    used = -database.cpu()
    seconds, own = map(float, database.python(module, *arguments).split())
    return Transfer(rows, seconds, used + own + database.cpu())


def _import(database: Database, file: Path, rows: int) -> Transfer:
    used = -database.cpu()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_events", str(file), "--publish"],
        cwd=ROOT,
        env=database.environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        process.kill()
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError("the import failed")
    seconds = time.perf_counter() - began
    used += usage.ru_utime + usage.ru_stime + database.cpu()
    return Transfer(rows, seconds, used, usage.ru_maxrss / 1024)


def summary(found: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(found, Transfer):
        return found.summary()
    return {name: summary(value) for name, value in found.items()}
