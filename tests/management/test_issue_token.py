"""Tokens are made on the command line."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.clients import Api

pytestmark = pytest.mark.django_db


def made(*arguments: str) -> Api:
    told = StringIO()
    call_command("issue_token", "somebody", *arguments, stdout=told)
    return Api(told.getvalue().strip())


def test_a_token_is_printed_that_has_the_scope_asked_for() -> None:
    me = made("--scope", "write", "--expires", "30", "--name", "the importer").get("me").json()

    assert (me["username"], me["scope"], me["token"]) == ("somebody", "write", "the importer")
    assert me["token_expires_at"] is not None


def test_a_token_that_has_expired_opens_nothing() -> None:
    assert made("--expires", "0").get("me").status_code == 401


@pytest.mark.parametrize("days", ["soon", "1.5", "99999", "9" * 30])
def test_a_number_of_days_beyond_all_use_is_refused(days: str) -> None:
    with pytest.raises(CommandError, match="no number of days"):
        made("--expires", days)
