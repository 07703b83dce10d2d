"""What the public is told of entries of the ledger: by the feed of changes, and by webhooks."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from timeline.api.serializers.changes import MODELS
from timeline.api.stating import stated
from timeline.models import Action, Change, Publication, Redirect
from timeline.services import publicity


def told_changes(rows: list[Change]) -> list[dict[str, Any]]:
    """As the public may know them now, whatever was public then."""
    stamps = _stamps(rows)
    shown = _shown(rows)
    survivors = _survivors([row for row in rows if row.action == Action.MERGED])
    instant = serializers.DateTimeField().to_representation
    records = {row.pk: _record(row, stamps, shown) for row in rows}
    return [
        {
            "cursor": row.hash,
            "at": instant(row.at),
            "action": _happened(row),
            "type": row.record_type,
            "id": str(row.record_uuid),
            "version": row.version,
            "reason": row.reason if row.was_public and records[row.pk] else "",
            "merged_into": survivors.get(row.record_uuid),
            "record": records[row.pk],
        }
        for row in rows
    ]


def told_plainly(rows: list[Change]) -> list[dict[str, Any]]:
    """The same as data that any writer of JSON can write."""
    told: list[dict[str, Any]] = json.loads(JSONRenderer().render(told_changes(rows)))
    return told


def _survivors(merged: list[Change]) -> dict[Any, Any]:
    """Where these live on, as far as the public may see that."""
    led = Redirect.objects.survivors(row.record_uuid for row in merged)
    asked: publicity.Known = defaultdict(set)
    for row in merged:
        if row.record_uuid in led:
            asked[MODELS[row.record_type]].add(str(led[row.record_uuid]))
    seen = {uuid for some in publicity.seen(asked).values() for uuid in some}
    return {old: new for old, new in led.items() if str(new) in seen}


def _happened(row: Change) -> str:
    if row.was_public and row.is_public:
        return "updated"
    if row.is_public:
        return "created" if row.action == Action.CREATED else "published"
    return row.action if row.action in (Action.DELETED, Action.MERGED) else "withdrawn"


def _record(
    row: Change, stamps: dict[int, dict[str, Any]], shown: publicity.Known
) -> dict[str, Any] | None:
    """The record as it stood, as far as it and what it points to are public still."""
    model = MODELS[row.record_type]
    if not row.is_public or str(row.record_uuid) not in shown[model]:
        return None
    pointed = publicity.pointed(model, row.data)
    return stated(model, row, stamps[row.pk], row.untold | _unseen(pointed, shown))


def _unseen(pointed: Iterable[tuple[Any, str]], shown: publicity.Known) -> set[str]:
    return {uuid for kind, uuid in pointed if uuid not in shown[kind]}


def _shown(rows: list[Change]) -> publicity.Known:
    """Of all that these entries tell of, what is public now: what was withdrawn is told no more."""
    asked: publicity.Known = defaultdict(set)
    for row in rows:
        model = MODELS[row.record_type]
        asked[model].add(str(row.record_uuid))
        for kind, uuid in publicity.pointed(model, row.data):
            asked[kind].add(uuid)
    return publicity.seen(asked)


def _stamps(rows: list[Change]) -> dict[int, dict[str, Any]]:
    """When the version of each entry was made, and its record published."""
    came_out = Q(state_after=Publication.PUBLISHED) & ~Q(state_before=Publication.PUBLISHED)
    told = Q(version__in={row.version for row in rows}) | came_out
    versions = Change.objects.versions().filter(
        told, record_uuid__in={row.record_uuid for row in rows}
    )
    made, published = {}, defaultdict(list)
    for one in versions.order_by("id").defer("snapshot"):
        made[one.record_uuid, one.version] = one.at
        if one.state_after == Publication.PUBLISHED != one.state_before:
            published[one.record_uuid].append((one.version, one.at))
    return {
        row.pk: {
            "updated_at": made[row.record_uuid, row.version],
            "published_at": next(
                (at for v, at in reversed(published[row.record_uuid]) if v <= row.version), None
            ),
        }
        for row in rows
    }
