"""What the public was answered, for as long as nothing has changed.

Every change is an entry of the ledger, with a hash over itself and all before it: while the newest
is the same, so is whatever the public may be told. What is derived anew outside of the ledger
(`rebuild_dates`, `rebuild_search`) shows within a minute. Each process remembers for itself.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from rest_framework.request import Request

from timeline.api.filters.base import AS_OF
from timeline.querysets.visibility import PUBLIC
from timeline.services import ledger

MOST_BYTES = 16_000_000
SECONDS = 60
# What keeping an answer takes beside the answer.
OVERHEAD = 400


class Memory:
    """The answers that were asked for last, as far as they fit."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self._kept: OrderedDict[str, tuple[str, float, bytes]] = OrderedDict()
        self._threads = threading.Lock()

    def find(self, question: str, head: str) -> bytes | None:
        """What was answered when ``head`` was the newest entry of the ledger."""
        with self._threads:
            then, until, answer = self._kept.get(question, ("", 0.0, b""))
            if then != head or until < time.monotonic():
                return None
            self._kept.move_to_end(question)
            return answer

    def keep(self, question: str, head: str, answer: bytes) -> None:
        """Remember this answer; ``head`` was read before it was made, so it is no older."""
        with self._threads:
            self._forget(question)
            self._kept[question] = head, time.monotonic() + SECONDS, answer
            self.bytes += _size(question, answer)
            while self.bytes > self.most_bytes:
                self._forget(next(iter(self._kept)))

    def _forget(self, question: str) -> None:
        if question in self._kept:
            self.bytes -= _size(question, self._kept.pop(question)[2])


def _size(question: str, answer: bytes) -> int:
    return len(question) + len(answer) + OVERHEAD


MEMORY = Memory()


class Recollection:
    """What is remembered of one request; of others than the public, and of the past, nothing."""

    def __init__(self, request: Request, viewer: Any) -> None:
        self.question = request.get_full_path()
        is_usual = viewer == PUBLIC and AS_OF.field_name not in request.query_params
        head = ledger.head() if is_usual else ledger.GENESIS
        # What nothing is recorded of was written past the services.
        self.head = None if head == ledger.GENESIS else head

    def find(self) -> bytes | None:
        return MEMORY.find(self.question, self.head) if self.head else None

    def keep(self, answer: bytes) -> bytes:
        if self.head:
            MEMORY.keep(self.question, self.head, answer)
        return answer

    def or_else(self, answer: Callable[[], bytes]) -> bytes:
        found = self.find()
        return self.keep(answer()) if found is None else found
