"""Whether sources are independent: what descends from one origin is one witness, not two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from timeline.errors import Flaw
from timeline.models import Bearing, Citation, Claim, ClaimLink, LinkType, Publication, Source

Pair = tuple[int, int]


def origins(sources: Iterable[int]) -> dict[int, int]:
    """The source from which each of these descends in the end, or itself; by key."""
    asked = set(sources)
    above: dict[int, int | None] = {}
    while asked - above.keys():
        rows = Source.objects.filter(pk__in=asked - above.keys())
        found = dict(rows.values_list("pk", "derived_from"))
        above |= found
        asked |= {origin for origin in found.values() if origin is not None}
    return {key: _end(key, above) for key in above}


def _end(key: int, above: dict[int, int | None]) -> int:
    seen = {key}
    while (origin := above[key]) is not None and origin not in seen:
        seen.add(origin)
        key = origin
    return key


def common_origins(pairs: Iterable[Pair]) -> dict[Pair, int]:
    """The pairs of claims, by key, for which all that supports either descends from one source.

    A claim that no source supports yet is of no descent.
    """
    asked = list(pairs)
    passages = Citation.objects.filter(bearing=Bearing.SUPPORTS).exclude(
        publication=Publication.WITHDRAWN
    )
    rows = passages.filter(claim__in={claim for pair in asked for claim in pair})
    support: dict[int, set[int]] = defaultdict(set)
    for claim, source in rows.values_list("claim", "source"):
        support[claim].add(source)
    ends = origins(source for sources in support.values() for source in sources)
    common = {}
    for one, other in asked:
        if support[one] and support[other]:
            theirs = {ends[source] for source in support[one] | support[other]}
            if len(theirs) == 1:
                common[one, other] = theirs.pop()
    return common


def dependent_links(links: list[ClaimLink]) -> Iterator[Flaw]:
    """What of the links of a claim calls an echo a corroboration."""
    pairs = {
        (link.claim.pk, link.other.pk): (position, link.other)
        for position, link in enumerate(links)
        if link.type == LinkType.CORROBORATES
    }
    for pair, origin in common_origins(pairs).items() if pairs else ():
        position, other = pairs[pair]
        yield Flaw(
            ("links", position), "one-origin", _refusal(other, Source.objects.get(pk=origin))
        )


def _refusal(other: Claim, origin: Source) -> str:
    return (
        f"This does not corroborate “{other}”: everything cited for the two descends from one "
        f"source, “{origin}”. Cite one that does not, or leave this link out."
    )
