"""Load the hand-written seed files."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from timeline.errors import TimelineError
from timeline.services.seeding import seed_records


class Command(BaseCommand):
    help = (
        "Record and publish what seed files say (TOML; see seeds/README.md). Everything is written "
        "or nothing. Run again, it records only what has been edited in the files since. Records "
        "that somebody else has changed in the meantime are left alone and named."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            default=settings.BASE_DIR / "seeds",
            metavar="PATH",
            help="a seed file, or a folder with such files in it; default: %(default)s",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(f"There is no file or folder {path}.")
        try:
            outcome = seed_records(path=path, progress=self.show)
        except TimelineError as error:
            raise CommandError(f"Nothing was recorded.\n{error}") from error
        for line in outcome.left:
            self.stderr.write(self.style.WARNING(f"Left alone: {line}."))
        if options["verbosity"]:
            self.stdout.write(
                f"Seeded: {outcome.created} created, {outcome.updated} updated, "
                f"{outcome.unchanged} unchanged, {len(outcome.left)} left alone."
            )

    def show(self, done: int, total: int) -> None:
        """Show how far it is, to a person who waits."""
        if self.stdout.isatty():
            ending = "\n" if done == total else "\r"
            self.stdout.write(f"{done} of {total}", ending=ending)
            self.stdout.flush()
