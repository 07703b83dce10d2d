"""Numbers that somebody gave: not events, but what readers ask about first."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from timeline.models.records import Dated, Record
from timeline.querysets.others import FigureQuerySet


class Figure(Record, Dated):
    """A measured or estimated quantity. Its ``date`` is the period it is for.

    ``low`` and ``high`` are the bounds; an exact value has both the same, "more than" has no
    ``high``. ``text`` keeps the words, which say whether a bound is strict.
    """

    measure = models.CharField(max_length=300, help_text="What is counted or measured.")
    low = models.DecimalField(
        max_digits=30,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="The least it can be; the same as `high` when it is exact.",
    )
    high = models.DecimalField(
        max_digits=30,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="The most it can be; null when nothing bounds it.",
    )
    text = models.CharField(max_length=300, blank=True, default="", help_text="As stated.")
    unit = models.CharField(
        max_length=60, blank=True, default="", help_text="What it is counted in."
    )
    population = models.CharField(
        max_length=300, blank=True, default="", help_text="Of whom or of what."
    )
    place = models.ForeignKey(
        "Place", on_delete=models.PROTECT, null=True, blank=True, related_name="figures"
    )
    speaker = models.ForeignKey(
        "Actor", on_delete=models.PROTECT, null=True, blank=True, related_name="figures"
    )

    objects = FigureQuerySet.as_manager()

    class Meta:
        constraints = [
            *Record.Meta.constraints,
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(measure=""), name="figure_has_a_measure"),
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False),
                name="figure_has_a_bound",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="figure_low_is_not_above_high",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.text or self.low}"
