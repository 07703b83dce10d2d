"""Questions about imprecise time: five relations to a window, each possible or certain.

The rules are those of :mod:`timeline.temporal`, written for the stored bounds.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Exists, OuterRef, Q

from timeline.temporal import DECIDED_BY, RULES, Decision, Edtf, Match, Relation


class Edges(NamedTuple):
    """A window, as far as relations to it hang on it; a value may be a slot for one."""

    start_min: Any
    end_max: Any


Window = Edtf | Edges
LOOKUPS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def bounds_condition(relation: Relation, window: Window, match: Match) -> Q:
    """The relation, for a row whose bounds are those of one date."""
    sides = {"a": window.start_min, "b": window.end_max}
    return Q(
        **{
            f"{rule.edge}__{LOOKUPS[rule.comparison]}": sides[rule.side]
            for rule in RULES[relation, match]
        }
    )


def hull_condition(relation: Relation, window: Window) -> Q:
    """What holds of the hull of every date that may stand in ``relation`` to ``window``."""
    match relation:
        case Relation.BEFORE:
            return Q(start_min__lt=window.start_min)
        case Relation.AFTER:
            return Q(end_max__gt=window.end_max)
    return Q(start_min__lte=window.end_max, end_max__gte=window.start_min)


class DatedQuerySet(models.QuerySet):
    """Rows with a date."""

    def update(self, **kwargs: Any) -> int:
        if "date" in kwargs:
            raise TypeError("update() would leave the bounds of the old date: save each record")
        return super().update(**kwargs)

    def related(
        self,
        relation: Relation,
        window: Window,
        match: Match = "possible",
        *,
        trust_uncertain: bool = False,
    ) -> Self:
        """Those that stand in ``relation`` to ``window``."""
        condition = bounds_condition(relation, window, match)
        dated = Q(undated=False)
        if match == "certain" and not trust_uncertain:
            dated &= Q(date_uncertain=False)
        return self.filter(dated & self._with_members(relation, window, condition, match))

    def _with_members(self, relation: Relation, window: Window, condition: Q, match: Match) -> Q:
        """The condition, asked of its members where a set is decided by one of them."""
        asked = {
            kind
            for kind in ("one", "all")
            if DECIDED_BY[kind, match, relation] is Decision.SOME_MEMBER
        }
        if not asked:
            return condition
        try:
            members = self.model._meta.get_field("date_members").related_model._base_manager
        except FieldDoesNotExist:
            # Kept for events alone; elsewhere the hull may say "possible" but never "certain".
            return condition if match == "possible" else condition & ~Q(date_set__in=asked)
        some = Exists(members.filter(condition, event=OuterRef("pk")))
        # What an index can answer apart from what has to be looked up.
        hull = hull_condition(relation, window)
        own = hull if condition == hull else hull & (condition | Q(date_set__in=asked))
        return own & (~Q(date_set__in=asked) | Q(some))

    def before(self, window: Window, match: Match = "possible", **trust: bool) -> Self:
        return self.related(Relation.BEFORE, window, match, **trust)

    def after(self, window: Window, match: Match = "possible", **trust: bool) -> Self:
        return self.related(Relation.AFTER, window, match, **trust)

    def overlapping(self, window: Window, match: Match = "possible", **trust: bool) -> Self:
        return self.related(Relation.OVERLAPPING, window, match, **trust)

    def within(self, window: Window, match: Match = "possible", **trust: bool) -> Self:
        return self.related(Relation.WITHIN, window, match, **trust)

    def containing(self, window: Window, match: Match = "possible", **trust: bool) -> Self:
        return self.related(Relation.CONTAINING, window, match, **trust)
