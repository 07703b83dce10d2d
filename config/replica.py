"""Reads from a replica: who may be answered by one, and when it is near enough to the primary.

A standby tells what the primary told a moment ago. Whoever writes shows a token or a session, and is
answered by the primary, so that nobody misses a change of their own. All others may be answered by
the replica while it is known to have whatever was committed `REPLICA_MAX_LAG` seconds ago. One
request is answered by one of the two, from beginning to end.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from time import monotonic, sleep
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, close_old_connections, connections
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)

PRIMARY, REPLICA = "default", "replica"
HEALTH_CHECKS = ("/healthz", "/readyz")

# Each request says so when it begins, and a stream is still of its request; commands say nothing.
read_from: ContextVar[str] = ContextVar("read_from", default=PRIMARY)


class Router:
    """Has Django write to the primary, and read where the request does."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        # Where throttles are counted in the database, a count is read to be raised.
        return PRIMARY if model._meta.app_label == "django_cache" else read_from.get()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, database: str, app_label: str, **hints: Any) -> bool:
        return database == PRIMARY


class Distance:
    """How far the replica is behind, as far as this process knows: a thread looks once a second.

    The primary's place in its write-ahead log is noted with the time, and once the replica has
    replayed as far, it has all that was committed by then. No clocks are compared, and a replica
    that hears nothing of its primary is as far behind as one that is slow.
    """

    WRITTEN = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"
    # NULL of a server that is no standby.
    REPLAYED = "SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn"
    PAUSE = 1.0

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._watch: threading.Thread | None = None
        self._complete_until = float("-inf")
        # The oldest are let go: a replica that has come to a later one has come to them too.
        self._written: deque[tuple[float, Any]] = deque(maxlen=1000)

    def is_near(self) -> bool:
        """Whether the replica may answer those who need not have the newest."""
        if self._watch is None:
            self._start()
        return monotonic() - self._complete_until <= settings.REPLICA_MAX_LAG

    def leave(self) -> None:
        """Ask nothing of the replica until it has been looked at again: it failed."""
        self._complete_until = float("-inf")

    def _start(self) -> None:
        # Not before there is a request: a server forks its workers first.
        with self._starting:
            if self._watch is None:
                self._watch = threading.Thread(target=self._look_for_ever, daemon=True)
                self._watch.start()

    def _look_for_ever(self) -> None:
        was_near = False
        while True:
            with suppress(Error):
                self._look()
            close_old_connections()
            if self.is_near() != was_near:
                was_near = not was_near
                log.warning("reading from the replica" if was_near else "not using the replica")
            sleep(self.PAUSE)

    def _look(self) -> None:
        self._written.append((monotonic(), _ask(PRIMARY, self.WRITTEN)))
        replayed = _ask(REPLICA, self.REPLAYED)
        while replayed is not None and self._written and self._written[0][1] <= replayed:
            self._complete_until, _ = self._written.popleft()


def _ask(database: str, question: str) -> Any:
    with connections[database].cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


distance = Distance()


def choose_database(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer each request from the primary or from the replica.

    A refusal is the primary's alone: a record, or a place in the feed, that the replica does not
    know may be new, and what fails there may be due to its being a replica, or gone.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        may_lag = _may_lag(request) and distance.is_near()
        read_from.set(REPLICA if may_lag else PRIMARY)
        response = get_response(request)
        if may_lag and response.status_code >= 400 and response.status_code != 429:
            read_from.set(PRIMARY)
            replicas, response = response, get_response(request)
            if replicas.status_code >= 500 > response.status_code:
                distance.leave()
        return response

    return middleware


def _may_lag(request: HttpRequest) -> bool:
    """Whether who asks may be told what was so a moment ago."""
    return (
        request.method in ("GET", "HEAD")
        and "Authorization" not in request.headers
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        # Who says this wants no copy, whoever keeps it.
        and "no-cache" not in request.headers.get("Cache-Control", "").lower()
        # The past is put together in temporary tables, which no standby can make.
        and "as_of" not in request.GET
        and request.path_info not in HEALTH_CHECKS
    )
