"""What no page may show, and what no page may do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from tests.web.world import US, World, term
from timeline.models import Actor, Event, Source, Timeline
from timeline.services.publication import take_step
from timeline.services.records import update_record

Read = Callable[[str], str]
SECRET = "sesame"


def pages(client: Client) -> Iterator[tuple[str, str]]:
    """Every page there is, found or not."""
    yield from ((address, client.get(address).content.decode()) for address in addresses())


def addresses() -> Iterator[str]:
    yield "/"
    yield from (f"/timelines/{one.slug}" for one in Timeline.objects.all())
    for model, name in ((Event, "events"), (Actor, "actors"), (Source, "sources")):
        yield from (f"/{name}/{one.uuid}" for one in model.objects.all())


def a_case(world: World, secret: str, how: Callable[[Any], None]) -> None:
    """A published case, with something secret in every place where a record leads to another."""
    report = world.source("The report")
    hidden = {
        "actor": world.actor(f"Informant {secret}", published=False),
        "place": world.place(f"Safe house {secret}", published=False),
        "source": world.source(f"Leak {secret}", published=False),
        "event": world.event(f"Raid {secret}", "2019-12", published=False, source=report),
    }
    public = world.actor("The court")
    event = world.event(
        "The sentence",
        "2019",
        place=hidden["place"],
        participations=[
            {"actor": public, "role": term("roles", "court")},
            {"actor": hidden["actor"], "role": term("roles", "informant"), "note": secret},
        ],
    )
    inner = world.place("The town", parent=hidden["place"])
    second = world.event("The appeal", "2020", place=inner, source=report)
    informant, court = (
        event.participations.get(actor=hidden["actor"]),
        event.participations.get(actor=public),
    )
    # Each is published itself, and tells of what is not.
    said = world.claim(hidden["actor"], f"Speaks {secret}", about=event)
    world.claim(
        public,
        "It is so.",
        about=hidden["event"],
        about_field="title",
        about_value=secret,
        links=[{"type": "contradicts", "other": said}],
        said_in=event,
    )
    world.claim(public, f"Draft {secret}", about=event, published=False)
    world.relate(event, "led_to", hidden["event"], note=secret)
    world.relate(hidden["event"], "led_to", second, note=secret)
    world.affiliate(public, "part_of", hidden["actor"], title=secret)
    world.affiliate(hidden["actor"], "part_of", public, title=secret)
    world.figure(f"Bribes {secret}", low=1, speaker=hidden["actor"])
    spoken = world.figure("Convicts", low=9, high=9, speaker=public, place=hidden["place"])
    world.cite(report, figure=spoken)
    world.cite(report, event=hidden["event"], quote=secret, published=False)
    world.cite(hidden["source"], event=event, quote=secret)
    world.cite(report, participation=informant, quote=secret)
    world.cite(report, participation=court, quote=f"draft {secret}", published=False)
    world.cite(report, claim=said, quote=secret)
    world.make(Source, title="A reprint", derived_from=hidden["source"])
    world.source(f"A leaked reprint {secret}", derived_from=report, published=False)
    world.timeline(
        "The case",
        entries=[
            {"event": event, "note": "Here it ends."},
            {"event": second},
            {"event": hidden["event"], "note": secret},
        ],
    )
    world.timeline(f"Another {secret}", event, slug="another", published=False)
    for record in hidden.values():
        how(record)


def leave(record: Any) -> None:
    """A draft stays one."""


def withdraw(record: Any) -> None:
    take_step(record, "publish", by=US)
    take_step(record, "withdraw", by=US)


@pytest.mark.parametrize("how", [leave, withdraw], ids=["a draft", "withdrawn"])
def test_what_is_not_published_is_on_no_page_however_it_is_reached(
    world: World, client: Client, how: Callable[[Any], None]
) -> None:
    a_case(world, SECRET, how)

    shown = dict(pages(client))

    assert [address for address, markup in shown.items() if SECRET in markup] == []
    assert "The sentence" in shown["/timelines/case"]
    assert "2 events" in shown["/timelines/case"]
    assert "December" not in shown["/timelines/case"]


def test_the_staff_too_are_shown_the_public_pages(world: World, admin_client: Client) -> None:
    a_case(world, SECRET, leave)

    assert [address for address, markup in pages(admin_client) if SECRET in markup] == []


def test_a_protected_identity_is_on_no_page_though_it_is_published(
    world: World, client: Client
) -> None:
    def protect(record: Any) -> None:
        if isinstance(record, Actor):
            record = take_step(record, "publish", by=US)
            update_record(record, values={"protected": True}, by=US)

    a_case(world, SECRET, protect)

    assert [address for address, markup in pages(client) if SECRET in markup] == []


def test_pages_are_the_same_byte_for_byte_whatever_is_hidden(world: World, client: Client) -> None:
    a_case(world, SECRET, leave)
    before = {a: client.get(a) for a in addresses()}

    for model in (Actor, Event, Source):
        for record in model.objects.filter(publication="draft"):
            name = "name" if model is Actor else "title"
            update_record(record, values={name: "Something longer, about other things"}, by=US)

    for address, was in before.items():
        now = client.get(address)
        assert (now.status_code, now.content) == (was.status_code, was.content), address


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


class Elements(HTMLParser):
    """Collects every element with its attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def a_hostile_case(world: World) -> None:
    """Markup in every field that takes text, and addresses that run."""
    source = world.source(
        HOSTILE,
        publisher=HOSTILE,
        authors=[HOSTILE],
        url="https://example.org/'\"><script>",
        archived_url="https://example.org/<b>",
        licence=HOSTILE,
        language='en"><b>',
        date="2019",
        date_text=HOSTILE,
        date_basis_note=HOSTILE,
        text=HOSTILE,
        text_is_public=True,
    )
    # Older than the check of addresses, or put there by hand.
    Source.objects.filter(pk=source.pk).update(url="javascript:alert(1)")
    actor = world.actor(
        HOSTILE,
        description=f"{HOSTILE}\n\n[x](javascript:alert(1))",
        identifiers={HOSTILE: HOSTILE, "wikidata": "Q1/../x"},
        names=[{"text": HOSTILE, "language": '"><b>', "kind": "alias"}],
    )
    event = world.event(
        HOSTILE,
        "2019",
        summary=f"{HOSTILE} <a href='javascript:alert(1)'>x</a> <style>*{{}}</style>",
        source=source,
        date_text=HOSTILE,
        date_basis="inferred",
        date_basis_note=HOSTILE,
        place=world.place(HOSTILE, region=HOSTILE),
        tags=[HOSTILE],
        participations=[
            {"actor": actor, "role": term("roles", "court"), "note": HOSTILE, "outcome": HOSTILE}
        ],
    )
    Event.objects.filter(pk=event.pk).update(image="javascript:alert(1)")
    claim = world.claim(
        actor, HOSTILE, about=event, about_field="title", about_value=HOSTILE, status_note=HOSTILE
    )
    world.cite(source, claim=claim, quote=HOSTILE, locator=HOSTILE, note=HOSTILE)
    figure = world.figure(HOSTILE, low=1, text=HOSTILE, unit=HOSTILE, population=HOSTILE)
    world.cite(source, figure=figure)
    other = world.event("Another", "2020")
    world.relate(event, "precedes", other, note=HOSTILE)
    world.timeline(
        HOSTILE, introduction=HOSTILE, entries=[{"event": event, "note": HOSTILE}], filter={}
    )


def test_nothing_that_people_write_runs_or_is_fetched(world: World, client: Client) -> None:
    a_hostile_case(world)

    for address, markup in pages(client):
        for tag, attributes in Elements(markup).found:
            assert tag not in ("script", "style", "img", "iframe", "object", "form"), address
            assert not [name for name in attributes if name.startswith("on")], address
            assert "style" not in attributes, address
            link = attributes.get("href") or ""
            assert re.match(r"https?://|/|#|\?|$", link), address
            if link.startswith("http"):
                assert attributes["rel"] == "noopener noreferrer nofollow", address


def test_every_page_forbids_what_it_does_not_need(world: World, client: Client) -> None:
    world.timeline("The case", world.event("The event", "2019"))

    policy = client.get("/timelines/case")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
