"""One request to a receiver: to an address that was checked, within a few seconds, once."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from types import TracebackType
from typing import Self

from timeline.services.webhooks.targets import NotPublic, Target, connect

# Seconds that a receiver has to answer; it should take note and do its work later.
PATIENCE = 10.0
# Bytes of an answer that are read, so that the next request can use the connection.
MOST_OF_AN_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request: an answer, or what went wrong in words."""

    status: int | None
    duration_ms: int
    error: str = ""


class Line(http.client.HTTPConnection):
    """A connection to a receiver, used for as many requests as it bears.

    Redirects are not followed and no proxy is asked: both would lead where nobody checked.
    """

    def __init__(self, target: Target, patience: float = PATIENCE) -> None:
        super().__init__(target.host, target.port)
        self.target, self.patience = target, patience
        self.default_port = 443 if target.is_encrypted else 80
        self.until = 0.0
        self.was_cut = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def connect(self) -> None:
        link = connect(self.target, self.until)
        link.settimeout(self.patience)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = link
        if self.target.is_encrypted:
            # First known here, so that it can be cut while hands are shaken.
            self.sock = ssl.create_default_context().wrap_socket(
                link, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()
        if self.was_cut:
            raise TimeoutError

    def post(self, headers: dict[str, str], body: bytes) -> Outcome:
        """Send, and wait for an answer, however slowly it comes, no longer than is decent."""
        begun = time.monotonic()
        self.until, self.was_cut = begun + self.patience, False
        # What is set on the socket limits each step of it; a receiver may take many.
        timer = Timer(self.patience, self._cut)
        timer.daemon = True
        timer.start()
        status, error = None, ""
        try:
            self.request("POST", self.target.path, body, headers)
            answer = self.getresponse()
            status, error = answer.status, _refusal(answer)
            answer.read(MOST_OF_AN_ANSWER)
            if not answer.isclosed():
                self.close()
        except (OSError, http.client.HTTPException, ValueError) as failed:
            # What came before it failed was an answer all the same.
            error = error if status is not None else self._in_words(failed)
            self.close()
        finally:
            timer.cancel()
            if self.was_cut:
                self.close()
        return Outcome(status, round((time.monotonic() - begun) * 1000), error)

    def _cut(self) -> None:
        self.was_cut = True
        if self.sock is not None:
            with suppress(OSError):
                # The class's own: that of the encrypted one would change it under its reader.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def _in_words(self, failed: Exception) -> str:
        if self.was_cut or isinstance(failed, TimeoutError):
            return f"The receiver did not answer within {self.patience:g} seconds."
        match failed:
            case NotPublic():
                return (
                    "The name of the receiver leads to no public address, and was not connected to."
                )
            case socket.gaierror() | UnicodeError():
                return "The name of the receiver is not known."
            case ssl.SSLCertVerificationError():
                return f"The receiver's certificate is not valid: {failed.verify_message}."[:500]
            case ssl.SSLError():
                return "The receiver does not speak TLS as we do."
            case ConnectionRefusedError():
                return "The receiver refused the connection."
            case http.client.RemoteDisconnected() | ConnectionError():
                return "The receiver hung up without an answer."
            case http.client.HTTPException() | ValueError():
                return "What the receiver answered is no HTTP."
            case _:
                return "The receiver could not be reached."


def _refusal(answer: http.client.HTTPResponse) -> str:
    if 200 <= answer.status < 300:
        return ""
    if 300 <= answer.status < 400:
        return f"The receiver answered {answer.status}; redirects are not followed."
    return f"The receiver answered {answer.status}."
