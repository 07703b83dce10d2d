from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0024_drop_indexes_that_others_begin_with"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["sort_key", "end_max", "uuid"], name="source_by_date"),
        ),
    ]
