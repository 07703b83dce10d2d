"""No index that another begins with, and none full of NULL: each new row would be told to both.

SQLite would make a table anew to alter a pointer; to drop its index is enough, as on PostgreSQL.
"""

from django.db import migrations, models
from django.db.models.deletion import CASCADE, PROTECT
from django.db.models import Q

# The pointers, each with the last part of the name of its index.
COVERED = [
    # By what is unique, which begins with the same pointer.
    ("participation", "event", "0ea5d074"),
    ("event_tags", "event", "89c9e866"),
    ("actorname", "actor", "b60cfe01"),
    ("relation", "subject", "6aeeacd7"),
    ("claimlink", "claim", "2a6c42e3"),
    ("timelineentry", "timeline", "8d9f5cae"),
    # By `citation_by_source`.
    ("citation", "source", "ec91d247"),
]
# A citation is for one record, most are for an event: of the rest an index of those that are filled.
SELDOM = [
    ("citation", "participation", "c31a3f30"),
    ("citation", "claim", "24c8d614"),
    ("citation", "relation", "2168e525"),
    ("citation", "affiliation", "3e521c2e"),
    ("citation", "figure", "4a7a3682"),
]


def pointer(to, name, **more):
    return models.ForeignKey(to=f"timeline.{to}", related_name=name, db_index=False, **more)


def altered(model, name, field):
    return migrations.AlterField(model_name=model, name=name, field=field)


STATE = [
    altered("participation", "event", pointer("event", "participations", on_delete=CASCADE)),
    altered("actorname", "actor", pointer("actor", "names", on_delete=CASCADE)),
    altered("relation", "subject", pointer("event", "relations_out", on_delete=CASCADE)),
    altered("claimlink", "claim", pointer("claim", "links", on_delete=CASCADE)),
    altered("timelineentry", "timeline", pointer("timeline", "entries", on_delete=CASCADE)),
    altered("citation", "source", pointer("source", "citations", on_delete=PROTECT)),
    *(
        altered(model, name, pointer(name, "citations", on_delete=CASCADE, null=True, blank=True))
        for model, name, _ in SELDOM
    ),
]


def dropped(model, name, ending):
    table, column = f"timeline_{model}", f"{name}_id"
    index = f"{table}_{column}_{ending}"
    return migrations.RunSQL(f"DROP INDEX {index}", f"CREATE INDEX {index} ON {table} ({column})")


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0023_webhooks"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[dropped(*one) for one in (*COVERED, *SELDOM)],
            state_operations=STATE,
        ),
        *(
            migrations.AddIndex(
                model_name=model,
                index=models.Index(
                    fields=[name],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"citation_of_{name}",
                ),
            )
            for model, name, _ in SELDOM
        ),
    ]
