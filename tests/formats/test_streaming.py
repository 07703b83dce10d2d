import tracemalloc

import pytest

from tests.formats.events import CONTEXT, event
from timeline.formats import FORMATS

MANY = 3_000
# To trace memory slows everything down, so only these last ones are traced. Held together they
# would take 2,000 titles and 2,000 dictionaries, far more than the bound.
TRACED = 2_000
FEW_BYTES = 1_000_000


class Events:
    """Many events, made as they are asked for."""

    def __init__(self):
        self.asked_for = 0

    def __iter__(self):
        shared = event(participations=[], citations=[], summary="")
        for number in range(MANY):
            if number == MANY - TRACED:
                tracemalloc.start()
            self.asked_for += 1
            yield {**shared, "title": f"Event {number} {'x' * 400}"}


@pytest.mark.parametrize("suffix", FORMATS)
def test_many_events_are_never_held_together(suffix):
    total = 0
    try:
        for chunk in FORMATS[suffix].write(Events(), CONTEXT):
            total += len(chunk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total > 100_000
    assert peak < FEW_BYTES


# A workbook is an archive with its list of contents at the end.
@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != "xlsx"])
def test_the_first_bytes_leave_long_before_the_last_event_is_asked_for(suffix):
    events = Events()
    stream = FORMATS[suffix].write(events, CONTEXT)
    assert next(stream)
    assert events.asked_for < 200
