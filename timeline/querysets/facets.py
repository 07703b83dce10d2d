"""Events counted by what they have in common.

What is counted are keys; the words for them are looked up for the few that are told. Over everything
that a reader may see, all events are counted and the hidden ones taken off again: both are read from
indexes alone, while of each event to ask whether it is public would be to fetch it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from heapq import nlargest
from operator import itemgetter
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import Count

from timeline.db.counting import different_by, number_by
from timeline.db.past import has_past
from timeline.db.planning import Among, led_by
from timeline.db.tallies import tallied
from timeline.querysets.records import DatedRecordQuerySet
from timeline.querysets.visibility import PUBLIC, visible

Counts = Counter[Any]
# Small columns of the event itself, counted together from one index.
OWN = ("status", "assessment", "kind")
# What stands in the indexes of who took part before the event, so that the same event comes together.
IN_ORDER = ("sort_key", "end_max", "start_min")
# What else it is that is counted, where it is not what is told.
OF = {"country": "place"}
# Where the words for keys are, and which they are.
WORDS = {
    "kind": ("kind", "code", "label"),
    "tag": ("tags", "slug", "label"),
    "actor": ("participations__actor", "uuid", "name"),
    "role": ("participations__role", "code", "label"),
    "source": ("citations__source", "uuid", "title"),
    "place": ("place", "uuid", "name"),
}
# Of which there may be very many.
MANY = ("actor", "source", "publisher", "tag")
# So many keys are looked up at once.
LOOKED_UP = 500


class Facet(NamedTuple):
    """How many events have one value of something."""

    value: str
    label: str
    count: int


class FacetedQuerySet(DatedRecordQuerySet):
    """Events, counted by what they share as the list would count them."""

    def counted_by(
        self,
        what: str,
        *,
        actors: Iterable[Any] = (),
        everybody: Iterable[Any] = (),
        roles: Any = (),
        kinds: Any = (),
        most: int | None = None,
    ) -> list[Facet]:
        """How many events have each value of ``what``, most first, ``most`` of them.

        ``actors``, ``everybody``, ``roles`` and ``kinds`` are what the list is filtered by: a role
        is counted for any of these actors, or for all of ``everybody``; an actor in these roles.
        """
        events = self.order_by()
        found: list[Facet] = []
        if not (actors or everybody or roles or kinds) and events._is_tallied():
            # The first few, of which the reader may see enough; else all.
            for enough in (2 * most, None) if most and what in MANY else (None,):
                found = self._in_words(what, _tallied(OF.get(what, what), enough), most)
                if most and len(found) >= most:
                    break
        else:
            asked = {"actors": actors, "roles": roles, "kinds": kinds}
            found = self._in_words(what, events._counts(what, **asked), most)
            if everybody and what == "role":
                found = self._in_one_role(events, found, actors, everybody, kinds)
        return sorted(found, key=lambda facet: (-facet.count, facet.label, facet.value))[:most]

    # --- Keys ---

    def _is_tallied(self) -> bool:
        """Whether these are the events that tallies are kept of."""
        return self.viewer == PUBLIC and self._is_everything() and not has_past()

    def _counts(self, what: str, actors: Any, roles: Any, kinds: Any) -> Counts:
        """By the value, or its key."""
        match what:
            case "status" | "assessment" | "kind" | "place" | "country":
                return self._own(OF.get(what, what))
            case "tag":
                through = self.model.tags.through._base_manager.all()
                return self._of_parts(through, "tag", once=True)
            case "actor":
                asked = {"role__code": roles, "actor__kind": kinds}
                return self._of_parts(self._took_part(asked), "actor", *IN_ORDER)
            case "role":
                asked = {"actor__uuid": actors, "actor__kind": kinds}
                return self._of_parts(self._took_part(asked, seen=True), "role", *IN_ORDER)
            case "source":
                return self._of_parts(self._cited(), "source")
            case "publisher":
                cited = self._cited(known=("event",)).exclude(source__publisher="")
                return self._of_parts(cited, "source__publisher")
        raise ValueError(what)

    def _own(self, column: str) -> Counts:
        """By a column of the event."""
        everything = self._is_everything()
        if everything and column not in OWN:
            return number_by(self.model._base_manager.all(), column) - number_by(
                self._hidden(), column
            )
        columns = OWN if everything else (column,)
        counts: Counts = Counter()
        rows: Any = self
        if not everything:
            # Found first, by whatever leads to them: SQLite would go by the column's own index.
            rows = self.model._base_manager.filter(pk__in=self.values("pk"))
            rows = led_by(rows, "NOT INDEXED")
        for *values, number in rows.values_list(*columns).annotate(n=Count("pk")):
            value = values[columns.index(column)]
            if value is not None:
                counts[value] += number
        return counts

    def _of_parts(self, rows: Any, *columns: str, once: bool = False) -> Counts:
        """By the first of ``columns`` of rows that belong to the events; an event counts once.

        ``once`` says that no event has two rows of the same value anyway.
        """
        rows = rows.filter(event__isnull=False)
        count = number_by if once else different_by
        # Of some events the rows are looked up, and in no order.
        of_some = columns[:1] if once else (columns[0], "event")
        if not self._is_everything():
            return count(rows.filter(Among("event", self.values("pk"))), *of_some)
        hidden = self._hidden()
        of_all = columns if once else (*columns, "event")
        return count(rows, *of_all) - count(rows.filter(event__in=hidden.values("pk")), *of_some)

    def _hidden(self) -> Any:
        """The events that the reader may not see."""
        name = str(self.model._meta.model_name)
        shown, every = visible(name, self.viewer), self.model._base_manager.all()
        return every.exclude(shown) if shown else every.none()

    def _is_everything(self) -> bool:
        """Whether nothing is asked of the events but that the reader may see them."""
        everything = self.model._default_manager.visible_to(self.viewer)
        try:
            mine, whole = (rows.values("pk").query.sql_with_params() for rows in (self, everything))
        except EmptyResultSet:
            return False
        return bool(mine == whole)

    def _took_part(self, asked: dict[str, Any], *, seen: bool = False) -> Any:
        """Participations that fit, of whichever events; ``seen``: of actors that the reader sees."""
        rows = self._all_of("participations")
        for name, values in asked.items():
            if values:
                rows = rows.filter(**{f"{name}__in": list(values)})
        shown = visible("actor", self.viewer)
        if seen and shown:
            hidden = self._all_of("participations__actor").exclude(shown)
            rows = rows.exclude(actor__in=hidden.values("pk"))
        return rows

    def _cited(self, known: tuple[str, ...] = ("event", "source")) -> Any:
        """Citations that the reader sees, of whichever events; as far as ``known`` does not say."""
        return self._all_of("citations").filter(visible("citation", self.viewer, "", known))

    def _all_of(self, path: str) -> Any:
        """All rows of the model at the end of ``path``."""
        model = self.model
        for name in path.split("__"):
            model = model._meta.get_field(name).related_model
        return model._default_manager.all()

    def _in_one_role(
        self, events: Any, roles: list[Facet], actors: Any, everybody: Any, kinds: Any
    ) -> list[Facet]:
        """The roles that all of ``everybody`` had in the same event."""
        counts = [
            events.involving_all(everybody, [role.value])
            .involving(actors, [role.value], kinds)
            .count()
            for role in roles
        ]
        return [role._replace(count=n) for role, n in zip(roles, counts, strict=True) if n]

    def _within(self, places: Counts) -> Counts:
        """By place: an event at a place is at every place that this lies within."""
        parents = dict(self.of("place").values_list("pk", "parent"))
        counts: Counts = Counter()
        for own, number in places.items():
            place, seen = own, set[int]()
            while place in parents and place not in seen:
                counts[place] += number
                seen.add(place)
                place = parents[place]
        return counts

    def _by_country(self, places: Counts) -> list[Facet]:
        counts: Counts = Counter()
        for place, country in self.of("place").exclude(country="").values_list("pk", "country"):
            counts[country] += places[place]
        return [Facet(code, code, number) for code, number in counts.items() if number]

    # --- Words ---

    def _in_words(self, what: str, counts: Counts, most: int | None) -> list[Facet]:
        match what:
            case "status" | "assessment":
                choices = dict(self.model._meta.get_field(what).choices)
                return [Facet(value, str(choices[value]), n) for value, n in counts.items()]
            case "publisher":
                return [Facet(value, value, n) for value, n in counts.items()]
            case "country":
                return self._by_country(counts)
            case "place":
                counts = self._within(counts)
        path, value, label = WORDS[what]
        return self._told(counts, path, value, label, None if what == "role" else most)

    def _told(
        self, counts: Counts, path: str, value: str, label: str, most: int | None
    ) -> list[Facet]:
        """These keys in words, as far as the reader may see them.

        The first ``most``, and those that are level with the last of them.
        """
        rows, found = self._all_of(path), []
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(self.viewer)
        best = sorted(counts.items(), key=itemgetter(1), reverse=True)
        first = 0
        while first < len(best) and (most is None or len(found) < most):
            last = min(first + LOOKED_UP, len(best))
            while last < len(best) and best[last][1] == best[last - 1][1]:
                last += 1
            for start in range(first, last, LOOKED_UP):
                some = dict(best[start : min(start + LOOKED_UP, last)])
                words = rows.filter(pk__in=list(some)).values_list("pk", value, label)
                found += [Facet(str(name), text, some[key]) for key, name, text in words]
            first = last
        return found


def _tallied(what: str, enough: int | None) -> Counts:
    """The tallies, of ``enough`` the first so many and those level with the last of them."""
    counts: Counts = Counter()
    for key, word, number in tallied(what, enough):
        counts[key or word] += number
    if enough is None or len(counts) <= enough:
        return counts
    # Below, there may be others that were not asked for.
    least = nlargest(enough, counts.values())[-1]
    return Counter({value: number for value, number in counts.items() if number >= least})
