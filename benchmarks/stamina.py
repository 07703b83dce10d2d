"""What the service holds in memory while it is asked all sorts of things, sixteen at once."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from benchmarks.cases import SPELLINGS
from benchmarks.client import throughput
from benchmarks.measure import CONCURRENCY
from benchmarks.processor import own_megabytes
from benchmarks.questions import Question, Questions
from benchmarks.servers import Server

PARTS = 10


def under_load(server: Server, questions: Questions, seconds: float) -> list[float]:
    """Megabytes that are its own, after each tenth of so many seconds; files it maps are not."""
    # Each spelled in many ways, so that nothing is answered from memory.
    asked = [*_paths(server, questions)]
    paths = [f"{path}{'&' * more}" for more in range(SPELLINGS) for path in asked]
    held = []
    for _ in range(PARTS):
        throughput(server.port, paths, CONCURRENCY, seconds / PARTS)
        held.append(own_megabytes(server.process.pid))
    return held


def _paths(server: Server, questions: Questions) -> Iterator[str]:
    """Pages of all sorts, searches, summaries and small exports."""
    pages = [Question(), *questions.hot_actor(), *questions.window(), *questions.window_and_actor()]
    yield from map(server.page, pages)
    yield server.page(Question(word=questions.middling))
    for question in questions.window_and_actor()[:10]:
        asked = {k: v for k, v in question.parameters.items() if k != "page_size"}
        for what, more in (("/histogram", {"interval": "month"}), ("/facets", {"by": "kind,tag"})):
            yield f"/api/v1/events{what}?{urlencode(asked | more)}"
        yield f"/api/v1/events.csv?{urlencode(asked)}"
