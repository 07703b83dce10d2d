"""What can go wrong, without a word of HTTP.

Every error says in one sentence what happened and what to do; the interfaces translate.
Classes that belong to one verb live beside that verb and inherit from these.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with one field.

    ``path`` leads to the field: names and list positions, e.g. ``("participations", 0, "role")``.
    """

    path: tuple[str | int, ...]
    code: str
    detail: str


class TimelineError(Exception):
    """The root of everything this service refuses."""

    code = "error"
    title = "The request cannot be carried out"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Invalid(TimelineError):
    """The data given breaks a rule; ``flaws`` name each field."""

    code = "invalid"
    title = "Some of the data is not valid"

    def __init__(self, flaws: list[Flaw], detail: str = "") -> None:
        super().__init__(detail or "; ".join(flaw.detail for flaw in flaws))
        self.flaws = flaws

    @classmethod
    def field(cls, name: str, code: str, detail: str) -> Invalid:
        """One flaw of one top-level field."""
        return cls([Flaw((name,), code, detail)])


class Missing(TimelineError):
    """There is no such record, or this reader may not know of it."""

    code = "not-found"
    title = "There is no such record"


class NotAllowed(TimelineError):
    """Whoever asks may not do this."""

    code = "not-allowed"
    title = "You may not do this"


class Conflict(TimelineError):
    """The request contradicts what is recorded; ``flaws`` name each record that stands in the way,
    where there are many.
    """

    code = "conflict"
    title = "The request contradicts what is recorded"
    flaws: tuple[Flaw, ...] = ()


class Stale(TimelineError):
    """The record changed since the version the writer had read."""

    code = "stale-version"
    title = "The record has changed in the meantime"
