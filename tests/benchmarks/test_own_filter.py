"""The limit is measured behind the service's own filter, which is read from what it asks."""

from __future__ import annotations

import pytest
from django.db import connection

from benchmarks.own_filter import statement_of
from tests.factories.records import make_actor, make_event, taking_part

pytestmark = pytest.mark.django_db


def test_it_finds_the_rows_of_the_page() -> None:
    actor = make_actor()
    wanted = {make_event(date="2019-08", participations=[taking_part(actor)]).pk for _ in range(3)}
    make_event(date="2019-08")
    asked = f"/api/v1/events?actor={actor.uuid}&overlapping=2019&page_size=50"

    statement = statement_of(asked)

    assert statement
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pk FROM ({statement}) AS found")
        assert {key for (key,) in cursor.fetchall()} == wanted
