"""The questions asked of events; one method a query parameter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from timeline.db.search import Matches
from timeline.db.words import Term
from timeline.querysets.records import DatedRecordQuerySet


class EventQuerySet(DatedRecordQuerySet):
    """Events, asked in the words of the query parameters."""

    follows = ("kind", "place")

    def chronological(self) -> Self:
        return self.order_by("undated", "sort_key", "end_max", "sequence", "uuid")

    def for_list(self) -> Self:
        """With everything that an event is shown with, as far as the reader may see it."""
        citations = self.of("citations").select_related("source")
        claims = self.of("claims").select_related("speaker")
        return (
            super()
            .for_list()
            .prefetch_related(
                self.seen(
                    "participations",
                    self.of("participations").select_related("actor", "role").order_by("position"),
                ),
                self.seen("citations", citations.order_by("id")),
                self.seen("claims", claims.order_by("sort_key", "uuid")),
                self.seen(
                    "relations_out",
                    self.of("relations_out").select_related("type", "object").order_by("uuid"),
                ),
                self.seen(
                    "relations_in",
                    self.of("relations_in").select_related("type", "subject").order_by("uuid"),
                ),
                "tags",
            )
        )

    def involving(
        self, actors: Iterable[UUID] = (), roles: Iterable[str] = (), kinds: Iterable[str] = ()
    ) -> Self:
        """Where one of ``actors`` has one of ``roles``, and is of one of ``kinds``; empty is any."""
        asked = {"actor__uuid": actors, "role__code": roles, "actor__kind": kinds}
        return self.having(
            "participations", **{f"{name}__in": list(some) for name, some in asked.items() if some}
        )

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

    def tagged(self, slugs: Iterable[str]) -> Self:
        tagging = self.model.tags.through._base_manager
        mine = tagging.filter(event=OuterRef("pk"), tag__slug__in=list(slugs))
        return self.filter(Exists(mine))

    def on_timelines(self, slugs: Iterable[str]) -> Self:
        """Entered on one of these timelines. (A saved filter is applied by who knows filters.)"""
        return self.having("timeline_entries", timeline__slug__in=list(slugs))

    def cited_from(self, sources: Iterable[UUID]) -> Self:
        return self.having("citations", source__uuid__in=list(sources))

    def holding(self, term: Term) -> Q:
        """In title, summary or quotes, or in the names of the actors and the place."""
        names = self.of("participations").model._meta.get_field("actor").related_model
        further = names._meta.get_field("names").related_model._default_manager
        known = further.visible_to(self.viewer).filter(Matches(further.model, [term]))
        also = self.of("participations").filter(
            event=OuterRef("pk"), actor__in=known.values("actor")
        )
        place = self.of("place")
        return (
            super().holding(term)
            | Q(self._behind("citations", term))
            | Q(self._behind("participations", term, "actor__"))
            | Q(Exists(also))
            | Q(place__in=place.filter(place.holding(term)).values("pk"))
        )
