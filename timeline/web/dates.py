"""A date as a page says it: never finer than it is known, and with how it is known."""

from __future__ import annotations

import re
from dataclasses import dataclass

from timeline.models import Basis
from timeline.models.records import Dated
from timeline.temporal import Edtf

# The EDTF texts that are also valid in HTML's <time>: a year, month, day or moment, unqualified.
_MACHINE_READABLE = re.compile(
    r"(?!0000)\d{4}(-(0[1-9]|1[0-2])(-\d\d(T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?)?)?)?"
)

MARKS = {Basis.INFERRED: "inferred", Basis.COMPUTED: "computed"}


@dataclass(frozen=True, slots=True)
class When:
    """What a page prints of a date.

    ``datetime`` is empty unless HTML can say the date without inventing anything; ``mark`` says
    that no source states it outright, ``reasoning`` why it is believed.
    """

    label: str
    datetime: str
    words: str
    mark: str
    reasoning: str

    @property
    def explained(self) -> bool:
        return bool(self.words or self.mark or self.reasoning)


def when(record: Dated) -> When | None:
    """The date of a record; ``None`` for a record without one."""
    if record.date is None:
        return None
    words = record.date_text.strip()
    return When(
        label=record.date.label,
        datetime=machine_readable(record.date),
        words="" if words in (record.date.label, record.date.text) else words,
        mark=MARKS.get(Basis(record.date_basis), ""),
        reasoning=record.date_basis_note,
    )


def machine_readable(date: Edtf) -> str:
    """The date for ``<time datetime>``, or nothing where HTML would have to lie."""
    # HTML has no 24th hour and no leap second.
    if not _MACHINE_READABLE.fullmatch(date.text) or "T24" in date.text or ":60" in date.text:
        return ""
    return date.text
