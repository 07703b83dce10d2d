"""How much one client may ask for: a count by the minute (or hour, or day) in the shared cache."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from timeline.models import Token

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class ClientThrottle(BaseThrottle):
    """By token, by person, or by address. Rates are ``"6000/min"``; ``None`` is no limit."""

    def allow_request(self, request: Request, view: Any) -> bool:
        scope = "token" if request.user.is_authenticated else "anon"
        rate = api_settings.DEFAULT_THROTTLE_RATES[scope]
        if rate is None:
            return True
        if hasattr(request._request, "rate_limit"):
            # Counted already: what a replica refuses is asked again of the primary.
            return True
        limit, seconds = read_rate(rate)
        now = time.time()
        window = int(now // seconds)
        self.reset = int((window + 1) * seconds - now) + 1
        key = f"throttle:{scope}:{self._client(request)}:{window}"
        used = _counted(key, seconds * 2)
        request._request.rate_limit = (limit, max(0, limit - used), self.reset)
        return used <= limit

    def wait(self) -> float:
        return self.reset

    def _client(self, request: Request) -> str:
        if isinstance(request.auth, Token):
            return f"t{request.auth.pk}"
        if request.user.is_authenticated:
            return f"u{request.user.pk}"
        return self.get_ident(request)


def _counted(key: str, timeout: int) -> int:
    """How often ``key`` has been counted, with this time."""
    for _ in range(2):
        with suppress(ValueError):
            return cache.incr(key)
        # The first; or one of several, of whom another was.
        if cache.add(key, 1, timeout=timeout):
            break
    return 1


def read_rate(rate: str) -> tuple[int, int]:
    """``"6000/min"`` → (6000, 60)"""
    count, _, period = rate.partition("/")
    return int(count), SECONDS[period[0]]
