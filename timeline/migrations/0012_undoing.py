import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_rows(apps, schema_editor):
    """Rows are known by the name they have in their data set, whatever event tells them."""
    event = apps.get_model("timeline", "Event").objects.filter(pk=OuterRef("event"))
    apps.get_model("timeline", "ImportedRow").objects.update(
        dataset=Subquery(event.values("dataset")[:1]),
        external_id=Subquery(event.values("external_id")[:1]),
    )


class Migration(migrations.Migration):
    dependencies = [("timeline", "0011_refuse_half_points_and_unknown_words")]

    operations = [
        migrations.AddField("import", "operation", models.UUIDField(editable=False, null=True)),
        migrations.AddField("import", "undone_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField(
            "importedrow",
            "dataset",
            models.CharField(default="", max_length=100),
            preserve_default=False,
        ),
        migrations.AddField(
            "importedrow",
            "external_id",
            models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
        migrations.RunPython(name_rows, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            "importedrow",
            "event",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="imported_rows",
                to="timeline.event",
            ),
        ),
        migrations.AddConstraint(
            "importedrow",
            models.UniqueConstraint(
                fields=("dataset", "external_id", "run"), name="imported_row_is_once_in_its_run"
            ),
        ),
    ]
