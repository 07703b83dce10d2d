import tracemalloc

import pytest

from tests.formats.events import CONTEXT, event
from timeline.formats import FORMATS

MANY = 20_000
# What is to be told apart: some chunks, or some tens of megabytes of events.
FEW_BYTES = 6_000_000


def made(counted: list[int], number: int):
    shared = event()
    for at in range(number):
        counted[0] += 1
        yield {**shared, "title": f"Event {at} {'x' * 200}"}


@pytest.mark.parametrize("suffix", FORMATS)
def test_twenty_thousand_events_are_never_held_together(suffix):
    # What modules and caches take once is no matter here.
    list(FORMATS[suffix].write(made([0], 50), CONTEXT))
    total = 0
    tracemalloc.start()
    try:
        for chunk in FORMATS[suffix].write(made([0], MANY), CONTEXT):
            total += len(chunk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total > 500_000
    assert peak < FEW_BYTES


# A workbook is an archive with its list of contents at the end.
@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != "xlsx"])
def test_the_first_bytes_leave_long_before_the_last_event_is_asked_for(suffix):
    counted = [0]
    stream = FORMATS[suffix].write(made(counted, MANY), CONTEXT)
    assert next(stream)
    assert counted[0] < 200
