"""Whether a quote stands in the text of its source, after the W3C Web Annotation selectors."""

from __future__ import annotations

from timeline.models import Anchor


def find_quote(
    text: str, quote: str, *, prefix: str = "", suffix: str = "", position: int | None = None
) -> Anchor:
    """How surely ``quote`` is found in ``text``: exactly, by its context, by its position."""
    if not text or not quote:
        return Anchor.UNCHECKED
    found = text.count(quote)
    if found == 0:
        return Anchor.MISSING
    if found == 1:
        return Anchor.EXACT
    if (prefix or suffix) and text.count(prefix + quote + suffix) == 1:
        return Anchor.CONTEXT
    if position is not None and text.startswith(quote, position):
        return Anchor.POSITION
    return Anchor.MISSING
