"""What was measured, as tables for people and as plots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import svg
from benchmarks.aims import aims, growth
from benchmarks.cases import AGAIN, FLAT, FORGETFUL, LIMIT, OURS, SAME

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
Curves = dict[str, list[tuple[float, float]]]
PEERS = ("DRF", "django-ninja", "FastAPI", "Datasette")
REMARK = (
    "Peers are built as their documentation teaches. Any of them could pass JSON that the database "
    "built straight through, and would then sit near the same limit: what is compared is what one "
    "gets without doing so."
)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = list(head)
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def number(value: float | None, digits: int = 3) -> str:
    """Three digits that count; more would be noise."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.{digits}g}"


def write(result: dict[str, Any], folder: Path) -> Path:
    """The report and its plots; the path of the report."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"# {result['size']:,} events",
        "",
        f"{result['machine']}",
        "",
        f"{', '.join(f'{name} {version}' for name, version in result['versions'].items())}.",
        "",
        f"Processor time is of server and database together. {REMARK}",
        "",
    ]
    for vendor, found in result["databases"].items():
        lines += [f"## {NAMES[vendor]}", "", *_database(vendor, found)]
        if "list" in found["cases"]:
            rates = {
                name: one["per_second"]
                for name, one in found["cases"]["list"]["contenders"].items()
                if one["per_second"]
            }
            title = (
                f"Pages a second, window and actor, {result['size']:,} events, {NAMES[vendor]}, "
                "one process"
            )
            plot = svg.bars(title, rates, "a second", first=OURS)
            (folder / f"pages-{vendor}.svg").write_text(plot)
    report = folder / "report.md"
    report.write_text("\n".join(lines))
    return report


def _database(vendor: str, found: dict[str, Any]) -> Iterator[str]:
    cases = found["cases"]
    pages = {name: case for name, case in cases.items() if case["is_page"]}
    peers = [peer for peer in PEERS if any(peer in c["contenders"] for c in pages.values())]
    yield "### Pages: milliseconds of processor a request"
    yield ""
    who = [LIMIT, SAME, FORGETFUL, OURS, AGAIN, *peers]
    yield from table(
        ["", *who, "rows compared"],
        [
            [
                case["title"],
                *(number(case["contenders"].get(name, {}).get("cpu_ms")) for name in who),
                number(case["compared"]),
            ]
            for case in pages.values()
        ],
    )
    at_once = {n: c for n, c in pages.items() if c["contenders"][OURS]["per_second"]}
    if at_once:
        yield "### Pages: requests a second, sixteen at once"
        yield ""
        yield from table(
            ["", AGAIN, FORGETFUL, OURS, *(part for peer in peers for part in (peer, "×"))],
            [
                [
                    case["title"],
                    *(number(case["contenders"][who]["per_second"]) for who in (AGAIN, FORGETFUL)),
                    number(ours := case["contenders"][OURS]["per_second"]),
                ]
                + [
                    part
                    for peer in peers
                    for part in _against(ours, case["contenders"].get(peer, {}).get("per_second"))
                ]
                for case in at_once.values()
            ],
        )
    yield "### Everything, one by one"
    yield ""
    yield from table(
        ["", "who", "p50 ms", "p95 ms", "processor ms", "kB", "recall"],
        [
            [
                case["title"],
                name,
                *(number(one[what]) for what in ("p50_ms", "p95_ms", "cpu_ms")),
                number(one["bytes"] / 1000),
                number(case["notes"].get(name)),
            ]
            for case in cases.values()
            for name, one in case["contenders"].items()
        ],
    )
    yield from _transfers(found)
    if held := found.get("memory"):
        yield "### Memory under load: MB of the service's own, tenth by tenth"
        yield ""
        yield f"{', '.join(map(number, held))}."
        yield ""
    yield "### Aims"
    yield ""
    yield from table(
        ["", "measured", "aim", ""],
        [
            [aim.text, number(aim.value), aim.spelled, "met" if aim.is_met else "**missed**"]
            for aim in aims(vendor, found)
        ],
    )


def _against(ours: float, theirs: float | None) -> tuple[str, str]:
    return (number(theirs), number(ours / theirs)) if theirs else ("–", "–")


def _transfers(found: dict[str, Any]) -> Iterator[str]:
    rows = [
        [f"export, {name}", suffix, one]
        for name, formats in found.get("exports", {}).items()
        for suffix, one in formats.items()
    ] + [["import", name, one] for name, one in found.get("imports", {}).items()]
    if rows:
        yield "### Files"
        yield ""
        yield from table(
            ["", "", "rows", "rows a second", "rows a second of processor", "most MB"],
            [
                [
                    what,
                    how,
                    number(one["rows"]),
                    number(one["rows_per_second"]),
                    number(one["rows_per_cpu_second"]),
                    number(one["megabytes"]),
                ]
                for what, how, one in rows
            ],
        )


def write_growth(results: list[dict[str, Any]], folder: Path) -> Path:
    """How the time of every question grows, from the smallest world to the largest."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["# Growth", "", f"{results[-1]['machine']}", ""]
    for vendor in results[-1]["databases"]:
        lines += [f"## {NAMES[vendor]}", ""]
        flat: Curves = {}
        others: Curves = {}
        for result in results:
            for name, case in result["databases"][vendor]["cases"].items():
                curves = flat if name in FLAT else others
                for title, cpu in _of_ours(name, case):
                    curves.setdefault(title, []).append((result["size"], cpu))
        for kind, curves in {"growth": flat, "growth-of-others": others}.items():
            if curves:
                title = f"Processor time of Timeline and {NAMES[vendor]}, by number of events"
                plot = svg.lines(title, curves, "events", "ms a request")
                (folder / f"{kind}-{vendor}.svg").write_text(plot)
        lines += table(
            ["ms of processor", *(f"{result['size']:,}" for result in results), "growth"],
            [
                [name, *(number(y) for _, y in curve), number(curve[-1][1] / curve[0][1])]
                for name, curve in (flat | others).items()
            ],
        )
        missed = [aim.text for aim in growth(flat) if not aim.is_met]
        lines += [f"Beyond 1.5 times: {', '.join(missed) or 'nothing'}.", ""]
    report = folder / "growth.md"
    report.write_text("\n".join(lines))
    return report


def _of_ours(name: str, case: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """The processor time of the service, by a name that is the same for every size."""
    for who, one in case["contenders"].items():
        where = who.removeprefix(OURS).strip()
        yield f"{name} {where}".strip(), one["cpu_ms"]
