"""One index of the citations of events, in which their sources can be counted.

SQLite would make the table anew to alter the pointer; to drop its index is enough, as on PostgreSQL.
"""

from django.db import migrations, models
from django.db.models.deletion import CASCADE

BEFORE = "timeline_citation_event_id_f41a647e"


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0027_tallies_of_public_events"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="citation",
            index=models.Index(fields=["event", "publication", "source"], name="citation_of_event"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX {BEFORE}", f"CREATE INDEX {BEFORE} ON timeline_citation (event_id)"
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="citation",
                    name="event",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=CASCADE,
                        related_name="citations",
                        to="timeline.event",
                    ),
                )
            ],
        ),
    ]
