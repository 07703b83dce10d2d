"""The key in the index that events are counted over time from, so that PostgreSQL need not look them up.

Sets of dates are read from it with the others.
"""

from django.db import migrations, models
from django.db.models import Q

NAME = "event_public_in_time"


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0028_sources_of_events"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="event", name=NAME),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=[
                    *("start_min", "end_max", "date_uncertain", "start_max", "end_min"),
                    *("date_set", "undated", "publication", "id"),
                ],
                condition=Q(publication="published", undated=False),
                name=NAME,
            ),
        ),
        migrations.RemoveIndex(model_name="event", name="event_with_set"),
    ]
