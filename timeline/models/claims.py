"""What somebody says, and how it stands to what others say."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from timeline.db.search import SearchTextField
from timeline.models.records import Dated, Part, Record
from timeline.querysets.others import ClaimQuerySet
from timeline.querysets.records import PartQuerySet


class Stance(models.TextChoices):
    """What the speaker does in saying it."""

    ASSERTS = "asserts", "Asserts"
    DENIES = "denies", "Denies"
    ACCUSES = "accuses", "Accuses"
    PROMISES = "promises", "Promises"
    PREDICTS = "predicts", "Predicts"
    QUESTIONS = "questions", "Questions"


class ClaimStatus(models.TextChoices):
    """What the editors hold of it."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DISPUTED = "disputed", "Disputed"
    REFUTED = "refuted", "Refuted"


class Claim(Record, Dated):
    """An attributed statement. Its ``date`` is when it was said."""

    PARTS = ("links",)

    speaker = models.ForeignKey("Actor", on_delete=models.PROTECT, related_name="claims")
    text = models.TextField(max_length=5000, help_text="What is said, in one sentence.")
    stance = models.CharField(max_length=9, choices=Stance, default=Stance.ASSERTS)
    said_in = models.ForeignKey(
        "Event",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="statements",
        help_text="The event in which it was said.",
    )
    about = models.ForeignKey(
        "Event",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="claims",
        help_text="The event that it speaks of.",
    )
    about_field = models.CharField(
        max_length=40, blank=True, default="", help_text="The field of the event it speaks of."
    )
    about_value = models.TextField(
        max_length=2000, blank=True, default="", help_text="The value it gives for that field."
    )
    status = models.CharField(max_length=8, choices=ClaimStatus, default=ClaimStatus.OPEN)
    status_note = models.TextField(
        max_length=2000, blank=True, default="", help_text="Why the editors hold so."
    )

    search_text = SearchTextField(of=("text",), ranked=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            *Record.Meta.constraints,
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(text=""), name="claim_has_a_text"),
            models.CheckConstraint(
                condition=Q(stance__in=Stance.values), name="claim_has_a_known_stance"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ClaimStatus.values), name="claim_has_a_known_status"
            ),
            models.CheckConstraint(
                condition=Q(about_value="") | ~Q(about_field=""),
                name="claim_value_is_of_a_field",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class LinkType(models.TextChoices):
    """How one claim stands to another."""

    CORROBORATES = "corroborates", "Corroborates"
    CONTRADICTS = "contradicts", "Contradicts"
    SUPERSEDES = "supersedes", "Supersedes"


class ClaimLink(Part):
    """One claim corroborates, contradicts or supersedes another."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="links", db_index=False)
    type = models.CharField(max_length=12, choices=LinkType)
    other = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="linked_by")

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "type", "other"], name="claim_is_linked_once_per_type"
            ),
            models.CheckConstraint(
                condition=~Q(claim=F("other")), name="claim_is_not_linked_to_itself"
            ),
            models.CheckConstraint(
                condition=Q(type__in=LinkType.values), name="claim_link_has_a_known_type"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.type} {self.other_id}"
