"""What processes have used: processor time and memory, as the kernel counts them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def _stat(pid: int) -> list[str]:
    # The name stands in brackets and may hold anything.
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def family(root: int) -> list[int]:
    """The process and all that descend from it."""
    parents = {}
    for folder in PROC.iterdir():
        if folder.name.isdecimal():
            try:
                parents[int(folder.name)] = int(_stat(int(folder.name))[1])
            except (OSError, IndexError):
                continue
    found, frontier = [root], {root}
    while frontier:
        frontier = {pid for pid, parent in parents.items() if parent in frontier}
        found += frontier
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """Processor time of these and their descendants, those that have ended included."""
    ticks = 0
    for root in roots:
        for pid in family(root):
            try:
                # user, system, and the same of children that were waited for
                ticks += sum(int(part) for part in _stat(pid)[11:15])
            except (OSError, IndexError):
                continue
    return ticks / TICK


def forget_peak(root: int) -> None:
    """Let the peak of memory be counted anew."""
    for pid in family(root):
        (PROC / str(pid) / "clear_refs").write_text("5")


def peak_megabytes(root: int) -> float:
    """The most memory that any process of the family held at once."""
    peak = 0
    for pid in family(root):
        status = (PROC / str(pid) / "status").read_text()
        peak = max(peak, int(status.partition("VmHWM:")[2].split()[0]))
    return peak / 1024


def own_megabytes(root: int) -> float:
    """What the processes of the family hold for themselves, apart from files and what they share."""
    held = 0
    for pid in family(root):
        status = (PROC / str(pid) / "status").read_text()
        held += int(status.partition("RssAnon:")[2].split()[0])
    return held / 1024
