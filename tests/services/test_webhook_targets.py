"""Where webhooks may lead, and that nothing leads elsewhere: not a name, a redirect or a slow answer."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.network import OutsideWorld
from tests.receivers import CERTIFICATE, HOST, Receiver, receiving
from timeline.errors import Invalid
from timeline.services.webhooks.sending import Line, Outcome
from timeline.services.webhooks.targets import Target, is_public, read_target

SOMEWHERE = Target(is_encrypted=True, host="innocent.example", port=443, path="/")
PRIVATE = [
    *("127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *(
        "0.0.0.0",  # noqa: S104 - nothing is bound to it
        "255.255.255.255",
        "224.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "192.88.99.1",
    ),
    *("::1", "::", "fe80::1", "fe80::1%2", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1"),
    *("::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
    *("64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::", "2001:db8::1"),
]
PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]


def leading_to(*addresses: str) -> Any:
    """A resolver for which every name leads to these, one after the other and then the last."""
    left = list(addresses)

    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> list[Any]:
        address = left.pop(0) if len(left) > 1 else left[0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        rest: tuple[Any, ...] = (0, 0) if ":" in address else ()
        return [(family, socket.SOCK_STREAM, 6, "", (address, port, *rest))]

    return getaddrinfo


def sent(target: Target) -> Outcome:
    with Line(target) as line:
        return line.post({}, b"{}")


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_to_a_private_address_is_not_connected_to(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_public(address)
    monkeypatch.setattr(socket, "getaddrinfo", leading_to(address))

    outcome = sent(SOMEWHERE)

    assert outcome.status is None
    assert "leads to no public address" in outcome.error


@pytest.mark.parametrize("address", PUBLIC)
def test_the_address_that_was_checked_is_the_one_that_is_connected_to(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever asks twice is told something else the second time.
    monkeypatch.setattr(socket, "getaddrinfo", leading_to(address, "127.0.0.1"))

    with pytest.raises(OutsideWorld, match=f"tried to connect to {address}$"):
        sent(SOMEWHERE)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://mirror.example/", id="without encryption"),
        pytest.param("ftp://mirror.example/", id="another scheme"),
        pytest.param("//mirror.example/", id="no scheme"),
        pytest.param("https://", id="no host"),
        pytest.param("https://user:password@mirror.example/", id="a password"),
        pytest.param("https://mirror.example/#part", id="a fragment"),
        pytest.param("https://mirror.example/a b", id="a space"),
        pytest.param("https://mirror.example/\r\nX-Header: y", id="a header"),
        pytest.param("https://mirror.example\\@127.0.0.1/", id="a backslash"),
        pytest.param("https://mirror..example/", id="an empty label"),
        pytest.param("https://mirror.example:99999/", id="no such port"),
        pytest.param("https://mirror.example:0/", id="port 0"),
        pytest.param("https://spiegel.löschen.example/", id="letters beyond ASCII"),
        pytest.param("https://[::1", id="half a bracket"),
        pytest.param(f"https://mirror.example/{'x' * 500}", id="too long"),
        pytest.param("https://localhost/", id="localhost"),
        pytest.param("https://a.localhost:8443/", id="a name below localhost"),
        pytest.param("https://127.0.0.1/", id="loopback"),
        pytest.param("https://2130706433/", id="loopback as one number"),
        pytest.param("https://0x7f.1/", id="loopback in hexadecimal"),
        pytest.param("https://0177.0.0.1/", id="loopback in octal"),
        pytest.param("https://[::ffff:169.254.169.254]/", id="the cloud's own data"),
        pytest.param("https://[fe80::1%25eth0]/", id="the link"),
    ],
)
def test_an_address_that_may_not_be_sent_to_is_refused_when_it_is_entered(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_target(url)

    assert [flaw.path for flaw in refused.value.flaws] == [("url",)]


def test_the_parts_of_an_address_are_read() -> None:
    assert read_target("https://Mirror.example") == Target(True, "mirror.example", 443, "/")
    url = "https://mirror.example:8443/in/box?key=%C3%A9"
    assert read_target(url) == Target(True, "mirror.example", 8443, "/in/box?key=%C3%A9")


SLOW = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def port_of(receiver: Receiver) -> int:
    return urlsplit(receiver.url).port or 0


def to(receiver: Receiver) -> Target:
    return Target(is_encrypted=False, host="127.0.0.1", port=port_of(receiver), path="/")


@pytest.fixture
def _to_this_machine(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.mark.usefixtures("_to_this_machine")
def test_a_receiver_that_answers_byte_by_byte_is_not_waited_for() -> None:
    # Each byte is there in time; all of them would take two seconds.
    with receiving(SLOW) as receiver, Line(to(receiver), patience=0.3) as line:
        outcome = line.post({}, b"{}")

        assert (outcome.status, outcome.error) == (
            None,
            "The receiver did not answer within 0.3 seconds.",
        )
        # And the next request is a new one, on a new connection.
        assert line.post({}, b"{}").status == 204
        assert receiver.connections == 2


@pytest.mark.usefixtures("_to_this_machine")
def test_nor_is_one_that_answers_so_in_secret_or_does_not_even_shake_hands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    monkeypatch.setattr(socket, "getaddrinfo", leading_to("127.0.0.1"))
    with receiving(SLOW, encrypted=True) as receiver:
        target = Target(True, HOST, port_of(receiver), "/")
        with Line(target, patience=0.5) as line:
            assert "did not answer within" in line.post({}, b"{}").error
            assert line.post({}, b"{}").status == 204
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = Target(True, HOST, silent.getsockname()[1], "/")
        with Line(target, patience=0.2) as line:
            assert "did not answer within" in line.post({}, b"{}").error
    with receiving() as plain:
        assert "does not speak TLS" in sent(Target(True, HOST, port_of(plain), "/")).error


@pytest.mark.usefixtures("_to_this_machine")
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(b"", "hung up", id="nothing"),
        pytest.param(b"SSH-2.0-x\r\n", "no HTTP", id="another protocol"),
        pytest.param((302, {"Location": "http://127.0.0.1/"}), "not followed", id="a redirect"),
        pytest.param(404, "answered 404", id="a refusal"),
    ],
)
def test_what_is_no_success_is_told_in_words(answer: Any, error: str) -> None:
    with receiving(answer) as receiver, Line(to(receiver)) as line:
        assert error in line.post({}, b"{}").error


@pytest.mark.usefixtures("_to_this_machine")
def test_nobody_there_is_told_in_words() -> None:
    with receiving() as receiver:
        target = to(receiver)

    assert sent(target).error == "The receiver refused the connection."


@pytest.mark.usefixtures("_to_this_machine")
def test_the_certificate_has_to_be_of_the_name_and_of_somebody_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with receiving(encrypted=True) as receiver:
        port = port_of(receiver)
        monkeypatch.setattr(socket, "getaddrinfo", leading_to("127.0.0.1"))
        stranger = sent(Target(True, HOST, port, "/"))
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        known = sent(Target(True, HOST, port, "/"))
        another = sent(Target(True, "another.example", port, "/"))

    assert stranger.error.startswith("The receiver's certificate is not valid:")
    assert known.status == 204
    assert "certificate is not valid" in another.error
    assert [message.headers["host"] for message in receiver.messages] == [f"{HOST}:{port}"]
