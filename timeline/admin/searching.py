"""Search and filters that say nothing about what the reader may not see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

LONGEST_QUERY = 200
MOST_WORDS = 8
SUFFIXES = ("", "__exact", "__id__exact", "__isnull", "__gte", "__lt")


def search(
    queryset: QuerySet[Any], text: str, own: Iterable[str], among: Mapping[str, Iterable[str]]
) -> QuerySet[Any]:
    """Those that have each word of ``text`` in a column of their ``own`` or of a row behind them.

    A public id finds its record.
    """
    text = text[:LONGEST_QUERY].strip()
    try:
        return queryset.filter(uuid=UUID(text))
    except ValueError:
        pass
    for word in text.replace('"', " ").split()[:MOST_WORDS]:
        found = _contains(own, word)
        for relation, columns in among.items():
            found |= Q(pk__in=_behind(queryset, relation, columns, word))
        queryset = queryset.filter(found)
    return queryset


def _contains(columns: Iterable[str], word: str) -> Q:
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__icontains": word})
    return found


def _behind(
    queryset: Any, relation: str, columns: Iterable[str], word: str
) -> QuerySet[Any, dict[str, Any]]:
    field = queryset.model._meta.get_field(relation)
    back = field.related_query_name() if field.concrete else field.field.name
    return queryset.of(relation).filter(_contains(columns, word)).values(back)


def is_filter(lookup: str, filters: Iterable[Any]) -> bool:
    """Whether ``lookup`` is one that a filter of the list asks: any other would tell of more."""
    for one in filters:
        if isinstance(one, type):
            if lookup == getattr(one, "parameter_name", None):
                return True
            continue
        name = one if isinstance(one, str) else one[0]
        if lookup.startswith(name) and lookup.removeprefix(name) in SUFFIXES:
            return True
    return False
