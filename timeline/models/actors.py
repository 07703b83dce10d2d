"""Who took part."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from timeline.db.search import SearchTextField
from timeline.models.records import Dated, Part, Record
from timeline.querysets.others import ActorQuerySet, AffiliationQuerySet
from timeline.querysets.records import DatedRecordQuerySet


class ActorKind(models.TextChoices):
    """What sort of being acts."""

    PERSON = "person", "Person"
    ORGANISATION = "organisation", "Organisation"
    GROUP = "group", "Group"
    GOVERNMENT = "government", "Government"
    UNKNOWN = "unknown", "Unknown"


class Identity(models.TextChoices):
    """What the name is worth."""

    NAMED = "named", "Known by name"
    PSEUDONYM = "pseudonym", "Known by a pseudonym only"
    UNNAMED = "unnamed", "Not named"


class Actor(Record):
    """A person, organisation, group or government, known well or hardly."""

    PARTS = ("names",)

    kind = models.CharField(max_length=12, choices=ActorKind, default=ActorKind.UNKNOWN)
    identity = models.CharField(max_length=9, choices=Identity, default=Identity.NAMED)
    name = models.CharField(max_length=300, help_text="The name it is best known by.")
    count = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many, for a group whose size is known."
    )
    description = models.TextField(
        max_length=20000, blank=True, default="", help_text="Who or what it is; Markdown."
    )
    identifiers = models.JSONField(
        default=dict, blank=True, help_text='Elsewhere, e.g. {"wikidata": "Q11696"}.'
    )
    protected = models.BooleanField(
        default=False, help_text="Only editors may know of this actor, published or not."
    )

    search_text = SearchTextField(of=("name",), ranked=True)

    objects = ActorQuerySet.as_manager()

    class Meta:
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(name=""), name="actor_has_a_name"),
            models.CheckConstraint(
                condition=Q(count__isnull=True) | Q(count__gte=1, kind="group"),
                name="actor_count_is_of_a_group",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ActorKind.values), name="actor_has_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(identity__in=Identity.values), name="actor_has_a_known_identity"
            ),
        ]
        indexes = [
            # The actor of an import row, and the actor list in order of name.
            models.Index(fields=["name", "uuid"], name="actor_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class NameKind(models.TextChoices):
    """What a further name is."""

    LEGAL = "legal", "Legal name"
    ALIAS = "alias", "Alias"
    PSEUDONYM = "pseudonym", "Pseudonym"
    TRANSLITERATION = "transliteration", "Transliteration or other script"
    FORMER = "former", "Former name"


class ActorName(Part, Dated):
    """A further name of an actor, in any script, perhaps for a time."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="names", db_index=False)
    text = models.CharField(max_length=300, help_text="The name as it is written.")
    language = models.CharField(
        max_length=35, blank=True, default="", help_text="BCP 47, with script: zh-Hans, ar-Latn."
    )
    kind = models.CharField(max_length=15, choices=NameKind, default=NameKind.ALIAS)

    search_text = SearchTextField(of=("text",))

    objects = DatedRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["actor", "text", "kind"], name="actor_has_each_name_once_per_kind"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="actor_name_has_a_text"),
            models.CheckConstraint(
                condition=Q(kind__in=NameKind.values), name="actor_name_has_a_known_kind"
            ),
        ]
        indexes = [
            # The actor of an import row by one of its other names.
            models.Index(fields=["text"], name="actor_by_further_name"),
        ]

    def __str__(self) -> str:
        return self.text


class Affiliation(Record, Dated):
    """One actor belongs to another: as member, officer, part, employee."""

    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="affiliates")
    type = models.ForeignKey(
        "Term",
        on_delete=models.PROTECT,
        related_name="affiliations",
        limit_choices_to={"vocabulary": "affiliation-types"},
    )
    title = models.CharField(
        max_length=300, blank=True, default="", help_text="The office held, as the source has it."
    )

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            *Record.Meta.constraints,
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(actor=F("organisation")), name="affiliation_is_between_two_actors"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.type} ({self.actor_id} in {self.organisation_id})"
