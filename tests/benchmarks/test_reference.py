"""What the benchmarks hold all answers against is what the API answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from benchmarks.answers import told
from benchmarks.generate import World
from benchmarks.load import load
from benchmarks.peers import sql
from benchmarks.questions import Question, Questions
from benchmarks.servers import project_page

WORLD = World(250)


def by_statement(question: Question) -> Any:
    written = sql.page(sql.DIALECTS[connection.vendor], question)
    with connection.cursor() as cursor:
        cursor.execute(sql.for_psycopg(written), sql.parameters(question, connection.vendor))
        return told(cursor.fetchone()[0].encode())


@pytest.mark.django_db
def test_the_statement_and_the_api_have_the_same_events_with_the_same_parts(
    client: Client,
) -> None:
    load(WORLD)
    questions = Questions(WORLD)
    asked = [
        Question(limit=200),
        *questions.window_and_actor()[:3],
        *questions.hot_actor()[:3],
        *questions.filtered()[:3],
        *questions.window()[:3],
        Question(actor=questions.actors[0], word=questions.common),
    ]
    found = 0
    for question in asked:
        answer = told(client.get(project_page(question)).content)
        assert by_statement(question) == answer, question
        found += len(answer)
    assert found > 200
