"""How long a date takes to read, typical and hostile, without the cache of ``parse``.

    python -m benchmarks.edtf

The aim is 20 µs for a typical date and 1 ms for any text whatever.
"""

import timeit
from collections.abc import Callable
from contextlib import suppress

from timeline.temporal.errors import EdtfError
from timeline.temporal.grammar import read
from timeline.temporal.meaning import understand
from timeline.temporal.words import parse_words

TYPICAL = (
    "2019", "2019-08", "2019-11-07", "2019-08~", "2017/2019-11", "2017/..", "156X-12-25",
    "[1667,1668,1670..1672]", "2019-11-07T14:30:00+08:00", "Y-17E7", "1950S2", "2020-21",
)  # fmt: skip
HOSTILE = (
    "XXXX-12-XX", "XXX1-02-29", "X" * 500, "[" * 500, "Y9E99999999", "Y" + "9" * 499,
    "[" + ",".join(["XXXX-12-2X"] * 45) + "]",
)  # fmt: skip
WORDS = ("c. 1912", "Thursday, 7 November 2019", "from 2017 to November 2019", "before 1890")
HOSTILE_WORDS = ("1 or " * 99 + "1", "7, " * 160, "circa " * 83, "((" * 250, "2019 or " * 62)


def as_edtf(text: str) -> None:
    understand(read(text, 0))


def microseconds(action: Callable[[str], object], text: str) -> float:
    def run() -> None:
        with suppress(EdtfError):
            action(text)

    return min(timeit.repeat(run, number=100, repeat=5)) * 10_000


def main() -> None:
    for title, action, texts in (
        ("typical", as_edtf, TYPICAL),
        ("hostile", as_edtf, HOSTILE),
        ("words", parse_words, WORDS),
        ("hostile words", parse_words, HOSTILE_WORDS),
    ):
        for text in texts:
            print(f"{title:14} {text[:40]:42} {microseconds(action, text):8.1f} µs")


if __name__ == "__main__":
    main()
