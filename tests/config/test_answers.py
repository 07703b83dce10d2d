"""What every answer carries, and what the two health checks say."""

import json
import logging

import pytest
from django.db import DatabaseError, connection
from django.test import Client


def test_the_process_is_up_without_a_question_to_the_database(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.django_db
def test_the_service_is_ready_when_its_database_answers(client: Client) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "database": "ok"}


@pytest.mark.django_db
def test_the_service_is_not_ready_when_its_database_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", fail)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (
            "Content-Security-Policy",
            (
                "base-uri 'none'; default-src 'self'; form-action 'self'; "
                "frame-ancestors 'none'; object-src 'none'"
            ),
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        (
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ],
)
def test_every_answer_is_guarded(header: str, value: str, client: Client) -> None:
    assert client.get("/healthz").headers[header] == value


def test_the_log_names_the_request_by_the_id_the_client_got_and_keeps_its_query_to_itself(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.get("/healthz?q=something-private", headers={"User-Agent": "a reader"})

    logged = json.dumps([str(record.msg) for record in caplog.records])
    assert answer.headers["X-Request-ID"] in logged
    assert "GET /healthz" in logged
    assert "something-private" not in logged
    assert "127.0.0.1" not in logged


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        pytest.param("/api/v1/events", True, id="anyone's page may read the API"),
        pytest.param("/healthz", False, id="and nothing else"),
    ],
)
@pytest.mark.django_db
def test_other_sites(path: str, allowed: bool, client: Client) -> None:
    answer = client.options(
        path,
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "GET"},
    )

    assert ("Access-Control-Allow-Origin" in answer.headers) is allowed
