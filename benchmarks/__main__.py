"""Measure the service beside its peers: python -m benchmarks --size 100000"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import report, transfers
from benchmarks.answers import told
from benchmarks.cases import OURS, Case, Cases
from benchmarks.databases import Database, filled, running
from benchmarks.generate import World
from benchmarks.measure import compare, in_turns
from benchmarks.questions import Questions
from benchmarks.servers import contenders
from benchmarks.stamina import under_load

PACKAGES = (
    *("Django", "djangorestframework", "django-ninja", "fastapi", "SQLAlchemy", "datasette"),
    *("gunicorn", "uvicorn"),
)


@dataclass(frozen=True)
class Budget:
    """How much is done for worlds up to a size."""

    size: int
    # For each contender of each case.
    seconds: float
    # Questions whose answers are held against each other.
    compared: int
    exported: int
    imported: int
    # How long the service is asked all sorts of things, to see whether its memory grows.
    loaded: float


BUDGETS = (
    Budget(10_000, seconds=0.15, compared=4, exported=400, imported=300, loaded=5),
    Budget(100_000, seconds=1.0, compared=64, exported=2_500, imported=2_000, loaded=60),
    Budget(10**9, seconds=2.0, compared=16, exported=10_000, imported=10_000, loaded=300),
)


def main() -> None:
    # Servers are stopped and files removed on every way out.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    asked = arguments()
    if asked.growth:
        sizes = [size for size in (10_000, 100_000, 1_000_000) if size <= asked.size]
        results = [run(size, asked, growth=True) for size in sizes]
        path = report.write_growth(results, asked.out)
    else:
        result = run(asked.size, asked)
        path = report.write(result, asked.out)
        (asked.out / "results.json").write_text(json.dumps(result, indent=1) + "\n")
    print(f"Written to {path}.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="how many events")
    parser.add_argument(
        "--databases", default="sqlite,postgresql", help="sqlite, postgresql, or both"
    )
    parser.add_argument(
        "--on", default="", help="URLs of databases that were filled with SIZE events before"
    )
    parser.add_argument(
        "--only", default="", help="names of cases, exports, imports, memory; with commas"
    )
    parser.add_argument("--seconds", type=float, help="for each contender of each case")
    parser.add_argument("--growth", action="store_true", help="how times grow up to this size")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="the folder to write")
    return parser.parse_args()


def run(size: int, asked: argparse.Namespace, *, growth: bool = False) -> dict[str, Any]:
    budget = next(budget for budget in BUDGETS if size <= budget.size)
    if asked.seconds:
        budget = replace(budget, seconds=asked.seconds)
    only = set(filter(None, asked.only.split(",")))
    result: dict[str, Any] = {
        "size": size,
        "machine": machine(),
        "versions": {"Python": platform.python_version()} | {n: version(n) for n in PACKAGES},
        "databases": {},
    }
    for database in _databases(size, asked):
        found: dict[str, Any] = {"cases": {}}
        result["databases"][database.vendor] = found
        result["versions"].update(_version_of(database))
        with contenders(database, database.folder) as servers:
            cases = Cases(database, servers, Questions(World(size)))
            for name, make in cases.makers().items():
                if name in only or not only:
                    _say(name)
                    if (case := make()) is not None:
                        if growth:
                            case.keep_only(OURS)
                        found["cases"][name] = _measured(case, budget)
            if not growth and (not only or "exports" in only):
                _say("exports")
                found["exports"] = transfers.summary(
                    transfers.exports(database, servers, budget.exported)
                )
            if not growth and (not only or "memory" in only):
                _say("memory")
                found["memory"] = under_load(servers[OURS], cases.questions, budget.loaded)
        if not growth and (not only or "imports" in only):
            _say("imports")
            found["imports"] = transfers.summary(transfers.imports(database, budget.imported))
    return result


def _databases(size: int, asked: argparse.Namespace) -> Iterator[Database]:
    """Each database with so many events, one after the other."""
    if asked.on and size == asked.size:
        for url in asked.on.split(","):
            with filled(url) as database:
                yield database
        return
    for vendor in asked.databases.split(","):
        with running(vendor) as database:
            _say(f"{vendor}: {size:,} events are being made and loaded")
            database.python("benchmarks.fill", str(size))
            yield database


def _measured(case: Case, budget: Budget) -> dict[str, Any]:
    compared = 0
    if case.read is not None:
        compared = compare(case.contenders, case.questions[: budget.compared], case.read)
    found = in_turns(case.contenders, case.questions, budget.seconds, at_once=case.at_once)
    return {
        "title": case.title,
        "compared": compared,
        "is_page": case.read is told,
        "notes": case.notes,
        "contenders": {name: one.summary() for name, one in found.items()},
    }


def machine() -> str:
    """What it ran on, without its name."""
    processor = memory = ""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal"):
            memory = f"{int(line.split()[1]) / 1024 / 1024:.0f} GB"
    release = ".".join(platform.release().split(".")[:2])
    number = len(os.sched_getaffinity(0))
    return f"{number} × {processor or platform.machine()}, {memory}, Linux {release}."


def _version_of(database: Database) -> dict[str, str]:
    connection = database.connect()
    if database.vendor == "postgresql":
        return {"PostgreSQL": connection.execute("SHOW server_version").fetchone()[0].split()[0]}
    return {"SQLite": connection.execute("SELECT sqlite_version()").fetchone()[0]}


began = time.monotonic()


def _say(what: str) -> None:
    print(f"{time.monotonic() - began:7.1f} s  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
