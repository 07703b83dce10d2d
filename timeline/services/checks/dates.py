"""Dates against one another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery

from timeline.models import (
    Action,
    Affiliation,
    Basis,
    Bearing,
    Change,
    Citation,
    Claim,
    Event,
    Figure,
    Relation,
    Source,
    Status,
)
from timeline.services.checks.findings import CHUNK, STANDING, Found, found
from timeline.services.rules import contradiction

# A snapshot of a source holds its text.
SNAPSHOTS = 50
INFERRED = (Basis.INFERRED, Basis.COMPUTED)
WRITINGS = (Action.CREATED, Action.UPDATED, Action.REVERTED)


def relations() -> Iterator[Found]:
    """A relation between events that their dates rule out."""
    apart = Q(subject__start_min__gt=F("object__end_max"))
    apart |= Q(subject__end_max__lt=F("object__start_min"))
    # Of a set the bounds alone do not decide.
    apart |= ~Q(subject__date_set="") | ~Q(object__date_set="")
    suspects = (
        Relation.objects.in_states(STANDING)
        .filter(apart, subject__undated=False, object__undated=False)
        .select_related("subject", "object", "type")
    )
    for relation in suspects.order_by("pk").iterator(CHUNK):
        if problem := contradiction(relation):
            yield found(relation, problem)


def _standing_citations() -> Any:
    supporting = Citation.objects.filter(bearing=Bearing.SUPPORTS, source__undated=False)
    standing = supporting.in_states(STANDING)
    return standing.defer("source__text", "source__search_text").order_by("pk")


def sources_of_events() -> Iterator[Found]:
    """A source that came out before the event that it reports began."""
    happened = Q(event__status__in=[Status.OCCURRED, Status.ONGOING], event__undated=False)
    early = _standing_citations().filter(happened, source__end_max__lt=F("event__start_min"))
    for citation in early.select_related("source", "event").iterator(CHUNK):
        source, event = citation.source, citation.event
        yield found(
            citation,
            f"“{source}” ({source.date.label}) came out before “{event}” ({event.date.label}) "
            "began.",
        )


def sources_of_claims() -> Iterator[Found]:
    """A source that came out before the claim that it reports was made."""
    said = Q(claim__undated=False, source__end_max__lt=F("claim__start_min"))
    for citation in _standing_citations().filter(said).select_related("source", "claim").iterator():
        source, claim = citation.source, citation.claim
        yield found(
            citation,
            f"“{source}” ({source.date.label}) came out before “{claim}” was said "
            f"({claim.date.label}).",
        )


def inferred() -> Iterator[Found]:
    """A date that was inferred before a source cited for it got another date.

    Any writing of the record since then counts as having thought of it again.
    """
    changed = _changed_sources()
    while some := {source: (entry, words) for source, entry, words in islice(changed, CHUNK)}:
        for model in (Event, Claim, Figure, Affiliation):
            yield from _inferred_earlier(model, some)


def _cited_for_inferences() -> Any:
    dated = Q()
    for name in ("event", "claim", "figure", "affiliation"):
        dated |= Q(**{f"{name}__date_basis__in": INFERRED, f"{name}__undated": False})
    standing = Citation.objects.filter(dated).in_states(STANDING)
    return Source.objects.filter(pk__in=standing.values("source"))


def _changed_sources() -> Iterator[tuple[UUID, int, str]]:
    """Sources whose date was changed; by which entry at last, and how, in words."""
    entries = (
        Change.objects.filter(
            record_type="source", record_uuid__in=_cited_for_inferences().values("uuid")
        )
        .order_by("record_uuid", "version")
        .values_list("record_uuid", "id", "snapshot")
    )
    source, before, last = None, None, None
    for uuid, entry, snapshot in entries.iterator(SNAPSHOTS):
        date = json.loads(snapshot).get("date")
        if uuid != source:
            if source is not None and last is not None:
                yield source, *last
            source, last = uuid, None
        elif date != before:
            last = entry, f"{before or 'no date'} to {date or 'no date'}"
        before = date
    if source is not None and last is not None:
        yield source, *last


def _inferred_earlier(model: Any, changed: dict[UUID, tuple[int, str]]) -> Iterator[Found]:
    writings = Change.objects.filter(
        record_type=model._meta.model_name, record_uuid=OuterRef("uuid"), action__in=WRITINGS
    ).order_by("-id")
    rows = (
        model.objects.in_states(STANDING)
        .filter(
            date_basis__in=INFERRED,
            undated=False,
            citations__publication__in=STANDING,
            citations__source__uuid__in=list(changed),
        )
        .annotate(
            written=Subquery(writings.values("id")[:1]),
            anchor=F("citations__source__uuid"),
            anchor_title=F("citations__source__title"),
        )
        .order_by("pk")
    )
    told = set()
    for record in rows.iterator(CHUNK):
        entry, words = changed[record.anchor]
        if record.written is not None and record.written < entry and record.pk not in told:
            told.add(record.pk)
            yield found(
                record,
                f"Its date ({record.date.label}) was inferred before “{record.anchor_title}” was "
                f"redated from {words}.",
            )
