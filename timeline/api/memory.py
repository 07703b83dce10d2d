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
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.utils.cache import set_response_etag
from rest_framework.request import Request

from timeline.api.filters.base import AS_OF
from timeline.querysets.visibility import PUBLIC
from timeline.services import ledger

MOST_BYTES = 32_000_000
SECONDS = 60
# What keeping an answer takes beside the answer.
OVERHEAD = 1_000


class Told(NamedTuple):
    """An answer."""

    body: bytes
    headers: dict[str, str]


class Memory:
    """The answers that were asked for last, as far as they fit."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self._kept: OrderedDict[str, tuple[str, float, Told]] = OrderedDict()
        self._threads = threading.Lock()

    def find(self, question: str, head: str) -> Told | None:
        """What was answered when ``head`` was the newest entry of the ledger."""
        with self._threads:
            if question not in self._kept:
                return None
            then, until, answer = self._kept[question]
            if then != head or until < time.monotonic():
                return None
            self._kept.move_to_end(question)
            return answer

    def keep(self, question: str, head: str, answer: Told) -> None:
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


def _size(question: str, answer: Told) -> int:
    return len(question) + len(answer.body) + OVERHEAD


MEMORY = Memory()


def remembered(request: Request, viewer: Any, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """What ``answer`` says, with its ETag; to the public as it was said before, if it still holds.

    The past is asked of the database each time, as is what only some readers may know.
    """
    is_usual = viewer == PUBLIC and AS_OF.field_name not in request.query_params
    head = ledger.head() if is_usual else ledger.GENESIS
    # The links in an answer begin with the address that was asked.
    question = request.build_absolute_uri()
    # What nothing is recorded of was written past the services.
    known = MEMORY.find(question, head) if head != ledger.GENESIS else None
    if known is not None:
        return HttpResponse(known.body, headers=known.headers)
    response = answer()
    if not response.has_header("ETag"):
        set_response_etag(response)
    if head != ledger.GENESIS:
        MEMORY.keep(question, head, Told(response.content, dict(response.headers)))
    return response
