"""Fill the migrated database of DATABASE_URL with so many events: python -m benchmarks.fill SIZE"""

import sys
import time
from contextlib import suppress

import django

from benchmarks.generate import World


def main() -> None:
    django.setup()
    from django.db import connection
    from django.urls import NoReverseMatch, reverse

    from benchmarks.load import load
    from timeline.db.tallies import settle

    world = World(int(sys.argv[1]))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Nothing here is worth surviving a power cut.
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-500000")
    began = time.monotonic()
    load(world, progress=lambda done: _tell(f"{done:,} of {world.size:,} events"))
    seconds = time.monotonic() - began
    # Without a feed of changes nobody reads the ledger.
    with suppress(NoReverseMatch):
        reverse("changes")
        from benchmarks.record import record_events

        record_events(progress=lambda done: _tell(f"{done:,} of {world.size:,} in the ledger"))
    # As the next to write would have done.
    settle(0)
    _tell("")
    print(seconds)
    with connection.cursor() as cursor:
        # As autovacuum would have done by and by, so that indexes can answer alone.
        cursor.execute("VACUUM" if connection.vendor == "postgresql" else "PRAGMA optimize")


def _tell(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
