"""Reading from a real standby: what is promised to whom, and what happens when a server is gone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest
from django.core.cache.backends.db import DatabaseCache

from config.replica import Router, read_from
from tests.databases import ROOT, copy_template
from tests.postgres import Server, own_server, own_standby
from tests.servers import Service, running_service
from timeline.models import Event

# However slow the machine is, by then a server has done what it does at once.
PATIENCE = 30.0


def eventually(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def ask(server: Server, question: str) -> Any:
    with psycopg.connect(server.url, autocommit=True) as connection:
        return connection.execute(question).fetchone()[0]


@dataclass
class Pair:
    """A primary and its standby."""

    primary: Server
    standby: Server

    def is_even(self) -> bool:
        """Whether the standby has replayed all that was written."""
        written = ask(self.primary, "SELECT pg_current_wal_flush_lsn()")
        return bool(ask(self.standby, f"SELECT pg_last_wal_replay_lsn() >= '{written}'"))

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """The standby replays nothing, and even then has it all."""
        ask(self.standby, "SELECT pg_wal_replay_pause()::text")
        try:
            yield
        finally:
            ask(self.standby, "SELECT pg_wal_replay_resume()::text")
        assert eventually(self.is_even)


@contextmanager
def gone(server: Server) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


@dataclass(frozen=True)
class Program:
    """A client, with a token or without."""

    service: Service
    token: str = ""

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = Request(
            f"{self.service.url}{path}" if path.startswith("/") else path,
            None if body is None else json.dumps(body).encode(),
            {name.replace("_", "-"): value for name, value in headers.items()},
            method=method,
        )
        try:
            with urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except HTTPError as refusal:
            return refusal.code, refusal.headers, refusal.read()

    def get(self, path: str, **headers: str) -> Any:
        status, _, body = self.send("GET", path, **headers)
        assert status == 200, body
        return json.loads(body)

    def is_given_the_standby(self) -> bool:
        return b'"replica": "ok"' in self.send("GET", "/readyz")[2]

    def publish(self, title: str) -> str:
        """Bring a published event into being; returns its address."""
        row = {"dataset": "replica", "external_id": title, "title": title, "edtf": "2019"}
        row["sources"] = [{"url": f"https://archive.example/{title}", "title": title}]
        way = "/api/v1/imports?publish=true"
        status, _, body = self.send("POST", way, row, Content_Type="application/x-ndjson")
        assert status == 201, body
        (found,) = self.get(f"/api/v1/events?external_id={title}")["results"]
        return f"/api/v1/events/{found['id']}"

    def rename(self, address: str, title: str) -> None:
        patch = {"title": title}
        status, _, body = self.send("PATCH", address, patch, Content_Type="application/json")
        assert status == 200, body

    def titles(self, **headers: str) -> set[str]:
        rows = self.get("/api/v1/events?page_size=200&fields=title", **headers)["results"]
        return {row["title"] for row in rows}


@pytest.fixture(scope="module")
def pair(engine: str) -> Iterator[Pair]:
    if engine == "sqlite":
        pytest.skip("SQLite has no standbys: REPLICA_URL is refused with it")
    with own_server(synchronous_commit="on", wal_retrieve_retry_interval="100ms") as primary:
        copy_template(primary, "service")
        with own_standby(primary) as standby:
            yield Pair(primary, standby)


@contextmanager
def service_on(pair: Pair, **environment: str) -> Iterator[Service]:
    url, replica_url = (
        f"{server.url.removesuffix('postgres')}service" for server in (pair.primary, pair.standby)
    )
    # One worker, which knows what it knows.
    environment |= {"REPLICA_URL": replica_url, "WEB_WORKERS": "1"}
    with running_service(url, environment) as service:
        yield service
        service.kill()


@pytest.fixture(scope="module")
def patient(pair: Pair) -> Iterator[Service]:
    """Run a service that reads from the standby though it be ten minutes behind."""
    with service_on(pair, REPLICA_MAX_LAG="600", THROTTLE_ANON="10000/day") as service:
        yield service


@pytest.fixture(scope="module")
def token(patient: Service) -> str:
    return patient.manage("issue_token", "writer", "--scope", "publish").stdout.strip()


@pytest.fixture
def reader(pair: Pair, patient: Service) -> Program:
    reader = Program(patient)
    assert eventually(reader.is_given_the_standby)
    assert eventually(pair.is_even)
    return reader


@pytest.fixture
def writer(reader: Program, token: str, patient: Service) -> Program:
    return Program(patient, token)


def test_a_writer_sees_a_write_at_once_and_others_when_the_standby_has_it(
    pair: Pair, writer: Program, reader: Program
) -> None:
    with pair.standing_still():
        writer.publish("Seen-by-its-writer")

        assert "Seen-by-its-writer" in writer.titles()
        assert "Seen-by-its-writer" not in reader.titles()
        assert "Seen-by-its-writer" in reader.titles(Cookie="sessionid=of-a-browser")
        assert "Seen-by-its-writer" in reader.titles(Cache_Control="no-cache")

    assert "Seen-by-its-writer" in reader.titles()


def test_a_record_and_its_tag_change_together(pair: Pair, writer: Program, reader: Program) -> None:
    address = writer.publish("Before")
    assert eventually(pair.is_even)
    with pair.standing_still():
        _, headers, before = reader.send("GET", address)
        writer.rename(address, "After")

        assert reader.send("GET", address, If_None_Match=headers["ETag"])[0] == 304
        assert reader.send("GET", address)[2] == before

    assert reader.send("GET", address, If_None_Match=headers["ETag"])[0] == 200
    assert reader.get(address)["title"] == "After"


def test_what_the_standby_does_not_know_yet_is_found(
    pair: Pair, writer: Program, reader: Program
) -> None:
    with pair.standing_still():
        address = writer.publish("Told-to-a-friend")

        assert reader.get(address)["title"] == "Told-to-a-friend"


def test_nobody_who_follows_the_feed_misses_or_unsees_a_change(
    pair: Pair, writer: Program, reader: Program
) -> None:
    def follow(program: Program, since: str | None) -> tuple[list[str], str]:
        way = "/api/v1/changes?page_size=200"
        page = program.get(way if since is None else f"{way}&since={since}")
        return [change["cursor"] for change in page["results"]], page["cursor"]

    whole, since = follow(reader, None)
    with pair.standing_still():
        writer.publish("First-in-the-feed")
        # Answered by the standby, by the primary, and by the standby that does not know the place.
        assert follow(reader, since) == ([], since)
        seen, newer = follow(writer, since)
        writer.publish("Second-in-the-feed")
        later, newest = follow(reader, newer)

    assert len(seen) >= 1
    assert len(later) >= 1
    assert follow(reader, newest) == ([], newest)
    assert follow(reader, since) == (seen + later, newest)
    assert follow(reader, None)[0] == whole + seen + later


def test_the_past_is_told_although_a_standby_cannot_put_it_together(
    pair: Pair, writer: Program, reader: Program
) -> None:
    address = writer.publish("As-it-was")
    instant = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    writer.rename(address, "As-it-is")

    assert reader.get(f"{address}?as_of={instant}")["title"] == "As-it-was"


def test_with_the_primary_gone_readers_are_told_the_same(
    pair: Pair, writer: Program, reader: Program
) -> None:
    """Of no answer any part is asked of another database than the rest."""
    address = writer.publish("Outlives-the-primary")
    assert eventually(pair.is_even)
    document = json.loads((ROOT / "openapi" / "openapi.json").read_text())
    event = address.removeprefix("/api/v1/events/")
    paths = {path.replace("/events/{id}", f"/events/{event}") for path in document["paths"]}
    questions = ("events?q=primary", "events?fields=title", "events?count=true", "search?q=primary")
    paths |= {"/", f"/events/{event}", *(f"/api/v1/{question}" for question in questions)}
    told = {
        path: reader.send("GET", path)
        for path in paths
        # Other exports are as these; a workbook says when it was made.
        if "{" not in path
        and (path.startswith("/api/v1/events.") or "." not in path)
        and not path.endswith(".xlsx")
    }
    told = {path: answer for path, answer in told.items() if answer[0] == 200}
    assert len(told) > 20

    with gone(pair.primary):
        answers = {path: reader.send("GET", path) for path in told}

    assert {path for path in told if answers[path][::2] != told[path][::2]} == set()


def test_with_the_standby_gone_the_primary_answers(
    pair: Pair, writer: Program, reader: Program
) -> None:
    with gone(pair.standby):
        writer.publish("Written-without-a-standby")

        assert "Written-without-a-standby" in reader.titles()
        assert reader.get("/readyz") == {"status": "ok", "database": "ok", "replica": "not used"}


def test_a_standby_that_falls_too_far_behind_is_left_alone(pair: Pair, writer: Program) -> None:
    with service_on(pair, REPLICA_MAX_LAG="1") as impatient:
        reader = Program(impatient)
        with pair.standing_still():
            writer.publish("Not-withheld-for-long")

            assert eventually(lambda: "Not-withheld-for-long" in reader.titles())
            assert reader.get("/readyz")["replica"] == "not used"

        assert eventually(reader.is_given_the_standby)


def test_what_is_looked_for_twice_is_counted_once(reader: Program) -> None:
    paths = ("/api/v1/events", "/api/v1/events/unknown", "/api/v1/events")
    left = [int(reader.send("GET", path)[1]["RateLimit-Remaining"]) for path in paths]

    assert left == [left[0], left[0] - 1, left[0] - 2]


def test_counts_kept_in_the_database_are_kept_by_the_primary() -> None:
    counts = DatabaseCache("throttles", {}).cache_model_class

    assert copy_context().run(_reading_from_the_replica, counts) == "default"
    assert copy_context().run(_reading_from_the_replica, Event) == "replica"


def _reading_from_the_replica(model: Any) -> str:
    read_from.set("replica")
    return Router().db_for_read(model)
