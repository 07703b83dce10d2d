"""The date of a record, read back from its JSON, and what may be said of it without inventing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date as calendar_day
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from timeline.formats.contract import Record
from timeline.formats.text import one_line
from timeline.temporal import EdtfError, format_instant, parse
from timeline.temporal.calendar import month_length

_INSTANT = re.compile(r"([+-]?[0-9]{4,})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")
_PLAIN = re.compile("[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?)?")
# A year, a month or a season, which take "in" before them.
_TAKES_IN = re.compile(r"Y?-?[0-9]{4,}(-(0[1-9]|1[0-2]|2[1-4]))?")
_WORDS = ("edtf", "label", "text", "basis", "basis_note", "precision")
_MIDNIGHT, _LAST_SECOND = (0, 0, 0), (23, 59, 59)

BASES = {"inferred": "inferred from what the source says", "computed": "computed from other dates"}


class Instant(NamedTuple):
    """A second in UTC, with years as astronomers count: 0 is 1 BCE."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int

    @property
    def date(self) -> str:
        sign = "" if 0 <= self.year <= 9999 else "-" if self.year < 0 else "+"
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"

    @property
    def text(self) -> str:
        return f"{self.date}T{self.hour:02d}:{self.minute:02d}:{self.second:02d}Z"

    @property
    def clock(self) -> tuple[int, int, int]:
        return self.hour, self.minute, self.second


class Moment(NamedTuple):
    """The earliest and the latest that a beginning or an end can have been."""

    earliest: Instant | None
    latest: Instant | None

    @property
    def unit(self) -> str:
        """The calendar's unit that it fills: second, day, month, year, or "" for none of them."""
        first, last = self
        if first is None or last is None:
            return ""
        if first == last:
            return "second"
        if first.clock != _MIDNIGHT or last.clock != _LAST_SECOND or first.year != last.year:
            return ""
        if first[:3] == last[:3]:
            return "day"
        if first.day != 1 or last.day != month_length(last.year, last.month):
            return ""
        if first.month == last.month:
            return "month"
        return "year" if (first.month, last.month) == (1, 12) else ""


@dataclass(eq=False)
class When:
    """A date as the API shows it. There is one of each, and what was made of it is kept."""

    edtf: str
    label: str
    text: str
    basis: str
    basis_note: str
    precision: str
    approximate: bool
    uncertain: bool
    # Instants as they are written: the earliest and the latest of the start, and of the end.
    bounds: tuple[Any, ...]

    @cached_property
    def start(self) -> Moment:
        return Moment(*map(_instant, self.bounds[:2]))

    @cached_property
    def end(self) -> Moment:
        return Moment(*map(_instant, self.bounds[2:]))

    @cached_property
    def is_exact(self) -> bool:
        """Whether it is certain days, or seconds, from the first to the last."""
        if _is_plain(self.edtf):
            return len(self.edtf) == len("2019-11-07")
        if self.approximate or self.uncertain or self.edtf[:1] in ("[", "{"):
            return False
        return {self.start.unit, self.end.unit} <= {"day", "second"}

    @cached_property
    def is_timed(self) -> bool:
        """Whether it is known to the second."""
        return self.is_exact and {self.start.unit, self.end.unit} == {"second"}

    @cached_property
    def words(self) -> str:
        """The date as it stands in a sentence: "in August 2019", "about 1912"."""
        takes_in = _TAKES_IN.fullmatch(self.edtf) or self.label.startswith("the ")
        return f"in {self.label}" if takes_in else self.label

    @cached_property
    def grounds(self) -> str:
        """How the date is known, where that is not simply from the source; and its words."""
        parts = [f"“{self.text}” in the source" if self.text else "", BASES.get(self.basis, "")]
        said = ", ".join(part for part in parts if part)
        return ": ".join(part for part in (said, self.basis_note.rstrip(".")) if part)

    @cached_property
    def iso_dates(self) -> tuple[str, str]:
        """The first and the last date in ISO 8601, each "" unless that says it wholly.

        Only what EDTF calls level 0 is ISO 8601 without a profile, and times of day are given in
        UTC, as their bounds are.
        """
        if _is_plain(self.edtf):
            return self.edtf, ""
        if self.is_timed and self.start.earliest and self.end.earliest:
            first, last = self.start.earliest.text, self.end.earliest.text
            return first, last if last != first else ""
        try:
            is_plain = parse(self.edtf).level == 0
        except EdtfError:
            is_plain = False
        if not is_plain or "T" in self.edtf:
            return "", ""
        first, _, last = self.edtf.partition("/")
        return first, last


def _is_plain(edtf: str) -> bool:
    """Whether it is a year, a month or a day: as most are, and as is quick to see."""
    if not _PLAIN.fullmatch(edtf):
        return False
    try:
        return len(edtf) < len("2019-11-07") or bool(calendar_day.fromisoformat(edtf))
    except ValueError:
        return False


def iso_day(edtf: object) -> str:
    """The first date in ISO 8601, as :attr:`When.iso_dates` has it."""
    written = one_line(edtf)
    return written if _is_plain(written) else _first_date(written)


@lru_cache(maxsize=1024)
def _first_date(edtf: str) -> str:
    try:
        date = parse(edtf)
    except EdtfError:
        return ""
    edges = date.start_min, date.start_max, date.end_min, date.end_max
    doubts = date.approximate, date.uncertain
    when = When(edtf, "", "", "", "", "", *doubts, tuple(map(format_instant, edges)))
    return when.iso_dates[0]


def read_when(date: Record | None) -> When | None:
    """The date of a record; None for a record without one."""
    if not date:
        return None
    start, end = date.get("start") or {}, date.get("end") or {}
    doubts = bool(date.get("approximate")), bool(date.get("uncertain"))
    bounds = start.get("earliest"), start.get("latest"), end.get("earliest"), end.get("latest")
    return _when(tuple(map(date.get, _WORDS)), doubts, bounds)


# Events come in the order of their dates, and many have the same.
@lru_cache(maxsize=256)
def _when(words: tuple[Any, ...], doubts: tuple[bool, bool], bounds: tuple[Any, ...]) -> When:
    edtf, label, text, basis, note, precision = map(one_line, words)
    return When(edtf, label or edtf, text, basis, note, precision, *doubts, bounds)


# Years, months and decades have few edges.
@lru_cache(maxsize=1024)
def _instant(text: Any) -> Instant | None:
    found = _INSTANT.fullmatch(text) if isinstance(text, str) else None
    return Instant(*map(int, found.groups())) if found else None
