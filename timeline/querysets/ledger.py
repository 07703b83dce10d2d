"""The questions asked of the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery


class ChangeQuerySet(models.QuerySet):
    """Entries of the ledger."""

    def versions(self) -> Self:
        """Those that made a version, and not what changes to others made of one."""
        return self.filter(turn=0)

    def known_to_the_public(self) -> Self:
        """Those by which the public came to know something, or may no longer know it."""
        return self.filter(Q(was_public=True) | Q(is_public=True))

    def seen_by_the_public(self) -> Self:
        """The versions that the public could see, then or when others came out."""
        same = self.model._default_manager.filter(
            record_type=OuterRef("record_type"),
            record_uuid=OuterRef("record_uuid"),
            version=OuterRef("version"),
            is_public=True,
        )
        return self.versions().filter(Exists(same))

    def after(self, cursor: str) -> Self:
        """Those behind the entry whose hash is ``cursor``."""
        place = self.model._default_manager.filter(hash=cursor).values("id")
        return self.filter(id__gt=Subquery(place))

    def made_since(self, instant: datetime) -> Self:
        return self.filter(at__gte=instant)
