from django.db import migrations

from timeline.db.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_initial")]

    operations = [AppendOnly("Change")]
