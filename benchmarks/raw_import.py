"""How long the driver alone takes for so many events: python -m benchmarks.raw_import SIZE

The rows are ready before the clock starts; nothing is validated, matched or recorded.
"""

import sys
import time

import django

from benchmarks.generate import World


def main() -> None:
    django.setup()
    from django.db import transaction

    from benchmarks.load import Loader, chunks

    world = World(int(sys.argv[1]))
    loader = Loader(world)
    ready = [list(loader.named())]
    ready += [list(loader.of_events(events)) for events in chunks(world.events())]
    began, used = time.perf_counter(), time.process_time()
    with transaction.atomic():
        for tables in ready:
            for table, rows in tables:
                table.insert(rows)
    print(time.perf_counter() - began, time.process_time() - used)


if __name__ == "__main__":
    main()
