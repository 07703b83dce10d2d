"""Where things happened."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute

from timeline.db.search import SearchTextField
from timeline.models.records import Record
from timeline.querysets.others import PlaceQuerySet


class PointPrecision(models.TextChoices):
    """What the point stands for."""

    EXACT = "exact", "The spot itself"
    LOCALITY = "locality", "Somewhere in the town or village"
    REGION = "region", "Somewhere in the region"
    COUNTRY = "country", "Somewhere in the country"


class _WithOneZero(DeferredAttribute):
    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value + 0.0 if isinstance(value, float) else value


class Degrees(models.FloatField):
    """Degrees, with one zero only: SQLite keeps no other, and the ledger says what is kept."""

    descriptor_class = _WithOneZero

    def deconstruct(self) -> Any:
        # To migrations it is the column that it was.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.FloatField", args, kwargs


class Place(Record):
    """A place with a name, perhaps a point, perhaps within another place."""

    name = models.CharField(max_length=300, help_text="What it is called.")
    country = models.CharField(
        max_length=2,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[A-Z]{2}\Z", "Two capital letters, such as CN.")],
        help_text="ISO 3166-1 code of two letters.",
    )
    region = models.CharField(
        max_length=100, blank=True, default="", help_text="The province or state it lies in."
    )
    latitude = Degrees(null=True, blank=True, help_text="Degrees, WGS 84.")
    longitude = Degrees(null=True, blank=True, help_text="Degrees, WGS 84.")
    point_precision = models.CharField(max_length=8, choices=PointPrecision, null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    identifiers = models.JSONField(
        default=dict, blank=True, help_text='Elsewhere, e.g. {"wikidata": "Q92163"}.'
    )

    search_text = SearchTextField(of=("name", "region"))

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(name=""), name="place_has_a_name"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    # Half a point would be neither true nor false, and so let through.
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="place_point_is_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(point_precision__isnull=True)
                | Q(point_precision__in=PointPrecision.values),
                name="place_has_a_known_precision",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="place_is_not_within_itself",
            ),
            models.CheckConstraint(
                condition=Q(country="") | Q(Exact(Length("country"), 2)),
                name="place_country_is_a_code",
            ),
        ]
        indexes = [
            # The place of an import row: by name within a country.
            models.Index(fields=["name", "country"], name="place_by_name"),
        ]

    def __str__(self) -> str:
        return self.name
