"""Full text questions: what holds these words, as far as the reader may see them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q, QuerySet

from timeline.db.planning import Once
from timeline.db.search import Matches, Rank
from timeline.db.words import Term, read_query
from timeline.querysets.ranking import BestFirst


class SearchedQuerySet(models.QuerySet):
    """Rows that are found by their words."""

    def holding(self, term: Term) -> Q:
        """The rows whose own words, or words told with them, hold ``term``."""
        return in_any(self.places(term))

    def places(self, term: Term) -> list[models.QuerySet[Any]]:
        """Queries for the keys of rows that hold ``term``, one for each place it may stand in."""
        mine = self.model._default_manager.filter(Matches(self.model, [term]))
        return [mine.order_by().values("pk")]

    def matching(self, query: str) -> Self:
        """Those that hold every term of ``query``, and none that it excludes.

        A query without a word in it finds nothing.
        """
        terms = read_query(query)
        rows = self if any(not term.excluded for term in terms) else self.none()
        for term in terms:
            rows = rows.held(term)
        return rows

    def held(self, term: Term) -> Self:
        """Those that hold ``term``, or do not, if it is excluded."""
        held = self.holding(term)
        return self.exclude(held) if term.excluded else self.filter(held)

    def ranked(self, query: str) -> Self:
        """With ``relevance``, in millionths: how well the row's own words fit."""
        wanted = [term for term in read_query(query) if not term.excluded]
        if not wanted:
            return self.annotate(relevance=models.Value(0, output_field=models.BigIntegerField()))
        return self.annotate(relevance=Rank(wanted))

    def best_first(self, query: str, others: QuerySet[Any]) -> BestFirst:
        """These, which match ``query``, by relevance; ``others`` are they and those that do not."""
        terms = read_query(query)
        alone = terms[0] if len(terms) == 1 and not terms[0].excluded else None
        return BestFirst(self.ranked(query), others.ranked(query), alone)

    def _behind(self, relation: str, term: Term) -> models.QuerySet[Any]:
        """The keys of those with a visible row behind ``relation`` that holds ``term``."""
        rows: Any = self.behind(relation)
        pointer = self.model._meta.get_field(relation).field.name
        found = rows.filter(Matches(rows.model, [term]), **{f"{pointer}__isnull": False})
        return found.order_by().values(pointer)


def in_any(places: list[models.QuerySet[Any]], pointer: str = "pk") -> Q:
    """The rows with their key, or what they point to, in one of ``places``.

    Each is asked apart, from an index of its own, and they are joined: as one condition with OR they
    would be asked of every row.
    """
    first, *others = places
    return Q(**{f"{pointer}__in": Once(first.union(*others) if others else first)})
