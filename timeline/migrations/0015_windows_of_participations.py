from django.db import migrations

import timeline.db.dates


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0014_write_dates_as_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="participation",
            name="start_min",
            field=timeline.db.dates.OfEvent(
                default=0, editable=False, verbose_name="earliest first moment of the event"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="participation",
            name="end_max",
            field=timeline.db.dates.OfEvent(
                default=0, editable=False, verbose_name="latest last moment of the event"
            ),
            preserve_default=False,
        ),
    ]
