"""The kind of their event beside participations, and in the index of those of an actor."""

import django.db.models.deletion
from django.db import migrations, models

from timeline.db.repeated import KeepKinds

NAME = "participation_by_actor"


class Migration(migrations.Migration):
    dependencies = [("timeline", "0030_tallies_in_years")]

    operations = [
        migrations.RemoveIndex(model_name="participation", name=NAME),
        migrations.AddField(
            model_name="participation",
            name="event_kind",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="timeline.term",
                verbose_name="kind of the event",
            ),
        ),
        KeepKinds(),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(
                fields=[
                    *("actor", "sort_key", "end_max", "start_min", "event", "role", "event_kind")
                ],
                name=NAME,
            ),
        ),
    ]
