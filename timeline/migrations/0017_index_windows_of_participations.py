from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0016_write_windows_of_participations"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(
                fields=["actor", "start_min", "end_max", "event"], name="participation_in_window"
            ),
        ),
    ]
