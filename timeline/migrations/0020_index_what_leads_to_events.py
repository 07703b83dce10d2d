from django.db import migrations, models

import timeline.db.dates

TAGGINGS = """
CREATE INDEX tagging_by_tag
ON timeline_event_tags (tag_id, sort_key, end_max, start_min, event_id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0019_write_keys_of_what_leads_to_events"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("publication", "published")),
                fields=["sort_key", "end_max", "sequence", "uuid"],
                name="event_public_by_date",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["sort_key", "end_max", "sequence", "uuid"], name="event_by_date"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                timeline.db.dates.Span(),
                models.F("sort_key"),
                models.F("end_max"),
                models.F("sequence"),
                models.F("uuid"),
                models.F("start_min"),
                models.F("start_max"),
                models.F("end_min"),
                models.F("date_set"),
                name="event_by_span",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["kind", "sort_key", "end_max", "sequence", "uuid", "start_min"],
                name="event_by_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["place", "sort_key", "end_max", "start_min"], name="event_by_place"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["status", "sort_key", "end_max", "sequence", "uuid", "start_min"],
                name="event_by_status",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["assessment", "sort_key", "end_max", "sequence", "uuid", "start_min"],
                name="event_by_assessment",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["dataset", "sort_key"], name="event_by_dataset"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["external_id"], name="event_by_external_id"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["title", "uuid"], name="event_by_title"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["published_at", "uuid"], name="event_by_publication"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["updated_at", "uuid"], name="event_by_change"),
        ),
        migrations.AddIndex(
            model_name="citation",
            index=models.Index(
                condition=models.Q(("bearing", "disputes")),
                fields=["event"],
                name="citation_that_disputes",
            ),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(
                fields=["actor", "sort_key", "end_max", "start_min", "event", "role"],
                name="participation_by_actor",
            ),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(
                fields=["role", "sort_key", "end_max", "start_min", "event", "actor"],
                name="participation_by_role",
            ),
        ),
        migrations.RunSQL(TAGGINGS, "DROP INDEX tagging_by_tag"),
    ]
