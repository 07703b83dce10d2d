"""Conditions that may lead to the events of a page, noted as they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self, cast

from django.db.models import Q, QuerySet
from django.db.models.lookups import Exact, In
from django.db.models.sql import Query
from django.db.models.sql.where import AND

from timeline.db.dates import OfEvent
from timeline.db.planning import each_asked_apart
from timeline.db.words import Term
from timeline.querysets.dates import Window
from timeline.querysets.search import in_any
from timeline.querysets.summaries import CountedQuerySet
from timeline.querysets.visibility import visible
from timeline.temporal import Match, Relation

# So many events are looked up and sorted; of more, enough are met on the way through an order.
FEW = 8_000
# With words it hangs on how many are met until so many have them. Counted are no more than this,
# and to look up one by its words takes as long as to meet several.
PAGE, COUNTED, DEARER = 50, 400_000, 2
# Through so many entries of an index, that need not be looked up, a page is sought.
SOME = 50_000
# Columns of an event with an index of their own, in date order.
IN_ORDER = ("kind", "place", "status", "assessment", "dataset")


@dataclass(frozen=True, slots=True, eq=False)
class Lead:
    """A condition that may lead to the events that fit it."""

    # As it stands in the query.
    condition: Any
    # The keys of the events; an event may be among them several times.
    keys: Callable[[], QuerySet[Any]]
    # The column with an index by date, or the rows behind a relation that have one.
    column: str = ""
    relation: str = ""
    # Of such rows: the condition by the name of the relation.
    joined: Q = field(default_factory=Q)
    # Whether it is for one value, of which the index has everything in order.
    is_single: bool = False
    # Of a word: the word, and the same asked of one event.
    term: Term | None = None
    apart: Callable[[], Q] | None = None
    is_negated: bool = False
    # Known to be for few events.
    is_few: bool = False

    @property
    def is_indexed(self) -> bool:
        return bool(self.column or self.relation)

    @property
    def is_ordered(self) -> bool:
        return self.is_indexed and self.is_single

    @property
    def most(self) -> int:
        """Of more events than these it should not lead."""
        return SOME if self.is_indexed else FEW


class LedQuerySet(CountedQuerySet):
    """Events, with what may lead to them."""

    leads: tuple[Lead, ...] = ()
    windows: tuple[tuple[Relation, Window], ...] = ()

    def _clone(self) -> Self:
        clone = super()._clone()
        clone.leads, clone.windows = self.leads, self.windows
        return clone

    def led(self, keys: Callable[[], QuerySet[Any]], **more: Any) -> Self:
        """With the last condition noted as one that may lead."""
        if self.query.where.children:
            self.leads = (*self.leads, Lead(self.query.where.children[-1], keys, **more))
        return self

    def having(self, relation: str, *fits: Q, **conditions: Any) -> Self:
        found = super().having(relation, *fits, **conditions)
        model = self.model._meta.get_field(relation).related_model
        keys = found.query.where.children[-1].rhs
        more: dict[str, Any] = {}
        if any(isinstance(column, OfEvent) for column in model._meta.fields):
            shown = visible(model._meta.model_name, self.viewer, f"{relation}__", "event")
            more = {
                "relation": relation,
                "joined": shown & under(relation, Q(*fits, **conditions)),
            }
            more["is_single"] = any(
                not name.endswith("__in") for fit in fits for name, _ in fit.children
            )
        return found.led(lambda: _rows_of(keys), **more)

    def related(
        self, relation: Relation, window: Window, match: Match = "possible", **trust: bool
    ) -> Self:
        found = super().related(relation, window, match, **trust)
        found.windows = (*self.windows, (relation, window))
        return found

    def held(self, term: Term) -> Self:
        first, *others = places = self.places(term)

        def apart() -> Q:
            told = self.telling(term)
            return ~told if term.excluded else told

        held = in_any(places)
        found = self.exclude(held) if term.excluded else self.filter(held)
        return found.led(
            lambda: first.union(*others, all=True),
            term=term,
            apart=apart,
            is_negated=term.excluded,
        )

    def leading(self) -> Iterator[Lead]:
        """Whatever of the conditions may lead."""
        for child in self.query.where.children:
            known = next((lead for lead in self.leads if lead.condition == child), None)
            if known is not None:
                if not known.is_negated:
                    yield known
            elif isinstance(child, In | Exact) and self._is_own(child.lhs):
                column, value = child.lhs.target, child.rhs
                is_list = isinstance(value, list | tuple | set)
                if column.name in IN_ORDER:
                    single = isinstance(child, Exact) or (is_list and len(value) == 1)
                    yield Lead(child, self._alone(child), column.name, is_single=single)
                elif isinstance(child, In) and column.primary_key and isinstance(value, Query):
                    yield Lead(child, partial(_rows_of, value))
                elif isinstance(child, In):
                    yield Lead(child, self._alone(child))

    def _is_own(self, column: Any) -> bool:
        return getattr(column, "alias", None) == self.query.get_initial_alias()

    def _alone(self, condition: Any) -> Callable[[], QuerySet[Any]]:
        def keys() -> QuerySet[Any]:
            rows = self.model._base_manager.values("pk")
            rows.query.where.add(condition, AND)
            return rows

        return keys

    def without(self, lead: Lead) -> Self:
        """The same, but for this condition."""
        rows = self._chain()
        children = rows.query.where.children
        rows.query.where.children = [one for one in children if one != lead.condition]
        return rows

    def asked_apart(self, leading: Lead | None) -> Self:
        """With whatever does not lead asked of one event after the other."""
        rows = self._chain()
        for lead in self.leads:
            if lead.apart and lead is not leading:
                rows = rows.without(lead).filter(lead.apart())
        each_asked_apart(rows.query, [leading.condition] if leading else ())
        return rows


def under(relation: str, fits: Q) -> Q:
    """The condition, of the rows behind ``relation``."""
    children: list[Any] = []
    for child in fits.children:
        if isinstance(child, Q):
            children.append(under(relation, child))
        else:
            name, value = cast("tuple[str, Any]", child)
            children.append((f"{relation}__{name}", value))
    return Q.create(children, connector=fits.connector, negated=fits.negated)


def _rows_of(inner: Query) -> QuerySet[Any]:
    """The rows of a query that stood within another."""
    rows = inner.clone()
    rows.subquery = False
    return QuerySet(rows.model, query=rows)
