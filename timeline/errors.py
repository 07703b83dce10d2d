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
    # What to do about it, for the page of the code; a kind of its own may say it better.
    advice = "Read `detail`: it says what was wrong and what to do."

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Invalid(TimelineError):
    """The data given breaks a rule; ``flaws`` name each field."""

    code = "invalid"
    title = "Some of the data is not valid"
    advice = (
        "Put right what `errors` names and send the request again. Each entry has a `pointer` to the "
        "member of the body, a `code` for programs and a `detail` for people."
    )

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
    advice = (
        "Check the id. What is not published is not there for a reader; with a token of the scope "
        "`write` drafts can be read."
    )


class NotAllowed(TimelineError):
    """Whoever asks may not do this."""

    code = "not-allowed"
    title = "You may not do this"
    advice = (
        "Use a token with a larger scope, or ask somebody who may: `/api/v1/me` says what yours is. "
        "The scopes are `read`, `write` (drafts), `publish` and `admin`."
    )


class Conflict(TimelineError):
    """The request contradicts what is recorded; ``flaws`` name each record that stands in the way,
    where there are many.
    """

    code = "conflict"
    title = "The request contradicts what is recorded"
    flaws: tuple[Flaw, ...] = ()
    advice = "Read the record again; `detail` says what stands in the way. Then decide anew."


class Stale(TimelineError):
    """The record changed since the version the writer had read."""

    code = "stale-version"
    title = "The record has changed in the meantime"
    advice = (
        "Read the record again, see whether your change still makes sense, and send it with the new "
        "`ETag` as `If-Match`. `/history` tells who changed what."
    )
