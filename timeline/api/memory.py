"""What the public was told, for as long as nothing has changed.

Every change is an entry of the ledger, with a hash over itself and all before it: while the newest
is the same, so is whatever the public may be told. What is derived anew outside of the ledger
(`rebuild_dates` and the like) shows within a minute. Each process remembers for itself: whole
answers, and the events in them, which other answers tell too.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from timeline.api.filters.base import AS_OF
from timeline.querysets.visibility import PUBLIC
from timeline.services import ledger

MOST_BYTES = settings.REMEMBERED_MB * 1_000_000
SECONDS = 60
# What keeping something takes beside itself.
OVERHEAD = 1_000


class Told(NamedTuple):
    """An answer, or a part of one."""

    body: bytes
    headers: dict[str, str]


NEVER = "", 0.0, Told(b"", {})


class Memory:
    """What was asked for last, as far as it fits."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self._kept: OrderedDict[Hashable, tuple[str, float, Told]] = OrderedDict()
        self._threads = threading.Lock()

    def knows(self, question: Hashable) -> bool:
        """Whether anything was told, which may no longer hold."""
        return question in self._kept

    def find(self, questions: Iterable[Hashable], head: str) -> dict[Hashable, Told]:
        """What was told, if anything, when ``head`` was the newest entry of the ledger."""
        found, now = {}, time.monotonic()
        with self._threads:
            for question in questions:
                then, until, answer = self._kept.get(question, NEVER)
                if then == head and until >= now:
                    self._kept.move_to_end(question)
                    found[question] = answer
        return found

    def keep(self, question: Hashable, head: str, answer: Told) -> None:
        """Remember this; ``head`` was read before it was made, so it is no older."""
        with self._threads:
            self._forget(question)
            self._kept[question] = head, time.monotonic() + SECONDS, answer
            self.bytes += _size(answer)
            while self.bytes > self.most_bytes:
                self._forget(next(iter(self._kept)))

    def _forget(self, question: Hashable) -> None:
        if question in self._kept:
            self.bytes -= _size(self._kept.pop(question)[2])


def _size(answer: Told) -> int:
    return len(answer.body) + OVERHEAD


MEMORY = Memory()


class Remembered:
    """What this reader was told before, if it may be told again.

    That is the public, of how things are now: the past is asked of the database each time, as is what
    only some readers may know.
    """

    def __init__(self, request: Request, viewer: Any) -> None:
        self.request = request
        self._is_usual = bool(
            viewer == PUBLIC and AS_OF.field_name not in request.query_params and MOST_BYTES
        )

    @cached_property
    def head(self) -> str:
        """The newest entry of the ledger, asked for before anything is told."""
        return ledger.head() if self._is_usual else ledger.GENESIS

    def answer(self, tell: Callable[[], HttpResponse]) -> HttpResponse:
        """What ``tell`` says, with its ETag."""
        head = self.head
        return self.answer_with(lambda: (head, tell()))

    def answer_with(self, tell: Callable[[], tuple[str, HttpResponse]]) -> HttpResponse:
        """The same of what says along with it which entry of the ledger was the newest.

        So that only of what was told before the newest has to be asked for by itself.
        """
        # The links in an answer begin with the address that was asked.
        asked = self.request._request
        question = asked.scheme, asked.get_host(), asked.path, asked.META.get("QUERY_STRING", "")
        if self._is_usual and MEMORY.knows(question):
            known = MEMORY.find([question], self.head)
            if question in known:
                return HttpResponse(known[question].body, headers=known[question].headers)
        head, response = tell()
        if not response.has_header("ETag"):
            response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        # What nothing is recorded of was written past the services.
        if self._is_usual and head != ledger.GENESIS:
            # A copy: what orjson writes is several times as large as it is long.
            body = bytes(memoryview(response.content))
            MEMORY.keep(question, head, Told(body, dict(response.headers)))
        return response

    def events(
        self, keys: list[int], tell: Callable[[Sequence[int]], dict[int, bytes]]
    ) -> list[bytes]:
        """The events with these keys in this order, as ``tell`` tells those that it knows of."""
        if self.head == ledger.GENESIS:
            told = tell(keys)
        else:
            # By its key alone, which is no question that :meth:`answer` knows.
            known = MEMORY.find(keys, self.head)
            told = {key: known[key].body for key in keys if key in known}
            missing = [key for key in keys if key not in told]
            for key, body in (tell(missing) if missing else {}).items():
                MEMORY.keep(key, self.head, Told(body, {}))
                told[key] = body
        return [told[key] for key in keys if key in told]


def remembered(request: Request, viewer: Any, tell: Callable[[], HttpResponse]) -> HttpResponse:
    """What ``tell`` says, with its ETag; as it was said before, if it still holds."""
    return Remembered(request, viewer).answer(tell)
