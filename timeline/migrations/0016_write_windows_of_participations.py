from django.db import migrations
from django.db.models import OuterRef, Subquery


def write(apps, schema_editor):
    events = apps.get_model("timeline", "Event")._base_manager.filter(pk=OuterRef("event"))
    apps.get_model("timeline", "Participation")._base_manager.update(
        start_min=Subquery(events.values("start_min")),
        end_max=Subquery(events.values("end_max")),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0015_windows_of_participations"),
    ]

    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
