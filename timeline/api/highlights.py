"""The words that were searched for, shown in the texts that hold them."""

from __future__ import annotations

from html import escape
from typing import Any

from timeline.db.words import Term, passages, read_query

AROUND = 80
MAX_PASSAGES = 3


def wanted_terms(query: str) -> list[Term]:
    """What a query looks for, without what it excludes."""
    return [term for term in read_query(query) if not term.excluded]


def excerpt(text: str, terms: list[Term]) -> str | None:
    """The text around the first terms found, as HTML with ``<mark>``; ``None`` without one."""
    found = list(passages(text, terms))
    if not found:
        return None
    begin = max(0, found[0][0] - AROUND)
    near = [span for span in found if span[0] < begin + 3 * AROUND]
    end = min(len(text), near[-1][1] + AROUND)
    parts, at = ["…" if begin else ""], begin
    for start, stop in near:
        if start < at:
            continue
        parts += [escape(text[at:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        at = stop
    parts += [escape(text[at:end]), "…" if end < len(text) else ""]
    return "".join(parts)


def highlights(texts: dict[str, list[str]], query: str) -> list[dict[str, Any]]:
    """Excerpts of these texts, by the member they stand in."""
    terms = wanted_terms(query)
    found = []
    for name, some in texts.items():
        excerpts = [shown for text in some if (shown := excerpt(text, terms))]
        found += [{"field": name, "excerpt": shown} for shown in excerpts[:MAX_PASSAGES]]
    return found
