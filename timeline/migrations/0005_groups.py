"""The three groups whose members may work in the administration pages."""

from django.db import migrations

GROUPS = ("Contributor", "Editor", "Administrator")


def make_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    for name in GROUPS:
        groups.get_or_create(name=name)


def remove_unused_groups(apps, schema_editor):
    # Who belongs to a group would lose their powers without a word.
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS, user=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("timeline", "0004_imports"),
    ]

    operations = [migrations.RunPython(make_groups, remove_unused_groups)]
