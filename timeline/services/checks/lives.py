"""What somebody does against when they lived: as far as a birth, a death or a founding is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import F, Q

from timeline.models import ActorKind, Affiliation, Participation
from timeline.services.checks.findings import CHUNK, STANDING, Found

# In these roles one may be before birth or after death.
PASSIVE = ("subject", "victim", "author", "addressee", "recipient")


class Edge(NamedTuple):
    """Rows that tell of a birth, a death or a founding: whose, when, and what cannot have been."""

    rows: Any
    actor: str
    date: str
    words: str

    def beyond(self, way: str) -> Q:
        """The rows at ``way`` that certainly lie beyond it."""
        standing = Q(**{f"{way}publication__in": STANDING, f"{way}undated": False})
        if self.words.startswith("after"):
            return standing & Q(**{f"{way}start_min__gt": F(f"{self.date}end_max")})
        return standing & Q(**{f"{way}end_max__lt": F(f"{self.date}start_min")})


def _edges() -> Iterator[Edge]:
    told = Participation.objects.filter(
        actor__kind=ActorKind.PERSON, event__undated=False, event__publication__in=STANDING
    )
    births = told.filter(event__kind__code="birth", role__code="subject")
    deaths = told.filter(event__kind__code="death", role__code__in=["subject", "victim"])
    foundings = Affiliation.objects.in_states(STANDING).filter(
        type__code="founder_of", undated=False
    )
    yield Edge(births, "actor", "event__", "before their birth")
    yield Edge(deaths, "actor", "event__", "after their death")
    yield Edge(foundings, "organisation", "", "before its founding")


def participations() -> Iterator[Found]:
    """Somebody acts in an event before their birth or founding, or after their death."""
    for edge in _edges():
        part = f"{edge.actor}__participations__"
        event = f"{part}event__"
        names = [f"{event}{name}" for name in ("pk", "uuid", "title", "date")]
        names += [f"{part}role__code", f"{part}role__label", f"{edge.actor}__name"]
        rows = edge.rows.filter(edge.beyond(event)).order_by(f"{part}pk")
        for key, uuid, title, date, code, role, name, known in rows.values_list(
            *names, f"{edge.date}date"
        ).iterator(CHUNK):
            if code not in PASSIVE:
                problem = f"“{name}” takes part as {role.lower()} ({date.label}) {edge.words}"
                yield Found("event", key, uuid, title, f"{problem} ({known.label}).")


def affiliations() -> Iterator[Found]:
    """Somebody belongs to another before their birth or founding, or after their death."""
    for edge in _edges():
        for end in ("affiliations", "affiliates"):
            tie = f"{edge.actor}__{end}__"
            names = [f"{tie}{name}" for name in ("pk", "uuid", "title", "type__label", "date")]
            rows = edge.rows.filter(edge.beyond(tie)).order_by(f"{tie}pk")
            for key, uuid, title, kind, date, name, known in rows.values_list(
                *names, f"{edge.actor}__name", f"{edge.date}date"
            ).iterator(CHUNK):
                problem = f"“{name}” is part of it ({date.label}) {edge.words} ({known.label})."
                yield Found("affiliation", key, uuid, title or kind, problem)
