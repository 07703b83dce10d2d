"""The rows of a page of events in date order, found by an index that has them in this order.

Left to themselves, databases look up all that a condition finds and sort it, or walk through all
events until enough of them fit. So it is decided here what leads: a condition that few events fit,
a condition whose index is in date order (of who took part, a tag, a kind), a window (asked span by
span, each a stretch of an index), or, when whatever is asked for is frequent, the order itself.
What is found is what the plain queryset finds; a test holds it to that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from math import isqrt, prod
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.lookups import Exact
from django.db.models.query import NamedValuesListIterable
from django.db.models.sql.where import AND, WhereNode

from timeline.db.dates import UNDATED, Span
from timeline.db.json_text import IsOneOf, written_keys
from timeline.db.past import is_past
from timeline.db.planning import led_by
from timeline.db.search import frequency
from timeline.db.statements import Given, Slot, Statement
from timeline.db.words import Term
from timeline.querysets import leads
from timeline.querysets.dates import Edges, hull_condition
from timeline.querysets.keysets import Order, beyond, level_by_level, page, spelled
from timeline.querysets.leads import Lead, LedQuerySet, under
from timeline.querysets.spans import FIRST, LAST, SPAN, spans
from timeline.temporal import POSITIVE_INFINITY

KEYS = Slot("keys", TextField())
# For so many seconds, and for so many questions, it is known what leads: how many events fit a
# condition changes slowly, and any lead finds the same.
SECONDS, MOST = 300, 1_000


class Key(NamedTuple):
    """Where an event stands in the order, as the database has it: SQLite's flags are numbers."""

    pk: int
    undated: bool | int
    sort_key: int
    end_max: int
    sequence: int
    uuid: UUID | str


class PagedQuerySet(LedQuerySet):
    """Events, found page by page."""

    def page(self, order: Order, after: Any, number: int) -> list[Any]:
        """The first ``number`` rows in ``order``, or those that come after the values ``after``."""
        if order[0][0] != "undated" or not Pages.know(self):
            return page(self, order, after, number)
        found = Pages(self, order).page(after, number)
        if issubclass(self._iterable_class, NamedValuesListIterable):
            return list(found)
        rows = self._chain()
        rows.query.where = WhereNode()
        known = {row.pk: row for row in rows.filter(pk__in=[key.pk for key in found])}
        # What has been deleted meanwhile is not told of.
        return [known[key.pk] for key in found if key.pk in known]

    def is_led_by_few(self) -> bool:
        """Whether so few events fit that they may be sorted by anything."""
        pages = Pages(self, (("undated", False), ("sort_key", False)))
        return any(
            lead.is_few or pages.number_of(lead, leads.FEW, {}) < leads.FEW for lead in pages.leads
        )


class Pages:
    """The pages of a list in date order; what is composed for one of them is kept for all.

    The list may have slots for values, which are then given with each page.
    """

    def __init__(self, events: PagedQuerySet, order: Order) -> None:
        (_, self.undated_first), *by_key = order
        self.order: Order = tuple(by_key)
        self.down = by_key[0][1]
        self.events = events.order_by().values_list(*Key._fields)
        self.leads = list(self.events.leading())
        # The row that a page comes after.
        columns = (events.model._meta.get_field(name) for name, _ in by_key)
        self.start = tuple(Slot(f"after.{column.name}", column) for column in columns)
        self._kept: dict[Hashable, Statement] = {}
        self._led: dict[Hashable, Lead | None] = {}

    @staticmethod
    def know(events: PagedQuerySet) -> bool:
        """Whether the pages of this list can be found so."""
        return events.query.where.connector == AND and not is_past(events.model._meta.db_table)

    def page(self, after: Any, number: int, given: Given | None = None) -> list[Key]:
        """The first ``number`` rows, or those that come after the values ``after``."""
        values = dict(given or {})
        lead = self._led_by(values)
        values |= {slot.name: one for slot, one in zip(self.start, (after or ())[1:], strict=False)}
        rows: list[Key] = []
        for undated, part in self._parts():
            starts = bool(after) and undated in (None, after[0])
            if after and not starts and undated == self.undated_first:
                continue
            stretch = _Stretch(self, undated, part, starts, number - len(rows), values)
            rows += stretch.found(lead)
            if len(rows) == number:
                break
        return rows

    def _parts(self) -> list[tuple[bool | None, dict[str, int]]]:
        """Ranges of keys in the order of the rows, since the undated have the highest."""
        if self.undated_first == self.down:
            return [(None, {})]
        dated = (False, {"sort_key__lte": POSITIVE_INFINITY})
        undated = (True, {"sort_key__gte": UNDATED})
        return [undated, dated] if self.undated_first else [dated, undated]

    def kept(self, name: Hashable, compose: Callable[[], QuerySet[Any]]) -> Statement:
        """The statement of this name, composed when it is wanted first."""
        if name not in self._kept:
            self._kept[name] = Statement.of(compose())
        return self._kept[name]

    # --- What leads ---

    def _led_by(self, given: Given) -> Lead | None:
        """What leads; for some minutes what was found to, as the next pages are asked for."""
        question = (int(time.monotonic() // SECONDS), *given.values())
        if question not in self._led:
            if len(self._led) >= MOST:
                self._led.clear()
            self._led[question] = self._leading(given)
        return self._led[question]

    def _leading(self, given: Given) -> Lead | None:
        """The condition that the fewest events fit, unless all are too many."""
        for lead in self.leads:
            if lead.is_few:
                return lead
        windows = self.events.windows
        ordered = next((lead for lead in self.leads if lead.is_ordered), None)
        if not self.leads or (len(self.leads) == 1 and ordered and not windows):
            return ordered
        fewest, number = None, leads.SOME
        met, known = self._met([lead.term for lead in self.leads if lead.term])
        # Of others it need not be known how many more they are.
        for lead in sorted(
            self.leads,
            key=lambda lead: (not lead.relation, not lead.is_ordered, known.get(lead.term, 0)),
        ):
            most = min(number, met // leads.DEARER if lead.term else lead.most)
            found = self.number_of(lead, most, given)
            if found < most:
                fewest, number = lead, found
        return fewest or (None if windows else ordered)

    def _met(self, words: list[Term]) -> tuple[int, dict[Term | None, int]]:
        """So many events are met on the way through an order until a page of them has these words.

        As if they had nothing to do with each other; and how frequent each is.
        """
        if not words:
            return 0, {}
        model, connection = self.events.model, connections[self.events.db]
        newest = self.kept("newest", lambda: model._base_manager.order_by("-pk").values_list("pk"))
        ((number,),) = newest.rows({}, connection, 1) or ((1,),)
        # Of a single word it is decided by this, and need not be known any further.
        most = leads.COUNTED if len(words) > 1 else isqrt(number * leads.PAGE // leads.DEARER) + 1
        known = {word: frequency(model, word, most) for word in words}
        return int(leads.PAGE * prod(number / (n or 1) for n in known.values())), dict(known)

    def number_of(self, lead: Lead, most: int, given: Given) -> int:
        """How many events fit, up to so many, and perhaps some several times."""
        connection = connections[self.events.db]
        if lead.term:
            number = frequency(self.events.model, lead.term, most)
            # An index of PostgreSQL finds all or nothing.
            if number == most or connection.vendor == "postgresql":
                return number
        keys = self.kept(("keys", lead), lambda: lead.keys().order_by())
        return keys.number(given, connection, most)


@dataclass
class _Stretch:
    """A stretch of the order: in which range of keys, from where, and how far."""

    pages: Pages
    undated: bool | None
    part: dict[str, int]
    starts: bool
    number: int
    given: dict[str, Any]

    def __post_init__(self) -> None:
        self.order, self.name = self.pages.order, (self.undated, self.starts)
        self.connection = connections[self.pages.events.db]
        self.start = self.pages.start if self.starts else ()
        # The range of keys, as it is composed and as it is.
        self.keys: dict[str, Any] = dict(self.part)
        self.range = dict(self.part)
        if self.start:
            bound = "sort_key__lte" if self.pages.down else "sort_key__gte"
            self.keys[bound], self.range[bound] = self.start[0], self.given[self.start[0].name]

    def found(self, lead: Lead | None) -> list[Key]:
        """The rows, as ``lead`` leads to them."""
        if lead is None:
            return self._by_spans() if self.pages.events.windows else self._rows(None, self._all)
        if lead.is_ordered:
            return self._rows(lead, self._through if lead.relation else self._along)
        if lead.is_few:
            return self._rows(lead, self._few)
        if lead.is_indexed:
            return self._gathered(lead)
        keys = self._keys(lead, "keys", lead.keys)
        return self._rows(lead, self._among, keys)

    def _rows(
        self, lead: Lead | None, compose: Callable[[Any], Any], keys: Any = None
    ) -> list[Key]:
        statement = self.pages.kept((compose.__name__, lead, self.name), partial(compose, lead))
        given = self.given if keys is None else {**self.given, KEYS.name: keys}
        found = statement.rows(given, self.connection, self.number)
        return [Key(*row[: len(Key._fields)]) for row in found]

    def _asked(self, lead: Lead | None) -> Any:
        """The events of this stretch, with whatever does not lead asked of each."""
        rows = self.pages.events.asked_apart(lead).filter(**self.part)
        return rows.filter(beyond(self.order, self.start)) if self.start else rows

    def _in_order(self, rows: Any, told: str = "", key: str = "sort_key") -> Any:
        """The rows in order, by the index that SQLite is told."""
        (_, down), *others = self.order
        return led_by(rows.order_by(*spelled(((key, down), *others))), told)

    def _all(self, lead: None) -> Any:
        # Lest SQLite go by an index of what is frequent, and sort what it finds.
        told = "INDEXED BY event_by_date" if self.pages.leads else ""
        return self._in_order(self._asked(lead), told)

    def _few(self, lead: Lead) -> Any:
        return self._in_order(self._asked(lead), "NOT INDEXED")

    def _along(self, lead: Lead) -> Any:
        """By a column of the events with an index in their order."""
        rows = self._asked(lead).filter(*self._near())
        return self._in_order(rows, f"INDEXED BY event_by_{lead.column}")

    def _through(self, lead: Lead) -> Any:
        """By rows behind a relation, which an index has in the order of their events."""
        keys = {f"{lead.relation}__{name}": value for name, value in self.keys.items()}
        # Of who took part the windows are asked by themselves already.
        near = [one for one in self._near(lead.relation) if one not in lead.joined.children]
        joined = Q(lead.joined, *near, *self._repeated(lead.relation), **keys)
        rows = self._asked(lead).without(lead).filter(joined).distinct()
        return self._in_order(rows, "NOT INDEXED", f"{lead.relation}__sort_key")

    def _repeated(self, relation: str) -> list[Q]:
        """What is asked of events, of what the rows behind ``relation`` repeat of them."""
        rows = self.pages.events.model._meta.get_field(relation).related_model
        repeated = {field.name: f"{relation}__{field.name}" for field in rows._meta.fields}
        return [
            Q((f"{repeated[name]}__{lead.condition.lookup_name}", lead.condition.rhs))
            for lead in self.pages.leads
            if (name := f"event_{lead.column}") in repeated
        ]

    def _among(self, lead: Lead) -> Any:
        """Those of the keys that are given."""
        rows = self._asked(lead).without(lead).filter(IsOneOf(F("pk"), KEYS))
        return self._in_order(rows, "NOT INDEXED")

    def _near(self, path: str = "") -> list[Q]:
        """What holds in the indexes of all that is in the windows."""
        near = [hull_condition(*one) for one in self.pages.events.windows]
        return [under(path, one) for one in near] if path else near

    def _keys(self, lead: Lead, name: str, compose: Callable[[], Any], **given: Any) -> str:
        """The keys that a statement finds, as they are given to another."""
        statement = self.pages.kept((name, lead, self.name), compose)
        found = statement.rows({**self.given, **given}, self.connection)
        return written_keys({row[0] for row in found}, self.connection.vendor)

    def _gathered(self, lead: Lead) -> list[Key]:
        """By stretches of an index, as long as it takes, each looked up and sorted."""

        def entries() -> Any:
            return lead.keys().filter(*self._near(), **self.keys)

        def in_order() -> Any:
            # By an expression, lest PostgreSQL walk through all events to have them in order.
            key = F("sort_key") + 0
            return entries().order_by(key.desc() if down else key.asc()).values("sort_key")

        def near() -> Any:
            return entries().filter(**{f"sort_key__{'gte' if down else 'lte'}": LAST})

        down = self.pages.down
        lengths = self.pages.kept(("in order", lead, self.name), in_order)
        for length in (4 * self.number, 40 * self.number):
            last = lengths.rows(self.given, self.connection, 1, skipped=length)
            if not last:
                break
            keys = self._keys(lead, "near", near, **{LAST.name: last[0][0]})
            rows = self._rows(lead, self._among, keys)
            if len(rows) == self.number:
                return rows
        return self._rows(lead, self._among, self._keys(lead, "entries", entries))

    def _by_spans(self) -> list[Key]:
        """Span by span, merged in order: one statement with an arm for each."""
        windows = [
            (relation, Edges(*(self._known(edge) for edge in (window.start_min, window.end_max))))
            for relation, window in self.pages.events.windows
        ]
        asked = [
            {**self.given, SPAN.name: span, FIRST.name: first, LAST.name: last}
            for span, first, last in spans(windows, self.range)
        ]
        arm = self.pages.kept(("arm", self.name), self._arm)
        # The columns of a key but the first two, by their places.
        order = [f"{at} DESC" if down else f"{at}" for at, (_, down) in enumerate(self.order, 3)]
        found = arm.merged(asked, self.connection, order, self.number)
        return [Key(*row) for row in found]

    def _known(self, value: Any) -> Any:
        return self.given[value.name] if isinstance(value, Slot) else value

    def _arm(self) -> Any:
        """One span, from a first to a last key."""
        rows = self.pages.events.asked_apart(None).filter(
            Exact(Span(), SPAN), *self._near(), sort_key__gte=FIRST, sort_key__lte=LAST
        )
        if self.start:
            # Without the bound of the key, which the span has: SQLite would go by either.
            rows = rows.filter(level_by_level(self.order, self.start).children[-1])
        rows = led_by(rows, "INDEXED BY event_by_span")
        is_held_back = self.connection.vendor == "postgresql"
        return rows.order_by(*spelled(self.order)) if is_held_back else rows
