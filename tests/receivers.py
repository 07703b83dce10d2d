"""A receiver of webhooks: a real server on this machine, which notes what it is sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CERTIFICATE = Path(__file__).parent / "receiver.pem"
# What the certificate is for.
HOST = "receiver.example"


@dataclass(frozen=True)
class Message:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Receiver:
    """Answers with each of ``answers`` in turn, and with 204 when they are used up.

    An answer is a status, with headers or without, or bytes that are sent as they are.
    """

    url: str = ""
    answers: list[Any] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    # How many connections were made.
    connections: int = 0

    def told(self) -> list[dict[str, Any]]:
        return [message.data["data"] for message in self.messages]


def is_signed(message: Message, secret: str) -> bool:
    """As the specification of Standard Webhooks says it is verified."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    when = message.headers["webhook-timestamp"]
    assert abs(int(when) - time.time()) < 300
    signed = b".".join([message.id.encode(), when.encode(), message.body])
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    versions = [one.split(",", 1) for one in message.headers["webhook-signature"].split(" ")]
    return any(kind == "v1" and hmac.compare_digest(given, expected) for kind, given in versions)


@contextmanager
def receiving(*answers: Any, encrypted: bool = False) -> Iterator[Receiver]:
    """Run a receiver."""
    receiver = Receiver(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            receiver.connections += 1
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.messages.append(Message(self.path, headers, body))
            match receiver.answers.pop(0) if receiver.answers else 204:
                case bytes(raw):
                    for byte in raw:
                        with suppress(OSError):
                            self.wfile.write(bytes([byte]))
                        time.sleep(0.05)
                    self.close_connection = True
                case (int(status), dict(more)):
                    self._answer(status, more)
                case status:
                    self._answer(status, {})

        def _answer(self, status: int, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": "0", **headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            return None

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: Any) -> None:
            """Hang up on whoever hung up."""

    server = Server(("127.0.0.1", 0), Handler)
    if encrypted:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    port = server.server_address[1]
    receiver.url = f"https://{HOST}:{port}/in" if encrypted else f"http://127.0.0.1:{port}/in?a=b"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
