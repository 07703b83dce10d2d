"""The one way a date is refused."""

from __future__ import annotations

_SHOWN = 60


class EdtfError(ValueError):
    """A text that is not a date this service can keep.

    ``code`` is the kebab-case name of the rule that was broken, ``offset`` the 0-based position
    in ``text`` where it was, and the message says it to a curator: what, where, what to do.

    >>> from timeline.temporal import parse
    >>> try:
    ...     parse("2019-02-29")
    ... except EdtfError as error:
    ...     print(error.code, error.offset, error, sep="; ")
    no-such-day; 8; February 2019 has no day 29 (character 9 of “2019-02-29”).
    """

    def __init__(self, code: str, offset: int, text: str, problem: str) -> None:
        super().__init__(f"{problem} (character {offset + 1} of “{shown(text)}”).")
        self.code = code
        self.offset = offset
        self.text = text
        self.problem = problem

    def __reduce__(self) -> tuple[type[EdtfError], tuple[str, int, str, str]]:
        return type(self), (self.code, self.offset, self.text, self.problem)


def shown(text: str) -> str:
    """``text``, shortened, with everything unprintable escaped: safe in any log or page."""
    short = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in short)
