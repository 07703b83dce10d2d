import django.db.models.deletion
from django.db import migrations, models

import timeline.db.dates
from timeline.db.search import KeepSearchIndex


REPEATED = ("start_min", "end_max", "sort_key")


def add(apps, schema_editor):
    """To the rows between events and tags, of which migrations know no model."""
    taggings = apps.get_model("timeline", "Event").tags.through
    for name in REPEATED:
        field = timeline.db.dates.OfEvent(default=0)
        field.contribute_to_class(taggings, name)
        schema_editor.add_field(taggings, field)


def remove(apps, schema_editor):
    for name in REPEATED:
        schema_editor.execute(f"ALTER TABLE timeline_event_tags DROP COLUMN {name}")


def drop_index(apps, schema_editor):
    """The index of tags alone: another will begin with the tag."""
    with schema_editor.connection.cursor() as cursor:
        known = schema_editor.connection.introspection.get_constraints(
            cursor, "timeline_event_tags"
        )
    for name, one in known.items():
        if one["index"] and not one["unique"] and one["columns"] == ["tag_id"]:
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


def make_index(apps, schema_editor):
    schema_editor.execute("CREATE INDEX timeline_event_tags_tag_id ON timeline_event_tags (tag_id)")


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0017_index_windows_of_participations"),
    ]

    operations = [
        # Of the indexes that are to be others.
        migrations.RemoveIndex(model_name="event", name="event_public_by_date"),
        migrations.RemoveIndex(model_name="event", name="event_public_newest_first"),
        migrations.RemoveIndex(model_name="participation", name="participation_by_actor"),
        migrations.RemoveIndex(model_name="participation", name="participation_by_role"),
        migrations.RemoveIndex(model_name="participation", name="participation_in_window"),
        migrations.AddField(
            model_name="participation",
            name="sort_key",
            field=timeline.db.dates.OfEvent(
                default=0, editable=False, verbose_name="known edge of the event"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(add, remove),
        migrations.RunPython(drop_index, make_index),
        migrations.AlterField(
            model_name="participation",
            name="actor",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="participations",
                to="timeline.actor",
            ),
        ),
        migrations.AlterField(
            model_name="participation",
            name="role",
            field=models.ForeignKey(
                db_index=False,
                limit_choices_to={"vocabulary": "roles"},
                on_delete=django.db.models.deletion.PROTECT,
                related_name="participations",
                to="timeline.term",
            ),
        ),
        KeepSearchIndex("event"),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                limit_choices_to={"vocabulary": "kinds"},
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="timeline.term",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="place",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="timeline.place",
            ),
        ),
        KeepSearchIndex("event"),
    ]
