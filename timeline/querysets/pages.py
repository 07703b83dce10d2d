"""The rows of a page of events in date order, found by an index that has them in this order.

Left to themselves, databases look up all that a condition finds and sort it, or walk through all
events until enough of them fit. So it is decided here what leads: a condition that few events fit,
a condition whose index is in date order (of who took part, a tag, a kind), a window (asked span by
span, each a stretch of an index), or, when whatever is asked for is frequent, the order itself.
What is found is what the plain queryset finds; a test holds it to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from math import isqrt, prod
from typing import Any, NamedTuple, Self, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import F, Q, QuerySet
from django.db.models.lookups import Exact, In
from django.db.models.query import NamedValuesListIterable
from django.db.models.sql import Query
from django.db.models.sql.where import AND, WhereNode

from timeline.db.dates import UNDATED, OfEvent, Span
from timeline.db.past import is_past
from timeline.db.planning import each_asked_apart, led_by
from timeline.db.search import frequency
from timeline.db.words import Term
from timeline.querysets.dates import hull_condition
from timeline.querysets.keysets import Order, beyond, page, spelled
from timeline.querysets.search import in_any
from timeline.querysets.spans import FIRST, LAST, SPAN, Slot, spans
from timeline.querysets.summaries import CountedQuerySet
from timeline.querysets.visibility import visible
from timeline.temporal import POSITIVE_INFINITY, Edtf, Match, Relation

# So many events are looked up and sorted; of more, enough are met on the way through an order.
FEW = 8_000
# With words it hangs on how many are met until so many have them. Counted are no more than this,
# and to look up one by its words takes as long as to meet several.
PAGE, COUNTED, DEARER = 50, 400_000, 2
# Through so many entries of an index, that need not be looked up, a page is sought.
SOME = 50_000
# Columns of an event with an index of their own, in date order.
IN_ORDER = ("kind", "place", "status", "assessment", "dataset")


class Key(NamedTuple):
    """Where an event stands in the order."""

    pk: int
    undated: bool
    sort_key: int
    end_max: int
    sequence: int
    uuid: UUID


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
    # So few fit that, when nothing else narrows it, all are looked at: better all at once.
    at_once: bool = False

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


class PagedQuerySet(CountedQuerySet):
    """Events, found page by page."""

    leads: tuple[Lead, ...] = ()
    windows: tuple[tuple[Relation, Edtf], ...] = ()

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
                "joined": shown & _under(relation, Q(*fits, **conditions)),
            }
            more["is_single"] = any(
                not name.endswith("__in") for fit in fits for name, _ in fit.children
            )
        return found.led(lambda: _rows_of(keys), **more)

    def related(
        self, relation: Relation, window: Edtf, match: Match = "possible", **trust: bool
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

    def page(self, order: Order, after: Any, number: int) -> list[Any]:
        """The first ``number`` rows in ``order``, or those that come after the values ``after``."""
        is_past_now = is_past(self.model._meta.db_table)
        if order[0][0] != "undated" or self.query.where.connector != AND or is_past_now:
            return page(self, order, after, number)
        (_, undated_first), *by_key = order
        leads = list(self._leads())
        lead = self._leading(leads)
        apart = [one for one in self.leads if one.apart and one is not lead]
        rows: list[Any] = []
        for undated, part in _parts(undated_first=undated_first, down=by_key[0][1]):
            start, keys = after and after[1:], part
            if after and undated not in (None, after[0]):
                if undated == undated_first:
                    continue
                start = None
            if start:
                name = "sort_key__lte" if by_key[0][1] else "sort_key__gte"
                keys = part | {name: start[0]}
            way = _Way(tuple(by_key), start, keys, number - len(rows))
            rows += self._found(lead, apart, way)
            if len(rows) == number:
                break
        return rows

    def _found(self, lead: Lead | None, apart: list[Lead], way: _Way) -> list[Any]:
        rows = self._asked_apart(lead, apart)
        if lead is None and self.windows:
            return rows._by_spans(way)
        rows = rows.filter(**way.keys)
        if way.start:
            rows = rows.filter(beyond(way.order, way.start))
        if lead is None:
            return way.rows(rows)
        if lead.is_ordered and lead.relation:
            return rows._through(lead, way)
        if lead.is_ordered:
            return way.rows(rows.filter(*self._near()), f"INDEXED BY event_by_{lead.column}")
        if lead.is_few:
            return way.rows(rows, "NOT INDEXED")
        if lead.is_indexed:
            return rows._gathered(lead, way)
        rows = rows._without(lead)
        return way.rows(rows.filter(pk__in=set(_values(lead.keys()))), "NOT INDEXED")

    def _near(self, path: str = "") -> list[Q]:
        """What holds in the indexes of all that is in the windows."""
        near = [hull_condition(*one) for one in self.windows]
        return [_under(path, one) for one in near] if path else near

    def _through(self, lead: Lead, way: _Way) -> list[Any]:
        """By rows behind a relation, which an index has in the order of their events."""
        keys = {f"{lead.relation}__{name}": value for name, value in way.keys.items()}
        joined = Q(lead.joined, *self._near(lead.relation), **keys)
        rows = self._without(lead).filter(joined).distinct()
        return way.rows(rows, "NOT INDEXED", f"{lead.relation}__sort_key")

    def _gathered(self, lead: Lead, way: _Way) -> list[Any]:
        """By stretches of an index, as long as it takes, each looked up and sorted."""
        entries = lead.keys().filter(*self._near(), **way.keys)
        (_, down), *_ = way.order
        # By an expression, lest PostgreSQL walk through all events to have them in order.
        key = F("sort_key") + 0
        in_order = entries.order_by(key.desc() if down else key.asc()).values("sort_key")
        for length in (4 * way.number, 40 * way.number):
            last = _values(in_order[length : length + 1])
            if not last:
                break
            near = entries.filter(**{"sort_key__gte" if down else "sort_key__lte": last[0]})
            rows = way.rows(self._without(lead).filter(pk__in=set(_values(near))), "NOT INDEXED")
            if len(rows) == way.number:
                return rows
        return way.rows(self._without(lead).filter(pk__in=set(_values(entries))), "NOT INDEXED")

    # --- What leads ---

    def _leading(self, leads: list[Lead]) -> Lead | None:
        """The condition that the fewest events fit, unless all are too many."""
        for lead in leads:
            if lead.is_few:
                return lead
        ordered = next((lead for lead in leads if lead.is_ordered), None)
        if not leads or (len(leads) == 1 and ordered and not self.windows):
            return ordered
        fewest, number = None, SOME
        met, known = self._met([lead for lead in leads if lead.term])
        # Of others it need not be known how many more they are.
        for lead in sorted(
            leads, key=lambda lead: (not lead.relation, not lead.is_ordered, known.get(lead, 0))
        ):
            most = min(number, met // DEARER if lead.term else lead.most)
            found = self._number(lead, most)
            if found < most:
                fewest, number = lead, found
        return fewest or (None if self.windows else ordered)

    def _met(self, words: list[Lead]) -> tuple[int, dict[Lead, int]]:
        """So many events are met on the way through an order until a page of them has these words.

        As if they had nothing to do with each other; and how frequent each is.
        """
        if not words:
            return 0, {}
        events = self.model._base_manager.order_by("-pk").values_list("pk", flat=True)
        number = events.first() or 1
        # Of a single word it is decided by this, and needs not be known any further.
        most = COUNTED if len(words) > 1 else isqrt(number * PAGE // DEARER) + 1
        known = {lead: frequency(self.model, lead.term, most) for lead in words if lead.term}
        met = PAGE * prod(number / (found or 1) for found in known.values())
        return int(met), known

    def _is_led_by_few(self) -> bool:
        """Whether so few events fit that they may be sorted by anything."""
        return any(lead.is_few or self._number(lead, FEW) < FEW for lead in self._leads())

    def _number(self, lead: Lead, most: int) -> int:
        """How many events fit, up to so many, and perhaps some several times."""
        rows = lead.keys()
        if lead.term:
            number = frequency(self.model, lead.term, most)
            # An index of PostgreSQL finds all or nothing.
            if number == most or connections[rows.db].vendor == "postgresql":
                return number
        return int(rows.order_by()[:most].count())

    def _leads(self) -> Iterator[Lead]:
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

    # --- How it leads ---

    def _without(self, lead: Lead) -> Self:
        rows = self._chain()
        children = rows.query.where.children
        rows.query.where.children = [one for one in children if one != lead.condition]
        return rows

    def _asked_apart(self, leading: Lead | None, apart: list[Lead]) -> Self:
        """With whatever does not lead asked of one event after the other."""
        rows = self._chain()
        for lead in apart:
            if lead.apart:
                rows = rows._without(lead).filter(lead.apart())
        whole = [lead.condition for lead in self.leads if lead.at_once and not self.windows]
        each_asked_apart(rows.query, [leading.condition] if leading else whole)
        return rows

    def _by_spans(self, way: _Way) -> list[Any]:
        """Span by span, merged in order: one statement with an arm for each."""
        given = [
            {SPAN: span, FIRST: first, LAST: last}
            for span, first, last in spans(self.windows, way.keys)
        ]
        arm = self.filter(
            Exact(Span(), SPAN), *self._near(), sort_key__gte=FIRST, sort_key__lte=LAST
        )
        if way.start:
            # Without the bound of the key, which the span has: SQLite would go by either.
            arm = arm.filter(beyond(way.order, way.start).children[-1])
        arm = led_by(arm.order_by().values_list(*Key._fields), "INDEXED BY event_by_span")
        connection = connections[self.db]
        if connection.vendor == "postgresql":
            # SQLite merges the arms as far as it needs them; here each has to be held back.
            arm = arm.order_by(*spelled(way.order))[: way.number]
        compiler = arm.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            given = []
        if not given:
            return []
        in_order = (f"{at} DESC" if down else f"{at}" for at, (_, down) in enumerate(way.order, 3))
        arms = [sql if connection.vendor == "sqlite" else f"({sql})"] * len(given)
        merged = f"{' UNION ALL '.join(arms)} ORDER BY {', '.join(in_order)} LIMIT %s"
        values = [one[p] if isinstance(p, Slot) else p for one in given for p in params]
        with connection.cursor() as cursor:
            cursor.execute(merged, [*values, way.number])
            found = [Key(*row) for row in compiler.results_iter([cursor.fetchall()])]
        if issubclass(self._iterable_class, NamedValuesListIterable):
            return list(found)
        rows = self._chain()
        rows.query.where = WhereNode()
        known = {row.pk: row for row in rows.filter(pk__in=[key.pk for key in found])}
        return [known[key.pk] for key in found]


@dataclass(frozen=True, slots=True)
class _Way:
    """Through what order, from where, in which range of keys, and how far."""

    order: Order
    start: Any
    keys: dict[str, int]
    number: int

    def rows(self, found: QuerySet[Any], told: str = "", key: str = "sort_key") -> list[Any]:
        """The rows, by the index that SQLite is told."""
        (_, down), *others = self.order
        found = found.order_by(*spelled(((key, down), *others)))
        return list(led_by(found[: self.number], told))


def _parts(*, undated_first: bool, down: bool) -> list[tuple[bool | None, dict[str, int]]]:
    """Ranges of keys in the order of the rows, since the undated have the highest."""
    if undated_first == down:
        return [(None, {})]
    dated = (False, {"sort_key__lte": POSITIVE_INFINITY})
    undated = (True, {"sort_key__gte": UNDATED})
    return [undated, dated] if undated_first else [dated, undated]


def _under(relation: str, fits: Q) -> Q:
    """The condition, of the rows behind ``relation``."""
    children: list[Any] = []
    for child in fits.children:
        if isinstance(child, Q):
            children.append(_under(relation, child))
        else:
            name, value = cast("tuple[str, Any]", child)
            children.append((f"{relation}__{name}", value))
    return Q.create(children, connector=fits.connector, negated=fits.negated)


def _rows_of(inner: Query) -> QuerySet[Any]:
    """The rows of a query that stood within another."""
    rows = inner.clone()
    rows.subquery = False
    return QuerySet(rows.model, query=rows)


def _values(rows: QuerySet[Any]) -> list[Any]:
    """The first column."""
    return [row[0] for row in rows.query.get_compiler(rows.db).results_iter()]
