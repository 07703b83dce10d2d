"""Carry out a request once, however often it is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from timeline.errors import Conflict
from timeline.models import StoredAnswer

KEPT = timedelta(hours=24)


class KeyReused(Conflict):
    """The key was used for another request."""

    code = "idempotency-key-reused"
    title = "This Idempotency-Key belongs to another request"
    advice = "Make a new key for a new request; keep one only to send the very same request again."


def kept_answer(*, user: Any, key: str, request_sha256: str) -> StoredAnswer | None:
    """What was answered under ``key``; the caller is inside ``ledger.writing``.

    The one writer at a time makes two at once one after the other.
    """
    StoredAnswer.objects.filter(at__lt=timezone.now() - KEPT).delete()
    kept = StoredAnswer.objects.filter(user=user, key=key).first()
    if kept is not None and kept.request_sha256 != request_sha256:
        raise KeyReused(
            "The first request under this key had another body, method or address. "
            "Choose a new key for a new request."
        )
    return kept


def keep_answer(
    *, user: Any, key: str, request_sha256: str, status: int, location: str, body: str
) -> None:
    """Keep the answer, in the transaction of what it answers for."""
    StoredAnswer.objects.create(
        user=user,
        key=key,
        request_sha256=request_sha256,
        status=status,
        location=location,
        body=body,
        at=timezone.now(),
    )
