"""Two sorts of plot as SVG: bars, and lines on scales of powers of ten."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from math import ceil, floor, log10

WIDTH, LEFT, RIGHT, ROW, TOP = 720, 150, 90, 30, 46
COLOURS = ("#1565c0", "#ef6c00", "#2e7d32", "#6a1b9a", "#c62828", "#546e7a")
GREY = "#7a7a7a"


def _drawing(title: str, height: int, inner: Iterable[str]) -> str:
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="sans-serif" font-size="13">'
    )
    name = escape(title)
    # A grey between black and white, to be read on both.
    heading = f'<g fill="{GREY}"><text x="12" y="24" font-size="15">{name}</text>'
    return "\n".join([opening, f"<title>{name}</title>", heading, *inner, "</g></svg>", ""])


def bars(title: str, values: dict[str, float], unit: str, *, first: str = "") -> str:
    """A bar for each value; the one called ``first`` stands out."""
    longest = max(values.values())
    inner = []
    for place, (name, value) in enumerate(values.items()):
        y = TOP + place * ROW
        length = max(1.0, (WIDTH - LEFT - RIGHT) * value / longest)
        colour = COLOURS[0] if name == first else GREY
        inner += [
            f'<text x="{LEFT - 10}" y="{y + 16}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{ROW - 8}" fill="{colour}"/>',
            f'<text x="{LEFT + length + 8:.1f}" y="{y + 16}">{value:,.3g} {escape(unit)}</text>',
        ]
    return _drawing(title, TOP + len(values) * ROW + 10, inner)


def lines(
    title: str, curves: dict[str, list[tuple[float, float]]], across: str, upwards: str
) -> str:
    """Curves over a scale of powers of ten in both directions."""
    points = [point for curve in curves.values() for point in curve]
    x0, x1 = _powers([x for x, _ in points])
    y0, y1 = _powers([y for _, y in points])
    bottom, right = 330, WIDTH - 190
    height = max(bottom + 50, TOP + 30 + len(curves) * 20)

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            60 + (log10(x) - x0) / (x1 - x0) * (right - 60),
            bottom - (log10(y) - y0) / (y1 - y0) * (bottom - TOP),
        )

    inner = [f'<text x="{right}" y="{bottom + 38}" text-anchor="end">{escape(across)}</text>']
    inner.append(f'<text x="12" y="{TOP - 4}" font-size="12">{escape(upwards)}</text>')
    for power in range(x0, x1 + 1):
        x, _ = at(10.0**power, 10.0**y0)
        inner.append(
            f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{10**power:,}</text>'
        )
    for power in range(y0, y1 + 1):
        _, y = at(10.0**x0, 10.0**power)
        inner.append(f'<text x="52" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
        inner.append(f'<path d="M60 {y:.1f}H{right}" stroke="{GREY}" stroke-opacity=".3"/>')
    for place, (name, curve) in enumerate(curves.items()):
        colour = COLOURS[place % len(COLOURS)]
        spots = [at(x, y) for x, y in curve]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        inner.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        inner += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
        y = TOP + 16 + place * 20
        inner.append(f'<text x="{right + 14}" y="{y}" fill="{colour}">{escape(name)}</text>')
    return _drawing(title, height, inner)


def _powers(values: list[float]) -> tuple[int, int]:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)
