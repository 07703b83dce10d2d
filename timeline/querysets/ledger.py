"""The questions asked of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

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


class RedirectQuerySet(models.QuerySet):
    """The ids of merged records."""

    def survivors(self, uuids: Iterable[UUID]) -> dict[UUID, UUID]:
        """Where each of those that were merged has come to, by however many merges."""
        led = {uuid: [uuid] for uuid in uuids}
        while True:
            ends = {ways[-1] for ways in led.values()}
            moves = dict(self.filter(old_uuid__in=ends).values_list("old_uuid", "new_uuid"))
            # Who is led in a circle comes nowhere.
            led = {
                uuid: [*ways, moves[ways[-1]]] if ways[-1] in moves else ways
                for uuid, ways in led.items()
                if moves.get(ways[-1]) not in ways
            }
            if not moves:
                return {uuid: ways[-1] for uuid, ways in led.items() if len(ways) > 1}

    def survivor(self, uuid: UUID) -> UUID:
        """Where this one has come to; itself, if it was never merged."""
        return self.survivors([uuid]).get(uuid, uuid)
