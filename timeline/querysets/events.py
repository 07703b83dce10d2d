"""The questions asked of events; one method a query parameter."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import ACos, Cos, Greatest, Least, Radians, Sin

from timeline.db.extra import HasMember
from timeline.db.past import has_past
from timeline.db.planning import Each
from timeline.db.search import Holds
from timeline.db.traits import UNCITED, UNCITED_IN_PUBLIC, names_of_member
from timeline.db.words import Term
from timeline.querysets.dates import LOOKUPS, hull_condition
from timeline.querysets.reports import ReportedQuerySet
from timeline.querysets.search import in_any
from timeline.temporal import RULES, Edtf, Match, Relation

EARTH_KM = 6371.0088  # the mean radius of the Earth


def _instant(seconds: int) -> datetime:
    """A bound as an instant; what lies beyond the calendar of ``datetime`` at its edge."""
    first, last = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
    # A bound is the last whole second of its day, and that second lasts until the next.
    return first + timedelta(
        seconds=min(max(seconds, int(first.timestamp())), int(last.timestamp()))
        - int(first.timestamp())
    )


class EventQuerySet(ReportedQuerySet):
    """Events, asked in the words of the query parameters."""

    follows = ("kind", "place")

    def chronological(self) -> Self:
        return self.order_by("undated", "sort_key", "end_max", "sequence", "uuid")

    def told_with(self, full: Container[str]) -> dict[str, list[Prefetch | str]]:
        took_part = (
            self.behind("participations").select_related("actor", "role").order_by("position")
        )
        citations = self.behind("citations").select_related("source").order_by("id")
        if "citations.source" not in full:
            # Up to 200,000 characters that nobody is shown.
            citations = citations.defer("source__text", "source__search_text", "search_text")
        claims = self.behind("claims").told_about().order_by("sort_key", "uuid")
        outward = self.behind("relations_out").select_related("type", "object").order_by("uuid")
        inward = self.behind("relations_in").select_related("type", "subject").order_by("uuid")
        return {
            "participations": [self.seen("participations", took_part)],
            "citations": [self.seen("citations", citations)],
            "claims": [self.seen("claims", claims)],
            "relations": [self.seen("relations_out", outward), self.seen("relations_in", inward)],
            "tags": ["tags"],
        }

    def involving(
        self,
        actors: Iterable[UUID] = (),
        roles: Iterable[str] = (),
        kinds: Iterable[str] = (),
        windows: Iterable[tuple[Relation, Edtf]] = (),
    ) -> Self:
        """Where one of ``actors`` has one of ``roles``, and is of one of ``kinds``; empty is any.

        ``windows`` are what else is asked of the events, so that others need not be looked at.
        """
        fits = [hull_condition(relation, window) for relation, window in windows]
        if actors:
            known = self._of_another("participations", "actor").filter(uuid__in=list(actors))
            fits.append(self.any_of("actor", known, actors))
        if roles:
            words = self._words("participations", "role").filter(code__in=list(roles))
            fits.append(self.any_of("role", words, roles))
        of_kind = {"actor__kind__in": list(kinds)} if kinds else {}
        return self.having("participations", *fits, **of_kind)

    def involving_all(self, actors: Iterable[UUID], roles: Iterable[str] = ()) -> Self:
        """Where each of ``actors`` took part, in one of ``roles``; empty is any."""
        events = self
        for actor in actors:
            events = events.involving([actor], roles)
        return events

    def at(self, places: Iterable[UUID]) -> Self:
        """At one of ``places``, or at a place within one of them."""
        known = self.of("place")
        reached: set[int] = set()
        frontier = set(known.filter(uuid__in=list(places)).values_list("id", flat=True))
        while frontier:
            reached |= frontier
            frontier = set(known.filter(parent__in=frontier).values_list("id", flat=True)) - reached
        return self.filter(place__in=reached)

    def in_countries(self, codes: Iterable[str]) -> Self:
        here = self.of("place").filter(country__in=[code.upper() for code in codes])
        return self.filter(place__in=here.values("id"))

    def within_box(self, west: float, south: float, east: float, north: float) -> Self:
        """At a point in this box of degrees, which may cross the 180th meridian."""
        places = self.of("place").filter(latitude__gte=south, latitude__lte=north)
        if west <= east:
            places = places.filter(longitude__gte=west, longitude__lte=east)
        else:
            places = places.filter(Q(longitude__gte=west) | Q(longitude__lte=east))
        return self.filter(place__in=places.values("pk"))

    def near(self, latitude: float, longitude: float, km: float) -> Self:
        """At a point no farther than ``km`` kilometres along the great circle."""
        here, there = Radians(Value(latitude)), Radians(F("latitude"))
        cosine = Sin(here) * Sin(there) + Cos(here) * Cos(there) * Cos(
            Radians(F("longitude")) - Radians(Value(longitude))
        )
        # Rounding may carry the cosine of no distance beyond one.
        angle = ACos(Greatest(Least(cosine, Value(1.0)), Value(-1.0)))
        places = self.of("place").filter(latitude__isnull=False)
        near = places.annotate(angle=angle).filter(angle__lte=km / EARTH_KM)
        return self.filter(place__in=near.values("pk"))

    def with_extra(self, key: str, values: list[str]) -> Self:
        """Whose ``extra`` has the member ``key`` with one of ``values``."""
        names = names_of_member(key, values)
        fits = Q(name=names[0]) if len(names) == 1 else Q(name__in=names)
        found = self if has_past() else self.having("traits", fits)
        return found.filter(HasMember("extra", key, values))

    def tagged_all(self, slugs: Iterable[str]) -> Self:
        events = self
        for slug in slugs:
            events = events.tagged([slug])
        return events

    def tagged(self, slugs: Iterable[str]) -> Self:
        tags, slugs = self.model._meta.get_field("tags").related_model, list(slugs)
        known = tags._default_manager.filter(slug__in=slugs)
        return self.having("tagging", self.any_of("tag", known, slugs))

    def of_kinds(self, codes: Iterable[str]) -> Self:
        """Of one of these kinds."""
        codes = list(codes)
        return self.filter(self.any_of("kind", self._words("kind").filter(code__in=codes), codes))

    def on_timelines(self, slugs: Iterable[str]) -> Self:
        """Entered on one of these timelines. (A saved filter is applied by who knows filters.)"""
        return self.having("timeline_entries", timeline__slug__in=list(slugs))

    def cited_from(self, sources: Iterable[UUID]) -> Self:
        known = self._of_another("citations", "source").filter(uuid__in=list(sources))
        return self.having("citations", self.any_of("source", known, sources))

    def recorded(self, relation: Relation, window: Edtf, match: Match = "possible") -> Self:
        """Those recorded here in ``relation`` to ``window``; the public knows of publication."""
        column = "created_at" if self.viewer.unpublished else "published_at"
        conditions = Q()
        for rule in RULES[relation, match]:
            seconds = window.start_min if rule.side == "a" else window.end_max
            instant = _instant(seconds)
            conditions &= Q(**{f"{column}__{LOOKUPS[rule.comparison]}": instant})
        return self.filter(conditions)

    def cited_from_publishers(self, publishers: Iterable[str]) -> Self:
        return self.having("citations", source__publisher__in=list(publishers))

    def cited(self) -> Self:
        return self.having("citations")

    def uncited(self) -> Self:
        if has_past():
            return self.exclude(pk__in=self.cited().values("pk"))
        lacks = UNCITED if self.viewer.unpublished else UNCITED_IN_PUBLIC
        return self.having("traits", Q(name=lacks))

    def related_to(self, events: Iterable[UUID]) -> Self:
        """At the other end of a relation with one of ``events``."""
        ends = self.of("relations_out")
        known = list(events)
        seen = self.model._default_manager.visible_to(self.viewer).filter(uuid__in=known)
        outward = ends.filter(subject__in=seen.values("pk")).values("object")
        inward = ends.filter(object__in=seen.values("pk")).values("subject")
        return self.filter(pk__in=outward.union(inward))

    def contested(self) -> Self:
        """Disputed by the editors, by a passage, or by claims about it that contradict another."""
        claims = self.of("claims")
        rivals = claims.filter(
            Q(pk__in=claims.contradicted().values("pk")) | Q(status__in=["disputed", "refuted"])
        )
        passages = self.behind("citations").filter(bearing="disputes")
        assessed = self.model._default_manager.filter(assessment__in=["disputed", "refuted"])
        found = self.filter(
            Q(assessment__in=["disputed", "refuted"])
            | Q(Exists(rivals.filter(about=OuterRef("pk"))))
            | Q(Exists(passages.filter(event=OuterRef("pk"))))
        )
        return found.led(
            lambda: assessed.values("pk").union(
                rivals.filter(about__isnull=False).order_by().values("about"),
                passages.filter(event__isnull=False).order_by().values("event"),
                all=True,
            )
        )

    def uncontested(self) -> Self:
        return self.exclude(pk__in=self.contested().values("pk"))

    def begun_by(self, usernames: Iterable[str]) -> Self:
        """Recorded first by one of these people; which only staff may know."""
        if not self.viewer.unpublished:
            return self.none()
        people: Any = self.model._meta.get_field("created_by").related_model
        known = people._default_manager.filter(username__in=list(usernames))
        return self.filter(created_by__in=known.values("pk"))

    def in_states(self, states: Iterable[str]) -> Self:
        states = list(states)
        found = super().in_states(states)
        if "published" in states:
            return found
        # Of what is hidden there is an index.
        hidden = self.model._base_manager.filter(publication__in=states)
        return found.led(lambda: hidden.exclude(publication="published").values("pk"))

    def not_among(self, column: str, values: Iterable[str]) -> Self:
        """Those whose ``column`` has none of ``values``: in an index, what stands beside them."""
        values = list(values)
        every = self.model._base_manager.exclude(**{f"{column}__in": values}).values("pk")
        before = every.filter(**{f"{column}__lt": values[0]})
        after = every.filter(**{f"{column}__gt": values[0]})
        return super().not_among(column, values).led(lambda: before.union(after, all=True))

    def places(self, term: Term) -> list[QuerySet[Any]]:
        """In title, summary or quotes, or in the names of the actors and the place."""
        actors = self._of_another("participations", "actor")
        known = actors.filter(actors.holding(term))
        took_part = self.behind("participations").filter(actor__in=known.values("pk"))
        places = self.of("place")
        here = self.model._default_manager.filter(
            place__in=places.filter(places.holding(term)).values("pk")
        )
        return [
            *super().places(term),
            self._behind("citations", term),
            took_part.order_by().values("event"),
            here.order_by().values("pk"),
        ]

    def telling(self, term: Term) -> Q:
        """That one event holds ``term``, read in the texts themselves.

        Who has it in their name is looked up once: few do, and they are in many events.
        """
        mine = {"event": OuterRef("pk")}
        actors = self._of_another("participations", "actor")
        named = in_any(actors.places(term), "actor")
        took_part = self.behind("participations").filter(named, **mine)
        here = self.of("place").filter(Holds(term), pk=OuterRef("place"))
        quotes = self.behind("citations").filter(Holds(term), **mine)
        return (
            Q(Holds(term))
            | Q(Each(quotes.order_by()))
            | Q(Each(took_part.order_by()))
            | Q(Each(here.order_by()))
        )

    def _words(self, *path: str) -> Any:
        """The words of the vocabulary that the last of these pointers is for."""
        model = self.model
        for name in path:
            field = model._meta.get_field(name)
            model = field.related_model
        return model._base_manager.filter(**field.get_limit_choices_to())

    def _of_another(self, relation: str, pointer: str) -> Any:
        """The visible rows that those behind ``relation`` point to by ``pointer``."""
        model = self.model._meta.get_field(relation).related_model._meta.get_field(pointer)
        return model.related_model._default_manager.visible_to(self.viewer)
