"""What is accepted against what contradicts it, and echoes that are counted as voices."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import Count, QuerySet

from timeline.models import Claim, ClaimLink, ClaimStatus, LinkType, Source
from timeline.services.checks.findings import CHUNK, STANDING, Found, found
from timeline.services.descent import common_origins


def _links(kind: LinkType) -> QuerySet[ClaimLink]:
    both = {"claim__publication__in": STANDING, "other__publication__in": STANDING}
    links = ClaimLink.objects.filter(type=kind, **both).select_related("claim", "other")
    return links.order_by("pk")


def contradictions() -> Iterator[Found]:
    """Two claims that contradict each other and are both accepted."""
    accepted = {"claim__status": ClaimStatus.ACCEPTED, "other__status": ClaimStatus.ACCEPTED}
    for link in _links(LinkType.CONTRADICTS).filter(**accepted).iterator(CHUNK):
        yield found(link.claim, f"It is accepted, and so is “{link.other}”, which it contradicts.")


def values() -> Iterator[Found]:
    """An event for one field of which different values are accepted."""
    accepted = Claim.objects.in_states(STANDING).filter(
        status=ClaimStatus.ACCEPTED, about__isnull=False
    )
    fields = (
        accepted.exclude(about_field="")
        .exclude(about_value="")
        .values_list("about__pk", "about__uuid", "about__title", "about_field")
        .annotate(number=Count("about_value", distinct=True))
        .filter(number__gt=1)
        .order_by("about__pk", "about_field")
    )
    for key, uuid, title, name, number in fields.iterator(CHUNK):
        problem = f"Claims that give {number} different values for its {name} are accepted."
        yield Found("event", key, uuid, title, problem)


def echoes() -> Iterator[Found]:
    """A corroboration by what descends from the same source."""
    links = _links(LinkType.CORROBORATES).iterator(CHUNK)
    while some := list(islice(links, CHUNK)):
        yield from _echoes({(link.claim_id, link.other_id): link for link in some})


def _echoes(links: dict[tuple[int, int], Any]) -> Iterator[Found]:
    common = common_origins(links)
    titles = dict(Source.objects.filter(pk__in=common.values()).values_list("pk", "title"))
    for pair, origin in common.items():
        link = links[pair]
        yield found(
            link.claim,
            f"It is said to corroborate “{link.other}”, but everything cited for the two descends "
            f"from “{titles[origin]}”.",
        )
