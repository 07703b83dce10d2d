"""Terms and tags: known to the public when curated, or when something public uses them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from timeline.querysets.visibility import Viewer

USES = {"events": "kind", "participations": "role", "relations": "type", "affiliations": "type"}


class _InUse(models.QuerySet):
    def _used(self, relation: str, pointer: str, viewer: Viewer) -> Exists:
        users = self.model._meta.get_field(relation).related_model._default_manager
        return Exists(users.visible_to(viewer).filter(**{pointer: OuterRef("pk")}))


class TermQuerySet(_InUse):
    """Words of the vocabularies."""

    def get_by_natural_key(self, vocabulary: str, code: str) -> models.Model:
        return self.get(vocabulary=vocabulary, code=code)

    def curated(self) -> Self:
        return self.filter(curated=True)

    def uncurated(self) -> Self:
        return self.filter(curated=False)

    def visible_to(self, viewer: Viewer) -> Self:
        if viewer.unpublished:
            return self
        shown = Q(curated=True)
        for relation, pointer in USES.items():
            shown |= Q(self._used(relation, pointer, viewer))
        return self.filter(shown)


class TagQuerySet(_InUse):
    """Key words."""

    def get_by_natural_key(self, slug: str) -> models.Model:
        return self.get(slug=slug)

    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.unpublished else self.filter(self._used("events", "tags", viewer))
