"""What may be asked of any record."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Prefetch, Q, QuerySet, Subquery

from timeline.db.dates import UNDATED
from timeline.querysets.dates import DatedQuerySet
from timeline.querysets.search import SearchedQuerySet
from timeline.querysets.visibility import EDITOR, Viewer, visible


class _Everything:
    def __contains__(self, name: object) -> bool:
        return True


EVERYTHING = _Everything()


class VisibleQuerySet(models.QuerySet):
    """Rows of which a reader may know.

    The reader stays with the query, so that what is filtered by (an actor, a source) is seen
    with the same eyes as what is listed. Our own code reads as an editor unless it says otherwise.
    """

    viewer: Viewer = EDITOR

    def _clone(self) -> Self:
        clone = super()._clone()
        clone.viewer = self.viewer
        return clone

    def visible_to(self, viewer: Viewer) -> Self:
        seen = self.filter(visible(self.model._meta.model_name, viewer))
        seen.viewer = viewer
        return seen

    def get_by_natural_key(self, uuid: str) -> models.Model:
        return self.get(uuid=uuid)

    def of(self, relation: str) -> QuerySet[Any]:
        """The rows behind ``relation`` that this query's reader may see."""
        field = self.model._meta.get_field(relation)
        return field.related_model._default_manager.visible_to(self.viewer)

    def behind(self, relation: str) -> QuerySet[Any]:
        """The rows that point by ``relation`` to rows of this query, for which alone it is right.

        That the reader sees these is known, and not asked again for every row behind them.
        """
        field: Any = self.model._meta.get_field(relation)
        rows = field.related_model._default_manager.all()
        seen = rows.filter(
            visible(rows.model._meta.model_name, self.viewer, "", (field.field.name,))
        )
        seen.viewer = self.viewer
        return seen

    def having(self, relation: str, *fits: Q, **conditions: Any) -> Self:
        """Those with a row behind ``relation`` that the reader may see and that fits."""
        pointer = self.model._meta.get_field(relation).field.name
        fitting = self.behind(relation).filter(*fits, **conditions, **{f"{pointer}__isnull": False})
        # Not Exists: SQLite would ask it of every row in turn.
        return self.filter(pk__in=fitting.order_by().values(pointer))

    @staticmethod
    def any_of(pointer: str, rows: QuerySet[Any], values: Iterable[Any]) -> Q:
        """That ``pointer`` is one of ``rows``, which ``values`` were asked for.

        Of a single row an index gives what points to it in order.
        """
        keys = rows.order_by().values("pk")
        single = len(list(values)) == 1
        return Q(**{pointer: Subquery(keys[:1])}) if single else Q(**{f"{pointer}__in": keys})

    def pointing_at(self, relation: str, ids: Iterable[UUID]) -> Self:
        """Those whose ``relation`` is one of the records ``ids``, as far as the reader sees it."""
        pointed = self.of(relation).filter(uuid__in=list(ids))
        return self.filter(**{f"{relation}__in": pointed.values("pk")})

    def among(self, column: str, values: Iterable[str]) -> Self:
        """Those whose ``column`` has one of ``values``."""
        return self.filter(**{f"{column}__in": list(values)})

    def not_among(self, column: str, values: Iterable[str]) -> Self:
        """Those whose ``column`` has none of ``values``."""
        return self.exclude(**{f"{column}__in": list(values)})

    def seen(self, relation: str, queryset: QuerySet[Any] | None = None) -> Prefetch:
        """Prefetch ``relation``, as far as this query's reader may see it."""
        return Prefetch(relation, queryset if queryset is not None else self.of(relation))


class PartQuerySet(VisibleQuerySet):
    """Rows that belong to a record."""


class RecordQuerySet(SearchedQuerySet, VisibleQuerySet):
    """Records: found by public id, listed by state."""

    # What a row is always shown with.
    follows: tuple[str, ...] = ()

    def for_list(
        self, shown: Container[str] = EVERYTHING, full: Container[str] = frozenset()
    ) -> Self:
        """With whatever of ``shown`` a row is told with, as far as the reader may see it.

        ``full`` names the records within it that are told in full rather than in short.
        """
        followed = [name for name in ("created_by", *self.follows) if name in shown]
        rows = self.select_related(*followed) if followed else self
        return rows.prefetch_related(
            *(
                told
                for name, tellings in self.told_with(full).items()
                if name in shown
                for told in tellings
            )
        )

    def told_with(self, full: Container[str]) -> dict[str, list[Prefetch | str]]:
        """What has to be read for each member that is not of the row itself."""
        return {}

    def with_ids(self, ids: Iterable[UUID]) -> Self:
        return self.filter(uuid__in=list(ids))

    def in_states(self, states: Iterable[str]) -> Self:
        return self.filter(publication__in=list(states))

    def published(self) -> Self:
        return self.filter(publication="published")

    def updated_since(self, instant: Any) -> Self:
        return self.filter(updated_at__gte=instant)


class DatedRecordQuerySet(DatedQuerySet, RecordQuerySet):
    """Records with a date."""

    def without_date(self) -> Self:
        # The key says as much, and the indexes begin with it. As a range, for in these they are in
        # order: SQLite would look up a single key in any index, and sort what it finds.
        return self.filter(undated=True, sort_key__gte=UNDATED)

    def with_date(self) -> Self:
        return self.filter(undated=False)

    def chronological(self) -> Self:
        return self.order_by("undated", "sort_key", "end_max", "uuid")
