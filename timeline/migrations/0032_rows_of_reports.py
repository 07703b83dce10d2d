"""Rows of the reports of imports by some hundred, where each report was one value of any length."""

import json

from django.db import migrations, models
from django.db.models.deletion import CASCADE

FOLDED = 500


def fold(apps, schema_editor):
    rows_of = apps.get_model("timeline", "ReportedRows").objects
    for run in apps.get_model("timeline", "Import").objects.iterator(chunk_size=1):
        rows = run.report.pop("rows", [])
        for start in range(0, len(rows), FOLDED):
            some = json.dumps(rows[start : start + FOLDED], ensure_ascii=False)
            rows_of.create(run=run, rows=some)
        run.save(update_fields=["report"])


def unfold(apps, schema_editor):
    rows_of = apps.get_model("timeline", "ReportedRows").objects
    for run in apps.get_model("timeline", "Import").objects.iterator(chunk_size=1):
        parts = rows_of.filter(run=run).order_by("pk").values_list("rows", flat=True)
        run.report["rows"] = [row for part in parts for row in json.loads(part)]
        run.save(update_fields=["report"])


class Migration(migrations.Migration):
    dependencies = [("timeline", "0031_kinds_beside_who_took_part")]

    operations = [
        migrations.CreateModel(
            name="ReportedRows",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rows", models.TextField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=CASCADE, related_name="reported", to="timeline.import"
                    ),
                ),
            ],
        ),
        migrations.RunPython(fold, unfold),
    ]
