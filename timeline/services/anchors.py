"""Whether a quote stands in the text of its source, after the W3C Web Annotation selectors."""

from __future__ import annotations

from collections import defaultdict

from timeline.models import Anchor, Citation, Source

CHUNK = 500


def find_quote(
    text: str, quote: str, *, prefix: str = "", suffix: str = "", position: int | None = None
) -> Anchor:
    """How surely ``quote`` is found in ``text``: exactly, by its context, by its position."""
    if not text or not quote:
        return Anchor.UNCHECKED
    if quote not in text:
        return Anchor.MISSING
    if _is_once(text, quote):
        return Anchor.EXACT
    if (prefix or suffix) and _is_once(text, prefix + quote + suffix):
        return Anchor.CONTEXT
    if position is not None and text.startswith(quote, position):
        return Anchor.POSITION
    return Anchor.AMBIGUOUS


def _is_once(text: str, words: str) -> bool:
    first = text.find(words)
    # From the next character on, since "aa" stands in "aaa" twice.
    return first >= 0 and text.find(words, first + 1) < 0


def anchor_of(citation: Citation, text: str) -> Anchor:
    """How surely the quote of ``citation`` is found in ``text``."""
    return find_quote(
        text,
        citation.quote,
        prefix=citation.prefix,
        suffix=citation.suffix,
        position=citation.position_start,
    )


def anchor_again(source: Source) -> None:
    """Look for every quote of ``source`` in its text as it is now.

    Like the hash of the text, the anchor follows from what the ledger has, and gets no entry.
    """
    found: dict[Anchor, list[int]] = defaultdict(list)
    quoted = source.citations.exclude(quote="").defer("search_text", "note")
    for citation in quoted.iterator(chunk_size=CHUNK):
        anchor = anchor_of(citation, source.text)
        if anchor != citation.anchor:
            found[anchor].append(citation.pk)
    for anchor, keys in found.items():
        for start in range(0, len(keys), CHUNK):
            chunk = Citation.objects.filter(pk__in=keys[start : start + CHUNK])
            chunk.update(anchor=anchor)
