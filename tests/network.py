"""Tests talk to this machine only."""

import ipaddress
import socket
from typing import Any

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


class OutsideWorld(RuntimeError):
    """A test tried to reach another machine."""


def is_here(host: str | bytes | None) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


def refuse_the_outside_world() -> None:
    """From now on connections and look-ups that lead elsewhere raise."""

    def check(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
            raise OutsideWorld(f"a test tried to connect to {address[0]}")

    def connect(sock: socket.socket, address: Any) -> None:
        check(sock, address)
        _connect(sock, address)

    def connect_ex(sock: socket.socket, address: Any) -> int:
        check(sock, address)
        return _connect_ex(sock, address)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        # A literal address asks nobody.
        kwargs_or_flags = kwargs.get("flags", args[4] if len(args) > 4 else 0)
        if not is_here(host) and not kwargs_or_flags & socket.AI_NUMERICHOST and not _literal(host):
            raise OutsideWorld(f"a test tried to look {host} up")
        return _getaddrinfo(host, *args, **kwargs)

    socket.socket.connect = connect  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign, assignment]
    socket.getaddrinfo = getaddrinfo


def _literal(host: Any) -> bool:
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host)
    except ValueError:
        return False
    return True
