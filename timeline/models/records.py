"""What every recorded thing has: a public id, a version, and a state of publication."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from timeline.db.dates import (
    DerivedFlag,
    DerivedInteger,
    DerivedText,
    DerivedWord,
    EdtfField,
    date_columns,
)
from timeline.querysets.records import RecordQuerySet


class Publication(models.TextChoices):
    """How far a record has come on its way to the public."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Basis(models.TextChoices):
    """How the date is known."""

    STATED = "stated", "Stated by the source"
    INFERRED = "inferred", "Inferred from what the source says"
    COMPUTED = "computed", "Computed from another date"


class Versioned(models.Model):
    """A thing with a history: each change makes a version and an entry in the ledger."""

    uuid = models.UUIDField("public id", default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    # Rows that have no life of their own: written, versioned and undone with their owner.
    PARTS: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str, ...]:
        return (str(self.uuid),)

    def validate_constraints(self, exclude: Any = None) -> None:
        """The checks are asked in one query; one by one only to tell which of them do not hold."""
        if not exclude:
            try:
                for constraint in _together(type(self)):
                    constraint.validate(type(self), self)
            except ValidationError:
                pass
            else:
                return
        super().validate_constraints(exclude)


@cache
def _together(model: type[models.Model]) -> list[models.BaseConstraint]:
    """The constraints of ``model``, with all its checks as one."""
    checks, others = [], []
    for constraint in model._meta.constraints:
        (checks if isinstance(constraint, models.CheckConstraint) else others).append(constraint)
    every = [constraint.condition for constraint in checks]
    return [models.CheckConstraint(condition=Q(*every), name="every_check"), *others]


class Record(Versioned):
    """A thing of its own: with a public id, versions, a history and a state of publication."""

    publication = models.CharField(
        max_length=9,
        choices=Publication,
        default=Publication.DRAFT,
        editable=False,
        help_text="How far it has come on its way to the public.",
    )
    published_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(publication="published") | Q(published_at__isnull=False),
                name="%(class)s_published_has_its_instant",
            ),
            models.CheckConstraint(
                condition=Q(publication__in=["draft", "in_review", "published", "withdrawn"]),
                name="%(class)s_has_a_known_publication",
            ),
        ]

    @property
    def is_published(self) -> bool:
        return self.publication == Publication.PUBLISHED


class Dated(models.Model):
    """A record with a date that may be known inexactly, or not at all."""

    date = EdtfField("date", null=True, blank=True)
    date_text = models.CharField("in the source's words", max_length=500, blank=True, default="")
    date_basis = models.CharField(
        "basis", max_length=8, choices=Basis, default=Basis.STATED, blank=False
    )
    date_basis_note = models.TextField("reasoning", max_length=2000, blank=True, default="")

    # Sentinels rather than NULL: a row without bounds must fail, not last for ever.
    start_min = DerivedInteger(verbose_name="earliest first moment")
    start_max = DerivedInteger(verbose_name="latest first moment")
    end_min = DerivedInteger(verbose_name="earliest last moment")
    end_max = DerivedInteger(verbose_name="latest last moment")
    sort_key = DerivedInteger(verbose_name="known edge")
    undated = DerivedFlag(verbose_name="has no date")
    date_uncertain = DerivedFlag(verbose_name="is doubted")
    date_set = DerivedWord(verbose_name="is a set of", max_length=3, blank=True)
    bounds_version = DerivedInteger(verbose_name="policy the bounds were derived under")
    date_json = DerivedText(verbose_name="as readers are told it", blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(start_min__lte=F("start_max"))
                & Q(end_min__lte=F("end_max"))
                & Q(start_min__lte=F("end_min"))
                & Q(start_max__lte=F("end_max")),
                name="%(class)s_date_has_ordered_bounds",
            ),
            models.CheckConstraint(
                condition=Q(date__isnull=True, undated=True) | Q(date__isnull=False, undated=False),
                name="%(class)s_is_undated_without_a_date",
            ),
            models.CheckConstraint(
                condition=Q(date_basis__in=Basis.values),
                name="%(class)s_date_has_a_known_basis",
            ),
        ]

    def clean_fields(self, exclude: Any = None) -> None:
        """Derive the bounds, so that the constraints are checked on what will be stored."""
        self.date = self._meta.get_field("date").clean(self.date, self)
        for name, value in date_columns(self.date)._asdict().items():
            setattr(self, name, value)
        super().clean_fields(exclude)


class Part(models.Model):
    """A row that belongs to one record and is written with it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str, ...]:
        return (str(self.uuid),)
