"""The words by which tags and terms are known, and the tags of a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.text import slugify

from timeline.errors import Flaw, Invalid
from timeline.models import Tag
from timeline.services.access import By
from timeline.services.limits import too_many


def slug_of(word: str) -> str:
    """The slug by which a key word is known."""
    return slugify(word, allow_unicode=True)[:80]


def code_of(word: str) -> str:
    """The code by which a term is known: ``"attributed to"`` → ``"attributed_to"``."""
    return slugify(word, allow_unicode=True).replace("-", "_")[:80]


def set_tags(record: Any, words: list[str], *, by: By, create: Callable[..., Tag]) -> None:
    """Make the tags of ``record`` be ``words``; a word not yet known becomes a tag."""
    if flaws := too_many("tags", words):
        raise Invalid(flaws)
    slugs: dict[str, str] = {}
    for position, word in enumerate(words):
        slug = slug_of(word)
        if not slug:
            raise Invalid(
                [Flaw(("tags", position), "invalid", "A tag needs at least one letter or digit.")]
            )
        slugs.setdefault(slug, word[:120])
    known = {tag.slug: tag for tag in Tag.objects.filter(slug__in=slugs)}
    for slug, word in slugs.items():
        if slug not in known:
            known[slug] = create(Tag, values={"slug": slug, "label": word}, by=by)
    record.tags.set(known.values(), through_defaults={"event": record})
