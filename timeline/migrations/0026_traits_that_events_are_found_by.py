from django.db import migrations, models
from django.db.models.deletion import DO_NOTHING

from timeline.db.dates import OfEvent
from timeline.db.traits import KeepTraits


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0025_sources_by_date"),
    ]

    operations = [
        migrations.CreateModel(
            name="Trait",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event_id",
                        "name",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=DO_NOTHING,
                        related_name="traits",
                        to="timeline.event",
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("start_min", OfEvent(verbose_name="earliest first moment of the event")),
                ("end_max", OfEvent(verbose_name="latest last moment of the event")),
                ("sort_key", OfEvent(verbose_name="known edge of the event")),
            ],
        ),
        KeepTraits(),
        migrations.AddIndex(
            model_name="trait",
            index=models.Index(
                fields=["name", "sort_key", "end_max", "start_min", "event"], name="trait_by_name"
            ),
        ),
    ]
