"""The questions asked of actors, sources, claims, relations and timelines."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from timeline.db.words import Term
from timeline.querysets.records import DatedRecordQuerySet, RecordQuerySet


class ActorQuerySet(RecordQuerySet):
    """Those who take part."""

    def told_with(self, full: Container[str]) -> dict[str, list[Prefetch | str]]:
        return {"names": [self.seen("names", self.behind("names").order_by("position"))]}

    def named(self, names: Iterable[str]) -> Self:
        """By their name or one of their further names."""
        further = self.behind("names").filter(actor=OuterRef("pk"), text__in=list(names))
        return self.filter(Q(name__in=list(names)) | Q(Exists(further)))

    def places(self, term: Term) -> list[QuerySet[Any]]:
        """In the name or a further name."""
        return [*super().places(term), self._behind("names", term)]

    def in_events(self, events: Iterable[UUID]) -> Self:
        return self.having("participations", event__uuid__in=list(events))


class SourceQuerySet(DatedRecordQuerySet):
    """Documents."""

    follows = ("derived_from",)

    def cited_by_events(self, events: Iterable[UUID]) -> Self:
        return self.having("citations", event__uuid__in=list(events))


class ClaimQuerySet(DatedRecordQuerySet):
    """Statements."""

    follows = ("speaker", "said_in", "about")

    def told_with(self, full: Container[str]) -> dict[str, list[Prefetch | str]]:
        links = self.behind("links").select_related("other__speaker").order_by("position")
        others = self.behind("linked_by").select_related("claim__speaker").order_by("claim__uuid")
        return {"links": [self.seen("links", links)], "linked_by": [self.seen("linked_by", others)]}

    def told_about(self) -> Self:
        """With what a claim is told with at the event it is about: others by their ids alone."""
        links = self.of("links").select_related("other").order_by("position")
        others = self.of("linked_by").select_related("claim").order_by("claim__uuid")
        return self.select_related("speaker", "said_in").prefetch_related(
            self.seen("links", links), self.seen("linked_by", others)
        )

    def against(self, claims: Iterable[UUID]) -> Self:
        """Those that contradict one of ``claims``, whichever of the two says so."""
        links = self.of("links").filter(type="contradicts")
        theirs = links.filter(claim=OuterRef("pk"), other__uuid__in=list(claims))
        ours = links.filter(other=OuterRef("pk"), claim__uuid__in=list(claims))
        return self.filter(Q(Exists(theirs)) | Q(Exists(ours)))

    def contradicted(self) -> Self:
        """Those that contradict another, or are contradicted by one."""
        links = self.of("links").filter(type="contradicts")
        return self.filter(
            Q(Exists(links.filter(claim=OuterRef("pk"))))
            | Q(Exists(links.filter(other=OuterRef("pk"))))
        )

    def uncontradicted(self) -> Self:
        return self.exclude(pk__in=self.contradicted().values("pk"))


class RelationQuerySet(RecordQuerySet):
    """How events stand to one another."""

    follows = ("subject", "type", "object")

    def with_events(self, events: Iterable[UUID]) -> Self:
        ends = self.of("subject").filter(uuid__in=list(events)).values("pk")
        return self.filter(Q(subject__in=ends) | Q(object__in=ends))


class TimelineQuerySet(RecordQuerySet):
    """Collections."""

    def told_with(self, full: Container[str]) -> dict[str, list[Prefetch | str]]:
        entries = self.behind("entries").select_related("event").order_by("position")
        return {"entries": [self.seen("entries", entries)]}

    def showing(self, events: Iterable[UUID]) -> Self:
        return self.having("entries", event__uuid__in=list(events))


class PlaceQuerySet(RecordQuerySet):
    """Places."""

    follows = ("parent",)


class AffiliationQuerySet(DatedRecordQuerySet):
    """Who belongs to whom."""

    follows = ("actor", "organisation", "type")


class FigureQuerySet(DatedRecordQuerySet):
    """Numbers that somebody gave."""

    follows = ("place", "speaker")


class CitationQuerySet(RecordQuerySet):
    """Passages."""

    follows = ("source", "event", "participation", "claim", "relation", "affiliation", "figure")
