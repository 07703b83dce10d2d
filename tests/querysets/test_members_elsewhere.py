"""Records that keep no members of their sets: never certain of what only a member could tell."""

from __future__ import annotations

import pytest

from timeline.db.dates import read_edtf
from timeline.models import Source
from timeline.temporal import Relation, certainly, possibly

pytestmark = pytest.mark.django_db

TEXTS = ["2019", "[2017,2019]", "{2017,2019}", "{2017..2019}", "[..2018]", "2017/2019", "1912?"]


@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize("window", ["2018", "2017", "2017/2019", "2016", "2020", "../.."])
def test_a_source_is_never_missed_when_possible_and_never_claimed_when_not_certain(
    relation: Relation, window: str
) -> None:
    sources = Source.objects.bulk_create(Source(title=text, date=read_edtf(text)) for text in TEXTS)
    asked = read_edtf(window)

    possible = set(Source.objects.related(relation, asked, "possible").values_list("pk", flat=True))
    certain = set(Source.objects.related(relation, asked, "certain").values_list("pk", flat=True))

    for source in sources:
        if possibly(relation, source.date, asked):
            assert source.pk in possible, source.title
        if source.pk in certain:
            assert certainly(relation, source.date, asked), source.title
    assert certain <= possible
