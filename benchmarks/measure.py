"""Ask everybody the same, in turns, once their answers have been found to be the same."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from benchmarks.client import Connection, throughput
from benchmarks.databases import Database
from benchmarks.peers import sql
from benchmarks.processor import cpu_seconds
from benchmarks.questions import Question
from benchmarks.servers import Server

ROUNDS = 3
CONCURRENCY = 16


class Asked(Protocol):
    """Somebody who can be asked."""

    def ask(self, question: Question) -> bytes: ...

    def cpu(self) -> float: ...


class OverHttp:
    """A server, asked over a connection that stays open."""

    def __init__(
        self,
        database: Database,
        server: Server,
        path: Callable[[Question], str],
        *,
        headers: Callable[[Question], dict[str, str]] = lambda question: {},
        expected: int = 200,
        spellings: int = 1,
    ) -> None:
        self.server, self.path, self.headers, self.expected = server, path, headers, expected
        # How many ways ``path`` spells a question.
        self.spellings = spellings
        self.connection = Connection(server.port)
        self.database = database

    def ask(self, question: Question) -> bytes:
        status, body, _ = self.connection.get(self.path(question), self.headers(question))
        if status != self.expected:
            raise RuntimeError(
                f"{self.server.name} answered {status} to {self.path(question)}: {body[:500]!r}"
            )
        return body

    def cpu(self) -> float:
        return cpu_seconds([self.server.process.pid]) + self.database.cpu()

    def throughput(self, questions: list[Question], seconds: float) -> float:
        paths = [self.path(question) for _ in range(self.spellings) for question in questions]
        got = throughput(self.server.port, paths, CONCURRENCY, seconds)
        if got["failed"]:
            raise RuntimeError(f"{self.server.name}: {got['failed']} answers were errors")
        return got["answered"] / got["seconds"]


class ByStatement:
    """The database alone, asked in this process."""

    def __init__(self, database: Database, statement: Callable[[Question], str]) -> None:
        self.database, self.statement = database, statement
        self.connection = database.connect()
        self._counting = 0.0
        self._written: dict[Question, tuple[str, dict[str, Any]]] = {}

    def rows(self, question: Question) -> list[Any]:
        # To compose the statement is no work of the database.
        if question not in self._written:
            written = self.statement(question)
            if self.database.vendor == "postgresql":
                written = sql.for_psycopg(written)
            self._written[question] = written, sql.parameters(question, self.database.vendor)
        written, values = self._written[question]
        return list(self.connection.execute(written, values).fetchall())

    def ask(self, question: Question) -> bytes:
        found = self.rows(question)
        # A page comes written.
        if found and isinstance(found[0][0], str) and len(found[0]) == 1:
            return found[0][0].encode()
        return json.dumps(found, default=str).encode()

    def cpu(self) -> float:
        own = time.process_time() - self._counting
        server = self.database.cpu()
        # To look through the processes takes time that is nobody's.
        self._counting = time.process_time() - own
        return own + server


@dataclass
class Measured:
    """What one contender took for one sort of question."""

    seconds: list[float] = field(default_factory=list)
    cpu: float = 0.0
    bytes: int = 0
    per_second: float | None = None

    def summary(self) -> dict[str, float | int | None]:
        number = len(self.seconds)
        return {
            "requests": number,
            "p50_ms": statistics.median(self.seconds) * 1000,
            "p95_ms": sorted(self.seconds)[int(number * 0.95)] * 1000,
            "cpu_ms": self.cpu / number * 1000,
            "bytes": self.bytes // number,
            "per_second": self.per_second,
        }


def in_turns(
    contenders: dict[str, Any], questions: list[Question], seconds: float, *, at_once: bool
) -> dict[str, Measured]:
    """Rounds in which each is asked for so long: first one by one, then many at once."""
    found = {name: Measured() for name in contenders}
    # What is held against each other is how it goes on, and not how it begins.
    for contender in contenders.values():
        for question in questions if at_once else questions[:1]:
            contender.ask(question)
    for turn in range(ROUNDS):
        for name, contender in contenders.items():
            _ask_for(contender, questions, turn, seconds / ROUNDS, found[name])
    if at_once:
        rates: dict[str, list[float]] = {}
        # The client takes longer to start than a short round lasts.
        rounds = ROUNDS if seconds >= 1 else 1
        for _ in range(rounds):
            for name, contender in contenders.items():
                if isinstance(contender, OverHttp):
                    rate = contender.throughput(questions, seconds / rounds)
                    rates.setdefault(name, []).append(rate)
        for name, rate_of_rounds in rates.items():
            found[name].per_second = statistics.median(rate_of_rounds)
    return found


def _ask_for(
    contender: Asked, questions: list[Question], turn: int, seconds: float, into: Measured
) -> None:
    before, began, number = contender.cpu(), time.perf_counter(), 0
    while number < 2 or time.perf_counter() - began < seconds:
        question = questions[(turn * 20 + number) % len(questions)]
        start = time.perf_counter()
        body = contender.ask(question)
        into.seconds.append(time.perf_counter() - start)
        into.bytes += len(body)
        number += 1
    into.cpu += contender.cpu() - before


# --- Whether they say the same ---


class NotTheSame(AssertionError):
    """Two contenders answer one question differently."""


def compare(
    contenders: dict[str, Any], questions: list[Question], read: Callable[[bytes], Any]
) -> int:
    """Hold everybody's answers against the first one's; how many rows were compared."""
    (reference, first), *others = contenders.items()
    rows = 0
    for question in questions:
        right = read(first.ask(question))
        rows += len(right) if isinstance(right, list) else 1
        for name, contender in others:
            answer = read(contender.ask(question))
            if answer != right:
                raise NotTheSame(f"{question}: {name} {_difference(reference, right, answer)}")
    return rows


def _difference(reference: str, right: Any, answer: Any) -> str:
    if not isinstance(right, list):
        return f"says {answer}, {reference} {right}"
    pairs = enumerate(zip(right, answer, strict=False))
    at = next((n for n, (one, other) in pairs if one != other), min(len(right), len(answer)))
    return (
        f"differs from {reference} at row {at} of {len(right)} and {len(answer)}: "
        f"{answer[at : at + 1]} for {right[at : at + 1]}"
    )
