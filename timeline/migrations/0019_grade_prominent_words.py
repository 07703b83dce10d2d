from django.db import connection, migrations

from timeline.db.words import graded

CHUNK = 2000
RANKED = ("actor", "claim", "event", "source")


def write(apps, schema_editor):
    for name in RANKED:
        model = apps.get_model("timeline", name)
        table = model._meta.db_table
        rows = model._base_manager.order_by("pk").values_list("pk", "search_text")
        last = 0
        while found := list(rows.filter(pk__gt=last)[:CHUNK]):
            changed = [(graded(text), key) for key, text in found if text and " x" not in text]
            with connection.cursor() as cursor:
                sql = f"UPDATE {table} SET search_text = %s WHERE id = %s"  # noqa: S608 - a table of ours
                cursor.executemany(sql, changed)
            last = found[-1][0]


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0018_indexes_for_counting"),
    ]

    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
