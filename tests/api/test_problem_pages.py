"""The ``type`` of a problem is an address at which people read what it means."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from timeline.api import problems
from timeline.api.explained import explanations
from timeline.errors import TimelineError

SAID_OUTRIGHT = set(
    re.findall(r'problem\(\s*request,\s*\d+,\s*"([a-z-]+)"', inspect.getsource(problems))
)
ANSWERED = {code for code, _ in problems.TITLES.values()} | SAID_OUTRIGHT | {"no-such-address"}


def test_every_code_that_the_api_answers_is_explained() -> None:
    assert len(SAID_OUTRIGHT) > 5
    assert ANSWERED - explanations().keys() == set()


def test_every_kind_of_error_is_explained_in_its_own_words() -> None:
    for one in explanations().values():
        assert one.title[0].isupper(), one.code
        assert one.meaning.endswith("."), one.code
        assert one.advice.endswith((".", "`.")), one.code
        assert one.advice != TimelineError.advice, one.code


@pytest.mark.parametrize("code", sorted(explanations()))
def test_each_has_a_page_for_readers(client: Any, code: str) -> None:
    page = client.get(f"/problems/{code}")

    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert code in page.text
    assert explanations()[code].title in page.text
    assert "`" not in page.text


def test_all_are_listed_on_one_page_and_others_are_not_found(client: Any) -> None:
    listed = set(re.findall(r'href="/problems/([a-z-]+)"', client.get("/problems").text))

    assert listed == explanations().keys()
    assert client.get("/problems/no-such-problem").status_code == 404


@pytest.mark.django_db
def test_a_problem_leads_to_its_page(client: Any) -> None:
    refused = client.get("/api/v1/events?befor=2019").json()

    page = client.get(refused["type"])

    assert page.status_code == 200
    assert "A query parameter is not valid" in page.text
