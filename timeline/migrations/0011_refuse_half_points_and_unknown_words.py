from django.db import migrations
from django.db.models import CheckConstraint, F, Q

from timeline.db.search import KeepSearchIndex

# SQLite builds a table anew for a constraint, and with the old table go the triggers of its index.
INDEXED = ["Actorname", "Citation", "Claim", "Event", "Place", "Source"]
DATED = ["actorname", "affiliation", "claim", "event", "figure", "source"]


def one_of(column: str, *values: str) -> Q:
    return Q(**{f"{column}__in": list(values)})


def drop_halves(apps, schema_editor):
    """What is half there says nothing, and must not stop the upgrade."""
    for model, first, second in [
        ("Place", "latitude", "longitude"),
        ("Citation", "position_start", "position_end"),
    ]:
        half = Q(**{f"{first}__isnull": True}) ^ Q(**{f"{second}__isnull": True})
        rows = apps.get_model("timeline", model).objects.filter(half)
        rows.update(**{first: None, second: None})


class Migration(migrations.Migration):
    dependencies = [("timeline", "0010_name_quotes_that_stand_more_than_once")]

    operations = [
        migrations.RunPython(drop_halves, migrations.RunPython.noop, elidable=True),
        *(KeepSearchIndex(model) for model in INDEXED),
        migrations.RemoveConstraint("citation", "citation_position_runs_forward"),
        migrations.AddConstraint(
            "citation",
            CheckConstraint(
                condition=Q(position_start__isnull=True, position_end__isnull=True)
                | Q(
                    position_start__isnull=False,
                    position_end__isnull=False,
                    position_start__lt=F("position_end"),
                ),
                name="citation_position_runs_forward",
            ),
        ),
        migrations.RemoveConstraint("place", "place_point_is_on_earth"),
        migrations.AddConstraint(
            "place",
            CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="place_point_is_on_earth",
            ),
        ),
        migrations.AddConstraint(
            "place",
            CheckConstraint(
                condition=Q(point_precision__isnull=True)
                | one_of("point_precision", "exact", "locality", "region", "country"),
                name="place_has_a_known_precision",
            ),
        ),
        migrations.AddConstraint(
            "actorname",
            CheckConstraint(
                condition=one_of(
                    "kind", "legal", "alias", "pseudonym", "transliteration", "former"
                ),
                name="actor_name_has_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            "source",
            CheckConstraint(
                condition=one_of(
                    "kind",
                    "article",
                    "report",
                    "statement",
                    "court_record",
                    "legislation",
                    "book",
                    "web_page",
                    "social_media",
                    "video",
                    "image",
                    "interview",
                    "dataset",
                    "other",
                ),
                name="source_has_a_known_kind",
            ),
        ),
        *(
            migrations.AddConstraint(
                model,
                CheckConstraint(
                    condition=one_of("date_basis", "stated", "inferred", "computed"),
                    name=f"{model}_date_has_a_known_basis",
                ),
            )
            for model in DATED
        ),
        *(KeepSearchIndex(model) for model in INDEXED),
    ]
