from django.db import migrations

from timeline.db.tally_triggers import Tallies


class Migration(migrations.Migration):
    dependencies = [("timeline", "0029_one_index_of_events_in_time")]

    operations = [Tallies()]
