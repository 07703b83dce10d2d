"""A client that asks one after the other, and one that asks many at once, in a process of its own.

    echo /events | python -m benchmarks.client PORT CONCURRENCY SECONDS

The second reads addresses from its input, asks for them over and over for so long, over so many
connections that stay open, and prints what it got as JSON.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import subprocess
import sys
import time
from itertools import count

MOST_REQUESTS = 20_000
PATIENCE = 60.0


class Connection:
    """Asks one question at a time over a connection that stays open."""

    def __init__(self, port: int) -> None:
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes, str]:
        """Status, body and tag."""
        for attempt in (1, 2):
            try:
                self.http.request("GET", path, headers=headers or {})
                answer = self.http.getresponse()
                return answer.status, answer.read(), answer.getheader("ETag", "")
            except (http.client.RemoteDisconnected, ConnectionError):
                # The server closed what had been idle.
                self.http.close()
                if attempt == 2:
                    raise
        raise AssertionError


def throughput(port: int, paths: list[str], concurrency: int, seconds: float) -> dict[str, float]:
    """Ask from another process; how many answers came, in how long, and how many were errors."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.client", str(port), str(concurrency), str(seconds)],
        input="\n".join(paths),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=seconds + PATIENCE * 2,
    )
    return dict(json.loads(done.stdout))


class Generator:
    """So many connections, asking until the time is up."""

    def __init__(self, port: int, paths: list[str], seconds: float) -> None:
        self.port = port
        self.requests = [
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode() for path in paths
        ]
        self.next = count()
        self.seconds = seconds
        self.answered = self.failed = 0

    async def run(self, concurrency: int) -> dict[str, float]:
        self.began = time.monotonic()
        # What is under way when the time is up is waited for and counted, with its time.
        async with asyncio.timeout(self.seconds + PATIENCE):
            await asyncio.gather(*(self.ask() for _ in range(concurrency)))
        elapsed = time.monotonic() - self.began
        return {"answered": self.answered, "failed": self.failed, "seconds": elapsed}

    def _is_on(self) -> bool:
        return time.monotonic() - self.began < self.seconds and self.answered < MOST_REQUESTS

    async def ask(self) -> None:
        while self._is_on():
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
            try:
                while self._is_on():
                    writer.write(self.requests[next(self.next) % len(self.requests)])
                    status = await _read_answer(reader)
                    if status == 200:
                        self.answered += 1
                    else:
                        self.failed += 1
            except (asyncio.IncompleteReadError, ConnectionError):
                # Closed between two answers; anything else would show as too few of them.
                continue
            finally:
                writer.close()


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    if b"transfer-encoding: chunked" in head:
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    else:
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
    if b"connection: close" in head:
        raise ConnectionError
    return status


def main() -> None:
    port, concurrency, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    generator = Generator(port, sys.stdin.read().split("\n"), seconds)
    print(json.dumps(asyncio.run(generator.run(concurrency))))


if __name__ == "__main__":
    main()
