"""Webhooks of the real service: several senders, a power cut, a watch, and a mirror fed by them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.databases import ROOT
from tests.journeys.test_mirrors import LISTS, own
from tests.journeys.test_racing_clients import Program
from tests.receivers import Receiver, is_signed, receiving
from tests.servers import Service, running_service

BEGINNING = "0" * 64


@pytest.fixture
def here(database_url: str) -> Iterator[Service]:
    """Run a service that may send to this machine."""
    with running_service(database_url, {"WEBHOOK_ALLOW_PRIVATE": "True"}) as running:
        yield running


def editor_of(service: Service) -> Program:
    token = service.manage("issue_token", "ed", "--scope", "publish").stdout
    return Program(service, token.strip().splitlines()[-1])


def subscribe(editor: Program, receiver: Receiver) -> dict[str, Any]:
    body = {"name": "A mirror", "url": receiver.url}
    status, webhook, _ = editor.send("POST", "webhooks", body)
    assert status == 201, webhook
    return webhook


def publish_many(service: Service, folder: Path, number: int) -> None:
    """As many events, in one import."""
    rows = [
        {"dataset": "d", "external_id": str(n), "title": f"Event {n}", "edtf": "2019"}
        | {"sources": [{"url": "https://archive.example/a", "title": "Report"}]}
        for n in range(number)
    ]
    file = folder / "events.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    service.manage("import_events", str(file), "--publish")


def sender(service: Service, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "deliver_webhooks", *options],
        cwd=ROOT,
        env=service.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


def feed(editor: Program) -> list[dict[str, Any]]:
    changes, path = [], "changes?page_size=200"
    while path:
        page = editor.send("GET", path)[1]
        changes += page["results"]
        path = page["next"] and page["next"].partition("/api/v1/")[2]
    return changes


def test_two_that_send_at_once_send_everything_once_and_in_order(
    here: Service, tmp_path: Path
) -> None:
    editor = editor_of(here)
    with receiving() as receiver:
        webhook = subscribe(editor, receiver)
        publish_many(here, tmp_path, 60)
        senders = [sender(here) for _ in range(2)]
        ends = [one.communicate(timeout=120) for one in senders]

        # Who came second may have found nothing due and left the rest to the first.
        assert [one.returncode for one in senders] == [0, 0], ends
        assert [m.data["data"]["cursor"] for m in receiver.messages] == [
            change["cursor"] for change in feed(editor)
        ]
        assert len(receiver.messages) >= 120
        assert all(is_signed(message, webhook["secret"]) for message in receiver.messages)
        # Quiet, since nobody watches.
        assert all(err == "" for _, err in ends), ends


def test_a_sender_that_dies_loses_nothing_and_the_next_goes_on(
    here: Service, tmp_path: Path
) -> None:
    editor = editor_of(here)
    with receiving() as receiver:
        subscribe(editor, receiver)
        publish_many(here, tmp_path, 60)
        dying = sender(here)
        wait_for(lambda: len(receiver.messages) > 20)
        dying.kill()
        dying.communicate()
        taken = len(receiver.messages)
        assert taken < 120

        # What was due to the dead one is due to others after a minute; here, now.
        here.manage(
            *("shell", "-c"),
            "from django.utils import timezone; from timeline.models import Webhook;"
            "Webhook.objects.update(due_at=timezone.now())",
        )
        here.manage("deliver_webhooks")

    ids = [message.id for message in receiver.messages]
    everything = [change["cursor"] for change in feed(editor)]
    assert list(dict.fromkeys(ids)) == everything
    # At most what was under way came twice, under its id.
    assert len(ids) - len(everything) <= 1


def test_who_watches_sends_changes_as_they_come_and_stops_when_told(
    here: Service, tmp_path: Path
) -> None:
    editor = editor_of(here)
    with receiving() as receiver:
        subscribe(editor, receiver)
        watching = sender(here, "--watch", "--every", "0.05")
        publish_many(here, tmp_path, 1)
        wait_for(lambda: len(receiver.messages) == len(feed(editor)))
        watching.send_signal(signal.SIGTERM)
        out, err = watching.communicate(timeout=60)

    assert (watching.returncode, err) == (0, "")
    assert out == f"Delivered {len(receiver.messages)}, failed 0.\n"


def test_a_mirror_fed_by_a_webhook_has_what_the_lists_have(here: Service, tmp_path: Path) -> None:
    here.manage("seed")
    editor = editor_of(here)
    with receiving(500) as receiver:
        webhook = subscribe(editor, receiver)
        path = f"webhooks/{webhook['id']}/replay"
        assert editor.send("POST", path, {"cursor": BEGINNING})[0] == 200
        assert here.manage("deliver_webhooks", check=False).returncode == 1
        # It failed at the first; what is withdrawn meanwhile is not in the mirror.
        _, page, _ = editor.send("GET", "events?page_size=1")
        assert editor.send("POST", f"events/{page['results'][0]['id']}/withdraw")[0] == 200
        assert editor.send("POST", path, {"cursor": BEGINNING})[0] == 200
        here.manage("deliver_webhooks")

    mirror: dict[tuple[str, str], Any] = {}
    for change in receiver.told():
        key = change["type"], change["id"]
        if change["record"] is None:
            mirror.pop(key, None)
        else:
            mirror[key] = change["record"]
    for kind, resource in LISTS.items():
        listed = listed_at(here, resource)
        mirrored = {_key(record): record for (of, _), record in mirror.items() if of == kind}
        assert mirrored.keys() == listed.keys(), kind
        for key, record in mirrored.items():
            assert own(listed[key], record) == record
    assert len(mirror) > 20


def listed_at(service: Service, resource: str) -> dict[str, Any]:
    """What the public is told, by id or slug."""
    rows, url = {}, f"{service.url}/api/v1/{resource}?page_size=200"
    while url:
        with urlopen(url) as answer:
            page = json.load(answer)
        rows |= {_key(row): row for row in page["results"]}
        url = page["next"]
    return rows


def _key(row: dict[str, Any]) -> str:
    return row.get("slug") or row["id"]


def test_help_says_what_it_does() -> None:
    told = subprocess.run(
        [sys.executable, "manage.py", "deliver_webhooks", "--help"],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "--watch" in told
    assert "exit status" in told
