"""Fill the migrated database of DATABASE_URL with so many events: python -m benchmarks.fill SIZE"""

import sys
import time

import django

from benchmarks.generate import World


def main() -> None:
    django.setup()
    from django.db import connection

    from benchmarks.load import load

    world = World(int(sys.argv[1]))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Nothing here is worth surviving a power cut.
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-500000")
    began = time.monotonic()
    load(world, progress=lambda done: _tell(done, world.size))
    _tell(world.size, world.size)
    print(time.monotonic() - began)
    with connection.cursor() as cursor:
        # As autovacuum would have done by and by, so that indexes can answer alone.
        cursor.execute("VACUUM" if connection.vendor == "postgresql" else "PRAGMA optimize")


def _tell(done: int, size: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,} of {size:,} events", end="\n" if done == size else "", file=sys.stderr)


if __name__ == "__main__":
    main()
