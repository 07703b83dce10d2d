"""What was, from the ledger: every question answered as it would have been at an instant.

Only what has changed since is read from the ledger; it stands before the tables as they are
(:mod:`timeline.db.past`), so that every list, filter, count and export is asked as always. One
thing is not as it was: an identity that is protected now is protected at every instant.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max, Q

from timeline.db.past import frozen, keep_first, remember_keys, replace_rows
from timeline.models import (
    Action,
    Actor,
    Change,
    Citation,
    Event,
    EventDateMember,
    Operation,
    Publication,
    Record,
    Source,
)
from timeline.services import publicity
from timeline.services.rows import GONE, MODELS, Rows, parts_of


@contextmanager
def as_of(instant: datetime) -> Iterator[None]:
    """Within, the database answers as it did at ``instant``. Nothing is to be written there."""
    with frozen():
        done = Operation.objects.filter(at__lte=instant).order_by("-at")
        last = done.values_list("last", flat=True).first() or 0
        if Change.objects.filter(pk__gt=last).exists():
            past = _Past(last)
            for model in MODELS:
                past.remember(model)
            for model in MODELS:
                past.restore(model)
            keep_first(Change, last)
        yield


class _Then(NamedTuple):
    """A record as it stood, and the entries that its stamps come from."""

    entry: Change
    created: Change
    published: Change | None


class _Past(Rows):
    """The records that have changed since the entry ``last``, as they stood then."""

    def __init__(self, last: int) -> None:
        super().__init__()
        self.last = last
        self.changed: dict[Any, set[str]] = {}
        self.protected: set[str] = set()
        self.made_up = 0

    def new_key(self) -> int:
        self.made_up -= 1
        return self.made_up

    def remember(self, model: Any) -> None:
        """Note which records of ``model`` have changed since, and the keys of their rows."""
        later = Change.objects.filter(record_type=model._meta.model_name, pk__gt=self.last)
        changed = {str(uuid) for uuid in later.values_list("record_uuid", flat=True)}
        if model is Citation:
            # Whether a quote is found hangs on the text of its source.
            for some in publicity.chunks(self.changed[Source]):
                of_sources = Citation.objects.filter(source__uuid__in=some)
                changed |= {str(uuid) for uuid in of_sources.values_list("uuid", flat=True)}
        self.changed[model] = changed
        gone = later.filter(action__in=GONE).values_list("record_uuid", "former_pk")
        self.keys |= {str(uuid): key for uuid, key in gone if key is not None}
        self.learn(model, "uuid__in", changed)
        for part, owner in parts_of(model):
            self.learn(part, f"{owner.name}__uuid__in", changed)

    def restore(self, model: Any) -> None:
        """Let queries see the records of ``model`` as they were."""
        changed = self.changed[model]
        if not changed:
            return
        then = self._then(model, changed)
        if model is Actor:
            self.protected = publicity.protected_now(changed)
        self.learn_pointed(model, [stood.entry.data for stood in then])
        records = [self._record(model, stood) for stood in then]
        gone = f"gone_{model._meta.db_table}"
        remember_keys(gone, {self.keys[uuid] for uuid in changed if uuid in self.keys})
        replace_rows(model, gone=gone, owner="id", rows=records)
        told = list(zip(records, (stood.entry.data for stood in then), strict=True))
        for part, owner in parts_of(model):
            name = owner.remote_field.name
            rows = [self.row(part, row, {owner.name: r}) for r, d in told for row in d[name]]
            replace_rows(part, gone=gone, owner=owner.column, rows=rows)
        if model is Event:
            tags = [self.tagging(r, slug) for r, d in told for slug in d["tags"]]
            replace_rows(Event.tags.through, gone=gone, owner="event_id", rows=tags)
            members = [member for record in records for member in self.members(record)]
            replace_rows(EventDateMember, gone=gone, owner="event_id", rows=members)
        self.words.clear()

    def _then(self, model: Any, changed: set[str]) -> list[_Then]:
        versions = Change.objects.versions().filter(
            record_type=model._meta.model_name, pk__lte=self.last
        )
        began = Q(state_before="", action__in=[Action.CREATED, Action.REVERTED])
        came_out = Q(state_after=Publication.PUBLISHED) & ~Q(state_before=Publication.PUBLISHED)
        found = []
        for some in publicity.chunks(changed):
            rows = (
                versions.filter(record_uuid__in=some)
                .values("record_uuid")
                .annotate(
                    entry=Max("id"),
                    created=Max("id", filter=began),
                    published=Max("id", filter=came_out),
                )
            )
            asked = [(row["entry"], row["created"], row["published"] or 0) for row in rows]
            changes = Change.objects.in_bulk({key for row in asked for key in row if key})
            found += [
                _Then(
                    changes[entry],
                    changes[created],
                    changes.get(published * (published >= created)),
                )
                for entry, created, published in asked
                if changes[entry].action not in GONE
            ]
        return found

    def _record(self, model: Any, stood: _Then) -> Any:
        entry, data = stood.entry, stood.entry.data
        stamps: dict[str, Any] = {"uuid": entry.record_uuid, "version": entry.version}
        if issubclass(model, Record):
            stamps |= {
                "created_at": stood.created.at,
                "created_by_id": stood.created.by_id,
                "updated_at": entry.at,
                "published_at": stood.published and stood.published.at,
            }
        record = self.record(model, data, stamps)
        if model is Actor:
            record.protected = record.protected or data["uuid"] in self.protected
        return record
