"""Full text questions: what holds these words, as far as the reader may see them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from timeline.db.search import Matches, Rank
from timeline.db.words import Term, read_query


class SearchedQuerySet(models.QuerySet):
    """Rows that are found by their words."""

    def holding(self, term: Term) -> Q:
        """The rows whose own words, or words told with them, hold ``term``."""
        return Q(Matches(self.model, [term]))

    def matching(self, query: str) -> Self:
        """Those that hold every term of ``query``, and none that it excludes.

        A query without a word in it finds nothing.
        """
        terms = read_query(query)
        rows = self if any(not term.excluded for term in terms) else self.none()
        for term in terms:
            held = self.holding(term)
            rows = rows.exclude(held) if term.excluded else rows.filter(held)
        return rows

    def ranked(self, query: str) -> Self:
        """With ``relevance``, in millionths: how well the row's own words fit."""
        wanted = [term for term in read_query(query) if not term.excluded]
        if not wanted:
            return self.annotate(relevance=models.Value(0, output_field=models.BigIntegerField()))
        return self.annotate(relevance=Rank(wanted))

    def _behind(self, relation: str, term: Term, path: str = "") -> Exists:
        """Whether a visible row behind ``relation`` holds ``term``."""
        field = self.model._meta.get_field(relation)
        rows: Any = self.of(relation)
        model = field.related_model
        for step in path.split("__")[:-1] if path else ():
            model = model._meta.get_field(step).related_model
        return Exists(
            rows.filter(Matches(model, [term], path), **{field.field.name: OuterRef("pk")})
        )
