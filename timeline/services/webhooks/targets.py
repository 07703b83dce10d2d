"""Where a webhook may lead: public addresses, whatever a name resolves to at the moment.

A name says one thing when it is entered and may say another when it is used. So what counts is the
address that is connected to: it is checked, and then that very address is used.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from timeline.errors import Invalid

# Beyond these a name or an address is a mistake.
MAX_URL = 500
NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"
)

# Addresses that the world is reached at; all others of IPv6 are local, or lead through a tunnel.
WORLD = IPv6Network("2000::/3")
# The world of IPv4, as networks without IPv4 see it (RFC 6052).
NAT64 = IPv6Network("64:ff9b::/96")
# Relays of 6to4, withdrawn (RFC 7526): whoever answers there is nobody's public host.
RELAYS = IPv4Network("192.88.99.0/24")
CONNECTING_TIMEOUT = 5.0


class NotPublic(OSError):
    """The name leads to no public address."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that a webhook is sent to, read."""

    is_encrypted: bool
    host: str
    port: int
    path: str


def read_target(url: str) -> Target:
    """The parts of an address, or a refusal that says what may be sent to."""
    if len(url) > MAX_URL or not re.fullmatch(r"[!-~]+", url) or "\\" in url:
        raise _refused(
            "malformed",
            f"An address has up to {MAX_URL} characters, all of ASCII: names as xn--…, others as %…",
        )
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or ""), parts.port
    except ValueError as error:
        raise _refused("malformed", f"This is no address: {error}.") from error
    _check_scheme(parts.scheme)
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _refused(
            "malformed",
            "An address has no user, password or fragment; the signature says who sends.",
        )
    if not NAME.fullmatch(host) and not _literal(host):
        raise _refused("malformed", f"“{host[:80]}” is no name of a host.")
    if port == 0:
        raise _refused("malformed", "There is no port 0.")
    _check_host(host)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    is_encrypted = parts.scheme == "https"
    return Target(is_encrypted, host, port or (443 if is_encrypted else 80), path)


def _check_scheme(scheme: str) -> None:
    allowed = ("https", "http") if settings.WEBHOOK_ALLOW_PRIVATE else ("https",)
    if scheme not in allowed:
        raise _refused("not-https", f"An address begins with {' or '.join(allowed)}://.")


def _check_host(host: str) -> None:
    """Say at once of a host that is private by its very name; of others it shows when they are used."""
    if settings.WEBHOOK_ALLOW_PRIVATE:
        return
    literals = [address[0] for *_, address in _literal(host)]
    if host == "localhost" or host.endswith(".localhost") or not all(map(is_public, literals)):
        raise _refused("private-address", f"“{host}” is not a public address.")


def _refused(code: str, detail: str) -> Invalid:
    return Invalid.field("url", code, detail)


def _literal(host: str) -> list[Any]:
    """The address that a host spells, in any of the ways that systems read one; nobody is asked."""
    try:
        return socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []


def is_public(text: str) -> bool:
    """Whether this is an address of the world's, and not of a network behind this service."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped
        if address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is None:
            tunnelled = address.sixtofour is not None or address.teredo is not None
            return address in WORLD and address.is_global and not tunnelled
        address = inner
    return address.is_global and not address.is_multicast and address not in RELAYS


def connect(target: Target, until: float) -> socket.socket:
    """A connection to an address of the target's that was checked; ``until`` on the monotonic clock."""
    error: OSError = NotPublic("The name leads to no public address.")
    for family, kind, protocol, address in _allowed(target):
        left = min(CONNECTING_TIMEOUT, until - time.monotonic())
        if left <= 0:
            raise TimeoutError
        link = socket.socket(family, kind, protocol)
        try:
            link.settimeout(left)
            link.connect(address)
        except OSError as failed:
            link.close()
            error = failed
        except BaseException:
            link.close()
            raise
        else:
            return link
    raise error


def _allowed(target: Target) -> Iterator[tuple[Any, Any, Any, Any]]:
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    for family, kind, protocol, _, address in found:
        if settings.WEBHOOK_ALLOW_PRIVATE or is_public(str(address[0])):
            yield family, kind, protocol, address
