import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from config.counters import BUCKET_SLOTS, BUCKETS, SharedCounters

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def location(tmp_path: Path) -> str:
    return str(tmp_path / "state" / "counters")


@pytest.fixture
def counters(location: str) -> SharedCounters:
    return SharedCounters(location, {})


def test_what_is_added_counts_up(counters: SharedCounters) -> None:
    assert counters.add("reader", 0)
    assert counters.incr("reader") == 1
    assert counters.incr("reader", 5) == 6
    assert counters.get("reader") == 6


def test_what_is_there_is_not_added_again(counters: SharedCounters) -> None:
    counters.set("reader", 7)

    assert not counters.add("reader", 0)
    assert counters.get("reader") == 7


def test_what_is_not_there_is_not_counted(counters: SharedCounters) -> None:
    with pytest.raises(ValueError, match="not found"):
        counters.incr("nobody")
    assert counters.get("nobody") is None
    assert counters.get("nobody", 3) == 3
    assert not counters.touch("nobody")
    assert not counters.delete("nobody")


def test_a_count_ends_with_its_time(counters: SharedCounters) -> None:
    counters.set("reader", 7, timeout=0.05)
    counters.set("writer", 7, timeout=None)
    time.sleep(0.06)

    assert counters.get("reader") is None
    assert counters.get("writer") == 7
    assert counters.add("reader", 0)


def test_its_time_can_be_put_off(counters: SharedCounters) -> None:
    counters.set("reader", 7, timeout=0.05)

    assert counters.touch("reader", 60)
    time.sleep(0.06)

    assert counters.get("reader") == 7


def test_deleted_and_cleared_counts_are_gone(counters: SharedCounters) -> None:
    counters.set_many({"a": 1, "b": 2, "c": 3})

    assert counters.delete("a")
    assert counters.get_many(["a", "b", "c"]) == {"b": 2, "c": 3}
    counters.clear()
    assert counters.get_many(["a", "b", "c"]) == {}


def test_it_holds_whole_numbers_only(counters: SharedCounters) -> None:
    with pytest.raises(TypeError, match="whole numbers, not str"):
        counters.set("reader", "seven")


def test_a_flood_of_clients_displaces_whoever_would_go_first(counters: SharedCounters) -> None:
    counters.set("steady", 1, timeout=3600)
    for number in range(BUCKETS * BUCKET_SLOTS * 2):
        counters.add(f"passer-by-{number}", 0, timeout=60)

    assert counters.get("steady") == 1


def test_threads_lose_no_count(counters: SharedCounters, location: str) -> None:
    counters.set("reader", 0)

    def count() -> None:
        own = SharedCounters(location, {})
        for _ in range(500):
            own.incr("reader")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counters.get("reader") == 2000


def test_processes_lose_no_count(counters: SharedCounters, location: str) -> None:
    counters.set("reader", 0)
    program = (
        "import sys; from config.counters import SharedCounters;"
        "own = SharedCounters(sys.argv[1], {});"
        "[own.incr('reader') for _ in range(5000)]"
    )

    workers = [
        subprocess.Popen([sys.executable, "-c", program, location], cwd=ROOT) for _ in range(3)
    ]

    assert [worker.wait() for worker in workers] == [0, 0, 0]
    assert counters.get("reader") == 15_000
