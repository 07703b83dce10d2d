"""`manage.py verify_ledger`: that nothing was rewritten, and that nothing was cut off."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.clients import Api
from tests.factories.records import make_actor, make_place
from timeline.models import Change

pytestmark = pytest.mark.django_db


def verify(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_ledger", *arguments, stdout=out)
    return out.getvalue()


def drop_triggers() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER timeline_change_append_only ON timeline_change")
        else:
            cursor.execute("DROP TRIGGER timeline_change_no_update")
            cursor.execute("DROP TRIGGER timeline_change_no_delete")


def test_an_honest_ledger_is_unbroken_and_holds_what_a_reader_pinned() -> None:
    make_actor()
    pinned = Api().get("changes").json()["cursor"]
    make_place("draft")

    assert "unbroken" in verify("--pinned", pinned)


def test_the_first_entry_that_was_rewritten_is_named() -> None:
    make_actor()
    entry = Change.objects.order_by("id").first()
    drop_triggers()
    Change.objects.filter(pk=entry.pk).update(reason="A better one.")

    with pytest.raises(CommandError, match=f"broken at entry {entry.pk}"):
        verify()


def test_an_end_that_was_cut_off_is_found_by_the_hash_that_was_pinned() -> None:
    make_place()
    make_actor()
    pinned = Api().get("changes").json()["cursor"]
    drop_triggers()
    Change.objects.filter(hash=pinned).delete()

    assert "unbroken" in verify()
    with pytest.raises(CommandError, match="cut off"):
        verify("--pinned", pinned)
