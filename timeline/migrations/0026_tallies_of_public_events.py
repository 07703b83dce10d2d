from django.db import migrations

from timeline.db.tally_triggers import Tallies


class Migration(migrations.Migration):
    dependencies = [("timeline", "0025_sources_by_date")]

    operations = [Tallies()]
