"""Statements that are composed once: what stays the same in them is planned once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, models

from timeline.db.statements import Slot, Statement
from timeline.models import Tag

pytestmark = pytest.mark.django_db

LABEL = Slot("label", models.CharField(max_length=120))
ODD = "100 % of 'all' {} \\ %s “ü”"


@pytest.fixture
def tags() -> None:
    Tag.objects.bulk_create(Tag(slug=f"tag-{n}", label=ODD if n else "plain") for n in range(3))


def test_whatever_a_constant_holds_it_is_compared_as_it_is(tags: None) -> None:
    statement = Statement.of(Tag.objects.filter(label=ODD).order_by("slug").values_list("slug"))
    assert [slug for (slug,) in statement.rows({}, connection)] == ["tag-1", "tag-2"]
    assert statement.number({}, connection, 10) == 2


def test_slots_are_given_in_order_among_constants(tags: None) -> None:
    rows = Tag.objects.filter(label=LABEL).exclude(slug="tag-1").filter(slug__startswith="tag-")
    statement = Statement.of(rows.values_list("slug", "label"))
    for label, slugs in ((ODD, ["tag-2"]), ("plain", ["tag-0"]), ("none", [])):
        found: list[Any] = statement.rows({"label": label}, connection)
        assert [(slug, told) for slug, told in found] == [(slug, label) for slug in slugs]
    merged = statement.merged([{"label": ODD}, {"label": "plain"}], connection, ["1"], 5)
    assert [slug for slug, _ in merged] == ["tag-0", "tag-2"]


def test_sqlite_is_given_nothing_but_what_differs(engine: str, tags: None) -> None:
    rows = Tag.objects.filter(label=LABEL, slug__gte="tag-1").values_list("slug")
    assert Statement.of(rows).params == ((LABEL,) if engine == "sqlite" else (LABEL, "tag-1"))
