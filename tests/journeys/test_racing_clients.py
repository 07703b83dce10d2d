"""Many clients at once, each on the real service: nothing lost, nothing half done, no failure."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.servers import Service

CLIENTS, INCREMENTS, BATCHES = 6, 6, 6


@dataclass(frozen=True)
class Program:
    """One client with a token."""

    service: Service
    token: str

    def send(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body else None
        request = Request(
            f"{self.service.url}/api/v1/{path}",
            data,
            {"Content-Type": "application/json"}
            | {"Authorization": f"Bearer {self.token}"}
            | {name.replace("_", "-"): value for name, value in headers.items()},
            method=method,
        )
        try:
            with urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null"), answer.headers
        except HTTPError as refusal:
            return refusal.code, json.loads(refusal.read()), refusal.headers

    def count_up(self, event: str) -> int:
        """Read, add one, write; again from the start when somebody else was faster."""
        done = 0
        while done < INCREMENTS:
            _, record, headers = self.send("GET", f"events/{event}")
            patch = {"extra": {"count": record["extra"]["count"] + 1}}
            status, answer, _ = self.send(
                "PATCH", f"events/{event}", patch, If_Match=headers["ETag"]
            )
            assert status in (200, 412), answer
            done += status == 200
        return done

    def add_in_batches(self, name: str) -> int:
        """Batches of three; every other has a mistake at its end, and adds nothing."""
        for number in range(BATCHES):
            titles = [f"{name} {number}.{part}" for part in range(3)]
            operations = [{"op": "create", "data": {"title": title}} for title in titles]
            if number % 2:
                operations[-1]["data"] = {"titel": "no such member"}
            status, answer, _ = self.send("POST", "events/batch", {"operations": operations})
            assert status == (400 if number % 2 else 200), answer
        return 3 * (BATCHES // 2)

    def bring_in(self, dataset: str) -> int:
        rows = (
            {"dataset": dataset, "external_id": str(n), "title": f"Row {n}", "edtf": "2019"}
            for n in range(60)
        )
        body = "\n".join(map(json.dumps, rows)).encode()
        status, answer, _ = self.send("POST", "imports", body, Content_Type="application/x-ndjson")
        assert status == 201, answer
        return 60


def test_no_update_is_lost_and_no_write_half_done(service: Service) -> None:
    token = service.manage("issue_token", "racer", "--scope", "publish").stdout.strip()
    program = Program(service, token)
    _, event, _ = program.send("POST", "events", {"title": "Counted", "extra": {"count": 0}})

    with ThreadPoolExecutor(CLIENTS + 4) as pool:
        counts = [pool.submit(program.count_up, event["id"]) for _ in range(CLIENTS)]
        added = [pool.submit(program.add_in_batches, name) for name in ("first", "second")]
        added += [pool.submit(program.bring_in, name) for name in ("one", "two")]

    _, after, _ = program.send("GET", f"events/{event['id']}")
    assert after["extra"]["count"] == sum(count.result() for count in counts)
    assert after["version"] == 1 + CLIENTS * INCREMENTS
    _, listed, _ = program.send("GET", "events?count=true&page_size=1")
    assert listed["count"] == 1 + sum(one.result() for one in added)
    assert "unbroken" in service.manage("verify_ledger").stdout
