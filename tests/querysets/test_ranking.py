"""The best rows are those of the full ranking, page by page, however few of them are looked at."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from django.db.models import F

from tests.clients import Api
from timeline.db.words import GRADES, graded, indexed, read_query, relevance_of
from timeline.models import Event
from timeline.querysets.keysets import beyond, reversed_order, spelled
from timeline.querysets.ranking import BestFirst
from timeline.querysets.visibility import EDITOR, PUBLIC, Viewer

pytestmark = pytest.mark.django_db

ORDER = (("relevance", True), ("uuid", False))
STAMP = "2020-01-01T00:00:00Z"


def fill(number: int, seed: int) -> None:
    chance = random.Random(seed)
    words = ["fire", "fire", "water", "Güns", "wood", "stone", "邢台", "a", "fire fire"]
    Event.objects.bulk_create(
        Event(
            title=" ".join(chance.choices(words, k=chance.randint(1, 12))),
            summary=" ".join(chance.choices(words, k=chance.choice([0, 0, 3, 40]))),
            publication="published" if chance.random() < 0.8 else "draft",
            published_at=STAMP,
        )
        for _ in range(number)
    )


def best(query: str, viewer: Viewer, looked_at: tuple[int, ...]) -> BestFirst:
    others = Event.objects.visible_to(viewer).annotate(is_odd=F("pk") % 2)
    found = others.matching(query).best_first(query, others)
    found.looked_at = looked_at
    return found


@pytest.mark.parametrize("viewer", [PUBLIC, EDITOR], ids=["public", "staff"])
@pytest.mark.parametrize("looked_at", [(3,), (40,), (20, 200), (2_000,)], ids=str)
@pytest.mark.parametrize("query", ["fire", "guns", '"fire water"', "邢台", "fire -wood", "fir*"])
def test_pages_are_those_of_the_full_ranking(
    query: str, looked_at: tuple[int, ...], viewer: Viewer
) -> None:
    fill(300, seed=len(query))
    everything = list(
        Event.objects.visible_to(viewer).matching(query).ranked(query).order_by(*spelled(ORDER))
    )
    rows = best(query, viewer, looked_at)
    assert rows.count() == len(everything) > 60

    pages = [rows.order_by(*spelled(ORDER))[:17]]
    while len(pages[-1]) == 17:
        last = pages[-1][-1]
        after = rows.filter(beyond(ORDER, [last.relevance, last.uuid]))
        pages.append(after.order_by(*spelled(ORDER))[:17])
    assert [row.pk for page in pages for row in page] == [row.pk for row in everything]

    way = reversed_order(ORDER)
    for page, following in pairwise(page for page in pages if page):
        first = following[0]
        before = rows.filter(beyond(way, [first.relevance, first.uuid]))
        assert before.order_by(*spelled(way))[:17] == page[::-1]


def test_prominent_words_are_graded_by_how_well_they_fit() -> None:
    own = indexed("Fire and fire", "in the wood")
    (term,) = read_query("fire")
    grade = sum(relevance_of(2, len(own)) >= least for least in GRADES)

    assert graded(own).startswith(f"{own} x{grade:02d}{term.tokens[0]} ")
    assert graded("") == ""
    assert graded(indexed(" ".join(f"word{n}" for n in range(200)))).count(" x") == 0


def test_a_change_of_words_changes_the_ranking(publisher: Api, anonymous: Api) -> None:
    made = []
    for title in ("Fire fire fire", "Fire fire at the mill", "Fire at the old mill by the river"):
        event = publisher.post("events", {"title": title}).json()
        Event.objects.filter(uuid=event["id"]).update(publication="published", published_at=STAMP)
        made.append(event)

    def found() -> list[str]:
        return [row["id"] for row in anonymous.get("search", q="fire").json()["results"]]

    assert found() == [event["id"] for event in made]

    changed = publisher.patch(
        f"events/{made[0]['id']}", {"title": "Water at the mill, then a fire"}
    )
    assert changed.status_code in (200, 202), changed.content
    publisher.patch(f"events/{made[2]['id']}", {"title": "Fire fire fire fire"})

    assert found() == [
        str(event.uuid)
        for event in Event.objects.matching("fire").ranked("fire").order_by("-relevance", "uuid")
    ]
