"""What the service sets itself, held against what was measured in one run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.cases import AGAIN, FORGETFUL, LIMIT, OURS, SAME

Found = dict[str, Any]


@dataclass(frozen=True)
class Aim:
    """A number, and what it may be at most or has to be at least."""

    text: str
    value: float
    bound: float
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    @property
    def spelled(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


def of(found: Found, case: str, who: str, what: str) -> float:
    return float(found["cases"][case]["contenders"][who][what])


def ratio(found: Found, case: str, who: str, of_whom: str, what: str) -> float:
    return of(found, case, who, what) / of(found, case, of_whom, what)


PAGES = {"list": "window and actor", "filtered": "actor, window, kind and word"}
PEERS = {"DRF": 10, "django-ninja": 10, "FastAPI": 6, "Datasette": 3}
LIMITS = {"sqlite": 2.0, "postgresql": 1.6}


def aims(vendor: str, found: Found) -> Iterator[Aim]:
    """Every aim that this run measured."""
    cases = found["cases"]
    for case, title in PAGES.items():
        if case in cases:
            for peer, times in PEERS.items():
                if peer in cases[case]["contenders"]:
                    for who in (OURS, FORGETFUL):
                        value = ratio(found, case, who, peer, "per_second")
                        text = f"{title}: throughput of {who} ÷ {peer}"
                        yield Aim(text, value, times, at_least=True)
    for case, title in {**PAGES, "window": "window alone"}.items():
        if case in cases:
            limit = SAME if SAME in cases[case]["contenders"] else LIMIT
            for who in (OURS, FORGETFUL):
                value = ratio(found, case, who, limit, "cpu_ms")
                yield Aim(f"{title}: processor of {who} ÷ {limit}", value, LIMITS[vendor])
    if {"deep", "first"} <= cases.keys():
        value = of(found, "deep", OURS, "cpu_ms") / of(found, "first", OURS, "cpu_ms")
        yield Aim("deep page ÷ first page, processor", value, 1.2)
    if {"hot", "list"} <= cases.keys():
        value = of(found, "hot", OURS, "cpu_ms") / of(found, "list", OURS, "cpu_ms")
        yield Aim("page of a hot actor ÷ of an ordinary one, processor", value, 1.2)
    yield from _each(found)
    yield from _transfers(found)
    if held := found.get("memory"):
        # The caches of its threads fill in the beginning.
        yield Aim("memory under load: at the end ÷ after two tenths", held[-1] / held[1], 1.1)


SIMPLE: tuple[tuple[str, str, str, str, float], ...] = (
    ("detail", OURS, "cpu_ms", "one event, ms of processor", 2),
    ("304", OURS, "cpu_ms", "304, ms of processor", 1),
    *(
        (f"search-{word}", f"{OURS} {where}", "p50_ms", f"search {where}, {word} word, ms", 50.0)
        for word in ("rare", "middling", "common")
        for where in ("/events", "/search")
    ),
    *(
        (f"{what}-{over}", who, "p50_ms", f"{what}, {over}, {told}, ms", bound)
        for who, told in ((OURS, "asked anew"), (AGAIN, "asked again"))
        for what in ("histogram", "facets-kind", "facets-tag", "facets-actor")
        for over, bound in (("all", 50.0), ("filtered", 150.0))
    ),
)


def _each(found: Found) -> Iterator[Aim]:
    for case, who, what, text, bound in SIMPLE:
        if case in found["cases"]:
            yield Aim(text, of(found, case, who, what), bound)
    for name, case in found["cases"].items():
        for who, recall in case["notes"].items():
            yield Aim(f"recall of {name}, {who}", recall, 0.9, at_least=True)


def _transfers(found: Found) -> Iterator[Aim]:
    out, into = found.get("exports"), found.get("imports")
    if out:
        limit = out["limit"]["ndjson"]
        for suffix, done in out[OURS].items():
            # It reads and writes at once, with two processors where there are two.
            for rate, told in (
                ("rows_per_second", "rate"),
                ("rows_per_cpu_second", "rate by processor time"),
            ):
                text = f"export {suffix} ÷ JSON streamed from SQL, {told}"
                yield Aim(text, done[rate] / limit[rate], 0.5, at_least=True)
        yield Aim("export, most MB", max(done["megabytes"] for done in out[OURS].values()), 100)
    if into:
        ours = into[OURS]
        more = next(done for name, done in into.items() if name.startswith(f"{OURS},"))
        raw = into["raw executemany or COPY"]["rows_per_cpu_second"]
        alone = into["DRF, row by row"]["rows_per_cpu_second"]
        # Of the longer one, since to start takes longer than a few rows.
        rate = more["rows_per_cpu_second"]
        yield Aim("import ÷ raw rows", rate / raw, 0.3, at_least=True)
        yield Aim("import ÷ DRF row by row", rate / alone, 30, at_least=True)
        yield Aim("import, most MB", more["megabytes"], 150)
        value = more["megabytes"] - ours["megabytes"]
        yield Aim("import, MB more for four times the rows", value, 30)


def growth(curves: dict[str, list[tuple[float, float]]]) -> Iterator[Aim]:
    """How much longer each takes of the largest world than of the smallest."""
    for name, curve in curves.items():
        yield Aim(f"{name}: growth of the processor time", curve[-1][1] / curve[0][1], 1.5)
