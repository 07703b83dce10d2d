"""Write the seeds as a fixture for `loaddata`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from timeline.errors import TimelineError
from timeline.models import Change
from timeline.services.seeding import seed_records

# What a seed may become: records, their parts, and the ledger. The vocabulary, to which they
# refer by its codes, comes with the migrations.
MODELS = (
    "Tag",
    "Place",
    "Actor",
    "ActorName",
    "Affiliation",
    "Source",
    "Event",
    "EventDateMember",
    "Participation",
    "Claim",
    "ClaimLink",
    "Figure",
    "Relation",
    "Citation",
    "Timeline",
    "TimelineEntry",
    "Change",
    "Operation",
)


class Command(BaseCommand):
    help = (
        "Write what `seed` makes of the seed files as a fixture, ledger included. This needs a "
        "migrated database without records, and leaves it so: DATABASE_URL=sqlite:////tmp/empty, "
        "`manage.py migrate`, then this."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            default=settings.BASE_DIR / "fixtures" / "fentanyl.json",
            metavar="FILE",
            help="where to write it; default: %(default)s",
        )
        parser.add_argument(
            "--seeds",
            type=Path,
            default=settings.BASE_DIR / "seeds" / "fentanyl",
            metavar="PATH",
            help="the seed file or folder; default: %(default)s",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if Change.objects.exists():
            raise CommandError(
                "This database has records, and the ledger of a fixture begins anew."
            )
        with transaction.atomic():
            try:
                seed_records(path=options["seeds"])
            except TimelineError as error:
                raise CommandError(str(error)) from error
            call_command(
                "dumpdata",
                *(f"timeline.{model}" for model in MODELS),
                natural_foreign=True,
                natural_primary=True,
                indent=1,
                output=str(options["path"]),
                verbosity=0,
            )
            transaction.set_rollback(True)
