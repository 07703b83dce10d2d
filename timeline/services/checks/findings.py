"""What a check is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from timeline.models import Citation, Publication, Relation

# Rows read at a time, so that memory does not grow with what is recorded.
CHUNK = 1000
# What was withdrawn is out of the way, and checked again by who would bring it back.
STANDING = (Publication.DRAFT, Publication.IN_REVIEW, Publication.PUBLISHED)


class Severity(StrEnum):
    """How much it matters."""

    ERROR = "error"  # what is recorded contradicts itself, or is not what was written
    WARNING = "warning"  # it is probably wrong
    NOTE = "note"  # it could be better


class Found(NamedTuple):
    """A record, and what is wrong with it; ``key`` is its key in the database."""

    type: str
    key: int
    id: UUID
    title: str
    problem: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong, by a stable code, and what to do about it.

    A ``costly`` rule reads every record.
    """

    code: str
    severity: Severity
    remedy: str
    find: Callable[[], Iterator[Found]]
    costly: bool = False

    @property
    def meaning(self) -> str:
        return str(self.find.__doc__).splitlines()[0]


class Finding(NamedTuple):
    """What a rule found."""

    rule: Rule
    found: Found


def found(record: Any, problem: str) -> Found:
    return Found(record._meta.model_name, record.pk, record.uuid, title_of(record), problem)


def title_of(record: Any) -> str:
    """By what a record is known that joins others."""
    match record:
        case Relation():
            return f"“{record.subject}” {record.type.label} “{record.object}”"
        case Citation():
            return record.quote or record.locator or f"of “{record.source}”"
    return str(record)
