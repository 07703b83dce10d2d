"""What lists and pages show of a record beyond its plain fields."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.text import Truncator

from timeline.admin.labels import describe
from timeline.models import CITED


@admin.display(description="date", ordering="sort_key", empty_value="undated")
def date_label(record: Any) -> str | None:
    if record.date is None:
        return None
    return format_html('<span title="{}">{}</span>', record.date.text, record.date.label)


@admin.display(description="publication", ordering="publication")
def publication_badge(record: Any) -> str:
    return format_html(
        '<span class="badge badge-{}">{}</span>',
        record.publication,
        record.get_publication_display(),
    )


@admin.display(description="assessment", ordering="assessment")
def assessment_badge(record: Any) -> str:
    return format_html(
        '<span class="badge badge-{}">{}</span>',
        record.assessment,
        record.get_assessment_display(),
    )


@admin.display(description="citations", ordering="citation_count")
def citation_count(record: Any) -> int:
    number: int = record.citation_count or 0
    return number


@admin.display(description="quote in the source", ordering="anchor")
def anchor_badge(citation: Any) -> str:
    if citation.pk is None:
        return "looked for when it is saved"
    return format_html(
        '<span class="badge badge-anchor-{}">{}</span>',
        citation.anchor,
        citation.get_anchor_display(),
    )


@admin.display(description="for")
def cited_for(citation: Any) -> str:
    """The record that the citation bears on."""
    for name in CITED:
        if (target := getattr(citation, name)) is not None:
            return Truncator(f"{name}: {describe(target)}").chars(100)
    return ""
