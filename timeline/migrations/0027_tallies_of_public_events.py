from django.db import migrations

from timeline.db.tally_triggers import Tallies


class Migration(migrations.Migration):
    dependencies = [("timeline", "0026_traits_that_events_are_found_by")]

    operations = [Tallies()]
