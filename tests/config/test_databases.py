"""The tests' database is the one that production has, options included."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

PROMISES = {
    "sqlite": {
        # readers do not wait for a writer
        "PRAGMA journal_mode": "wal",
        # what is committed survives a power cut
        "PRAGMA synchronous": 2,
        # no row points nowhere
        "PRAGMA foreign_keys": 1,
        # a hostile file runs nothing
        "PRAGMA trusted_schema": 0,
        # a damaged page is noticed early
        "PRAGMA cell_size_check": 1,
        "SELECT sqlite_compileoption_used('ENABLE_FTS5')": 1,
    },
    "postgresql": {
        # no request computes for ever
        "SHOW statement_timeout": "5s",
        # one held lock does not freeze everything
        "SHOW lock_timeout": "2s",
        # what is prepared is planned once a connection
        "SHOW plan_cache_mode": "force_generic_plan",
        # nobody sits on a transaction
        "SHOW idle_in_transaction_session_timeout": "10s",
        # letters beyond ASCII have cases too
        "SELECT lower('ÉŁЖ')": "éłж",
    },
}


def ask(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_the_database_is_the_one_asked_for(engine: str) -> None:
    assert connection.vendor == engine


def test_its_options_keep_what_they_promise(engine: str) -> None:
    promises = PROMISES[engine]

    assert {question: ask(question) for question in promises} == promises


def test_sqlite_is_free_of_the_bug_that_corrupts_a_write_ahead_log() -> None:
    from django.db.backends.sqlite3.base import Database

    assert Database.sqlite_version_info >= (3, 51, 3)
