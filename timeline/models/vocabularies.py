"""The words that curators choose from: kinds of event, roles, types of relation; and tags."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from timeline.models.records import Versioned
from timeline.querysets.vocabularies import TagQuerySet, TermQuerySet


class Vocabulary(models.TextChoices):
    """The lists of terms; each is a resource under ``/vocabularies/``."""

    KINDS = "kinds", "Kinds of event"
    ROLES = "roles", "Roles of participants"
    RELATION_TYPES = "relation-types", "Types of relation between events"
    AFFILIATION_TYPES = "affiliation-types", "Types of affiliation between actors"


class Term(Versioned):
    """A word of a vocabulary."""

    vocabulary = models.CharField(max_length=20, choices=Vocabulary)
    code = models.SlugField(max_length=80, allow_unicode=True)
    label = models.CharField(max_length=120, help_text="What readers see.")
    description = models.TextField(
        max_length=2000, blank=True, default="", help_text="What it is used for."
    )
    # A term that only an import or a draft brought along is shown once something public uses it.
    curated = models.BooleanField(
        default=True, help_text="Shown to everybody, even while nothing published uses it."
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vocabulary", "code"], name="term_is_once_in_its_vocabulary"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="term_has_a_code"),
        ]

    def __str__(self) -> str:
        return self.label

    def natural_key(self) -> tuple[str, ...]:
        return (self.vocabulary, self.code)


class Tag(Versioned):
    """A free key word."""

    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    label = models.CharField(max_length=120, help_text="What readers see.")
    description = models.TextField(
        max_length=2000, blank=True, default="", help_text="What it is used for."
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("slug"), name="tag_is_written_in_one_case"),
            models.CheckConstraint(condition=~Q(slug=""), name="tag_has_a_slug"),
        ]

    def __str__(self) -> str:
        return self.label

    def natural_key(self) -> tuple[str, ...]:
        return (self.slug,)
