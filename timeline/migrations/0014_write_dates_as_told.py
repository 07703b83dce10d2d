from django.db import migrations

from timeline.db.dates import date_columns

CHUNK = 2000
DATED = ("actorname", "affiliation", "claim", "event", "figure", "source")


def write(apps, schema_editor):
    for name in DATED:
        model = apps.get_model("timeline", name)
        rows = model._base_manager.filter(date__isnull=False, date_json="").order_by("pk")
        last = 0
        while found := list(rows.filter(pk__gt=last).only("date")[:CHUNK]):
            for row in found:
                row.date_json = date_columns(row.date).date_json
            model._base_manager.bulk_update(found, ["date_json"], batch_size=200)
            last = found[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0013_dates_as_readers_are_told_them"),
    ]

    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
