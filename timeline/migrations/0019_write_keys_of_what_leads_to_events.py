from django.db import migrations

# One pass over each table; a subquery for each row would take PostgreSQL three times as long.
WRITE = """
UPDATE {table}
SET start_min = event.start_min, end_max = event.end_max, sort_key = event.sort_key
FROM timeline_event AS event WHERE event.id = {table}.event_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0018_keys_of_what_leads_to_events"),
    ]

    operations = [
        migrations.RunSQL(WRITE.format(table=table), migrations.RunSQL.noop)
        for table in ("timeline_participation", "timeline_event_tags")
    ]
