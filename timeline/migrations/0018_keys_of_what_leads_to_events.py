import django.db.models.deletion
from django.db import migrations, models

import timeline.db.dates

REPEATED = {
    "start_min": "earliest first moment of the event",
    "end_max": "latest last moment of the event",
    "sort_key": "known edge of the event",
}
# Of the rows between events and tags migrations know no model.
COLUMNS = [
    ("timeline_participation", "sort_key"),
    *(("timeline_event_tags", name) for name in REPEATED),
]
# The indexes of one pointer alone: others by date will begin with it.
POINTERS = [
    ("timeline_event", "kind_id"),
    ("timeline_event", "place_id"),
    ("timeline_participation", "actor_id"),
    ("timeline_participation", "role_id"),
    ("timeline_event_tags", "tag_id"),
]


def change(apps, schema_editor):
    """By hand, since Django would write each table anew on SQLite, millions of rows and more."""
    for table, name in COLUMNS:
        schema_editor.execute(f"ALTER TABLE {table} ADD COLUMN {name} bigint NOT NULL DEFAULT 0")
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT")
    introspection = schema_editor.connection.introspection
    for table, column in POINTERS:
        with schema_editor.connection.cursor() as cursor:
            known = introspection.get_constraints(cursor, table)
        for name, one in known.items():
            if one["index"] and not one["unique"] and one["columns"] == [column]:
                schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


def change_back(apps, schema_editor):
    for table, column in POINTERS:
        schema_editor.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")
    for table, name in COLUMNS:
        schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def pointer(model, **options):
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        to=f"timeline.{model}",
        **options,
    )


KIND = {"limit_choices_to": {"vocabulary": "kinds"}}
ROLE = {"limit_choices_to": {"vocabulary": "roles"}}
OF_EVENTS = {"null": True, "blank": True, "related_name": "events"}


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0017_index_windows_of_participations"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="event", name="event_public_by_date"),
        migrations.RemoveIndex(model_name="event", name="event_public_newest_first"),
        migrations.RemoveIndex(model_name="participation", name="participation_by_actor"),
        migrations.RemoveIndex(model_name="participation", name="participation_by_role"),
        migrations.RemoveIndex(model_name="participation", name="participation_in_window"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(change, change_back)],
            state_operations=[
                migrations.AddField(
                    "participation",
                    "sort_key",
                    timeline.db.dates.OfEvent(editable=False, verbose_name=REPEATED["sort_key"]),
                ),
                migrations.AlterField("event", "kind", pointer("term", **KIND, **OF_EVENTS)),
                migrations.AlterField("event", "place", pointer("place", **OF_EVENTS)),
                migrations.AlterField(
                    "participation", "actor", pointer("actor", related_name="participations")
                ),
                migrations.AlterField(
                    "participation", "role", pointer("term", **ROLE, related_name="participations")
                ),
            ],
        ),
    ]
