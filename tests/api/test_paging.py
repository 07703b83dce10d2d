"""Lists in pages: every row once, in either direction, at any size, in any order."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing

from tests.clients import Api, api_of, is_problem
from tests.factories.records import (
    make_event,
    make_figure,
    make_place,
    make_source,
    make_tag,
    make_timeline,
)
from timeline.db.dates import read_edtf
from timeline.models import Event

pytestmark = pytest.mark.django_db

DATES = ["2019-08", "2019-08", "2017", None, "-0043-03-15", None, "../2018", "2017/..", "1912~"]
DATES += ["[2017,2019]", None, "2019-08", "Y-50000", "2017/", "../..", "2019-08-01", None]


@pytest.fixture
def events(db: None) -> list[Event]:
    """Events with ties in every order, some undated."""
    return [
        make_event("draft", title=f"Event {n % 5}", sequence=n % 2, date=date)
        for n, date in enumerate(DATES)
    ]


def page(api: Api, url: str) -> dict[str, Any]:
    answer = api.send("GET", url.removeprefix("http://testserver"))
    assert answer.status_code == 200, answer.content
    body = answer.json()
    links = answer.headers.get("Link", "")
    assert ('rel="next"' in links) is (body["next"] is not None)
    assert ('rel="prev"' in links) is (body["previous"] is not None)
    return body


def walk(api: Api, ordering: str, size: int, **query: str) -> list[list[str]]:
    """The ids of every page forwards, checked against the walk back."""
    url = f"/api/v1/events?ordering={ordering}&page_size={size}"
    url += "".join(f"&{name}={value}" for name, value in query.items())
    first = page(api, url)
    assert first["previous"] is None
    pages, last = [first], first
    while last["next"]:
        last = page(api, last["next"])
        pages.append(last)
    forwards = [[row["id"] for row in one["results"]] for one in pages]

    backwards, url = [forwards[-1]], last["previous"]
    while url:
        one = page(api, url)
        assert one["next"] is not None
        backwards.append([row["id"] for row in one["results"]])
        url = one["previous"]
    flat = [key for ids in reversed(backwards) for key in ids]
    assert flat == [key for ids in forwards for key in ids]
    return forwards


ORDERINGS = [
    f"{sign}{name}"
    for name in ("date", "title", "updated_at", "published_at")
    for sign in ("", "-")
]


@pytest.mark.parametrize("ordering", [*ORDERINGS, "created_at", "-created_at"])
@pytest.mark.parametrize("size", [3, 17])
def test_every_row_is_met_once_in_both_directions(
    ordering: str, size: int, events: list[Event], writer: Api
) -> None:
    pages = walk(writer, ordering, size)

    flat = [key for ids in pages for key in ids]
    assert sorted(flat) == sorted(str(event.uuid) for event in events)
    assert all(len(ids) == size for ids in pages[:-1])


@pytest.mark.parametrize("size", [1, 2, 16, 18, 200])
def test_a_page_may_have_any_size(size: int, events: list[Event], writer: Api) -> None:
    assert len([key for ids in walk(writer, "date", size) for key in ids]) == len(events)


@pytest.mark.parametrize("ordering", ["date", "-date"])
def test_the_undated_come_last_whichever_way_the_dates_run(
    ordering: str, events: list[Event], writer: Api
) -> None:
    undated = {str(event.uuid) for event in events if event.date is None}

    ids = [key for page_ids in walk(writer, ordering, 4) for key in page_ids]

    assert set(ids[-len(undated) :]) == undated


def test_dates_run_upwards_and_downwards(events: list[Event], writer: Api) -> None:
    keys = {str(event.uuid): event.sort_key for event in events if event.date is not None}

    up = [keys[key] for key in writer.ids("events", ordering="date", undated="false")]
    down = [keys[key] for key in writer.ids("events", ordering="-date", undated="false")]

    assert up == sorted(keys.values())
    assert down == sorted(keys.values(), reverse=True)


def test_pages_go_on_with_the_filters_they_began_with(events: list[Event], writer: Api) -> None:
    pages = walk(writer, "date", 2, overlapping="2019")

    found = {key for ids in pages for key in ids}
    right = Event.objects.overlapping(read_edtf("2019")).values_list("uuid", flat=True)
    assert found == {str(key) for key in right}
    assert len(found) < len(events)


def test_what_is_added_behind_the_reader_does_not_move_the_rest(writer: Api) -> None:
    middle = [make_event("draft", date=f"201{n}") for n in (3, 5, 7, 9)]
    first = page(writer, "/api/v1/events?ordering=date&page_size=2")
    make_event("draft", date="2012")
    make_event("draft", date="2014")
    later = make_event("draft", date="2016")

    second = page(writer, first["next"])

    assert [row["id"] for row in second["results"]] == [str(e.uuid) for e in (later, middle[2])]


def test_the_count_is_of_all_that_match_and_only_when_asked(
    events: list[Event], writer: Api
) -> None:
    assert writer.get("events", count="true", page_size=2).json()["count"] == len(events)
    assert writer.get("events", count="true", undated="true").json()["count"] == 4
    assert "count" not in writer.get("events").json()


def test_no_rows_are_a_page_too(anonymous: Api) -> None:
    assert anonymous.get("events").json() == {"next": None, "previous": None, "results": []}


def test_a_page_goes_on_after_the_longest_title(writer: Api) -> None:
    titles = [f"{'龍' * 498}{n:02}" for n in range(3)]
    for title in titles:
        make_event("draft", title=title)
    page, found = writer.get("events", ordering="title", page_size=1), []
    while True:
        found += [row["title"] for row in page.json()["results"]]
        if not (url := page.json()["next"]):
            break
        page = writer.get(urlsplit(url).path + "?" + urlsplit(url).query)
    assert found == titles


# --- Cursors --------------------------------------------------------------------------------------


def cursor_of(api: Api, path: str, **query: Any) -> str:
    url = api.get(path, page_size=1, **query).json()["next"]
    return parse_qs(urlsplit(url).query)["cursor"][0]


def refused(answer: Any) -> bool:
    problem = is_problem(answer) and answer.status_code == 400
    return problem and answer.json()["errors"][0]["parameter"] == "cursor"


def test_a_tampered_cursor_is_refused_at_every_character(writer: Api) -> None:
    for _ in range(3):
        make_event("draft")
    cursor = cursor_of(writer, "events")

    for position in range(0, len(cursor), 3):
        other = "A" if cursor[position] != "A" else "B"
        tampered = cursor[:position] + other + cursor[position + 1 :]
        assert refused(writer.get("events", cursor=tampered)), tampered
    assert refused(writer.get("events", cursor=cursor[:-1]))
    assert refused(writer.get("events", cursor=f"{cursor}A"))


def test_a_cursor_of_another_order_or_list_is_refused(writer: Api) -> None:
    for n in range(3):
        make_event("draft", date=f"201{n}")
        make_source("draft", date=f"201{n}")
        make_figure("draft", date=f"201{n}")

    assert refused(writer.get("events", cursor=cursor_of(writer, "events"), ordering="title"))
    assert refused(writer.get("events", cursor=cursor_of(writer, "events"), ordering="-date"))
    assert refused(writer.get("sources", cursor=cursor_of(writer, "figures")))
    assert refused(writer.get("figures", cursor=cursor_of(writer, "sources")))


@pytest.mark.parametrize(
    "content", [[], "text", 7, None, {"a": 1}, ["date"], ["date", False, []], [[], [], []]]
)
def test_a_cursor_signed_for_something_else_is_refused(content: Any, anonymous: Api) -> None:
    for salt in ("timeline.cursor", "django.core.signing"):
        forged = signing.dumps(content, salt=salt)
        assert refused(anonymous.get("events", cursor=forged))


def test_a_cursor_tells_no_inner_key(writer: Api) -> None:
    for _ in range(2):
        make_event("draft")
    cursor = cursor_of(writer, "events")
    payload = cursor.split("~")[0]

    decoded = signing.b64_decode(payload.removeprefix(".").encode())

    if payload.startswith("."):
        import zlib

        decoded = zlib.decompress(decoded)
    values = json.loads(decoded)
    keys = {str(event.pk) for event in Event.objects.all()}
    assert not keys & {str(value) for value in values[-1][3:]}


def test_tags_and_terms_are_paged_as_well(publisher: Api) -> None:
    for n in range(7):
        make_tag(f"tag-{n}")
        make_place("draft", name=f"Place {n % 2}")

    assert publisher.ids("tags", page_size=2) == [f"tag-{n}" for n in range(7)]
    assert publisher.ids("tags", page_size=3, ordering="-slug") == [
        f"tag-{n}" for n in reversed(range(7))
    ]
    assert len(set(publisher.ids("places", page_size=2))) == 7
    assert api_of(None).ids("vocabularies/roles", page_size=7) == api_of(None).ids(
        "vocabularies/roles", page_size=200
    )


def test_the_events_of_a_timeline_follow_its_entries_and_its_filter(publisher: Api) -> None:
    entered = make_event(title="Entered")
    red, blue = (make_event(title=color, tags=[color]) for color in ("red", "blue"))
    make_timeline(slug="few", entries=[{"event": entered}])

    def shown(**change: Any) -> set[str]:
        if change:
            assert publisher.patch("timelines/few", change).status_code == 200
        rows = Api().get("timelines/few/events").json()["results"]
        return {row["title"] for row in rows}

    assert shown() == {"Entered"}
    assert shown(filter={"tag": ["red"]}) == {"Entered", red.title}
    assert shown(filter={"tag": ["blue"]}) == {"Entered", blue.title}
    assert shown(entries=[{"event": str(red.uuid)}]) == {red.title, blue.title}
