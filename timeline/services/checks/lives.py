"""What somebody does against when they lived: as far as a birth, a death or a founding is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q

from timeline.models import ActorKind, Affiliation, Participation
from timeline.services.checks.findings import CHUNK, STANDING, Found

# In these roles one may be before birth or after death.
PASSIVE = ("subject", "victim", "author", "addressee", "recipient")
BEGINNING, END = "before it began", "after it had ended"


def _edges() -> Iterator[tuple[Any, str, str, str]]:
    """Rows that tell a beginning or an end: by actor, date and words, and what cannot have been."""
    told = Participation.objects.filter(
        actor__kind=ActorKind.PERSON, event__undated=False, event__publication__in=STANDING
    )
    births = told.filter(event__kind__code="birth", role__code="subject")
    deaths = told.filter(event__kind__code="death", role__code__in=["subject", "victim"])
    foundings = Affiliation.objects.in_states(STANDING).filter(
        type__code="founder_of", undated=False
    )
    yield births, "actor", "event__", BEGINNING
    yield deaths, "actor", "event__", END
    yield foundings, "organisation", "", BEGINNING


def _outside(way: str, edge: str, when: str) -> Q:
    """The rows at ``way`` that certainly lie beyond the edge."""
    standing = Q(**{f"{way}publication__in": STANDING, f"{way}undated": False})
    if when is BEGINNING:
        return standing & Q(**{f"{way}end_max__lt": F(f"{edge}start_min")})
    return standing & Q(**{f"{way}start_min__gt": F(f"{edge}end_max")})


def participations() -> Iterator[Found]:
    """Somebody acts in an event before their birth or founding, or after their death."""
    for edges, actor, edge, when in _edges():
        part, event = f"{actor}__participations__", f"{actor}__participations__event__"
        names = [f"{event}{name}" for name in ("pk", "uuid", "title", "date")]
        names += [f"{part}role__code", f"{part}role__label", f"{actor}__name", f"{edge}date"]
        rows = edges.filter(_outside(event, edge, when)).order_by(f"{part}pk")
        for key, uuid, title, date, code, role, name, known in rows.values_list(*names).iterator(
            CHUNK
        ):
            if code not in PASSIVE:
                problem = f"“{name}” ({role.lower()}) takes part {when}"
                yield Found(
                    "event", key, uuid, title, f"{problem}: {date.label}, against {known.label}."
                )


def affiliations() -> Iterator[Found]:
    """Somebody belongs to another before their birth or founding, or after their death."""
    for edges, actor, edge, when in _edges():
        for end in ("affiliations", "affiliates"):
            tie = f"{actor}__{end}__"
            names = [f"{tie}{name}" for name in ("pk", "uuid", "title", "type__label", "date")]
            rows = edges.filter(_outside(tie, edge, when)).order_by(f"{tie}pk")
            for key, uuid, title, kind, date, name, known in rows.values_list(
                *names, f"{actor}__name", f"{edge}date"
            ).iterator(CHUNK):
                problem = f"“{name}” has it {when}: {date.label}, against {known.label}."
                yield Found("affiliation", key, uuid, title or kind, problem)
