"""A small world to curate: one record of each kind, drafts and published, one protected actor."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils.timezone import now

from timeline.models import (
    Actor,
    Affiliation,
    Citation,
    Claim,
    Delivery,
    Event,
    Figure,
    Place,
    Proposal,
    Record,
    Redirect,
    Relation,
    Source,
    Suggestion,
    Tag,
    Term,
    Timeline,
    Token,
)
from timeline.services.access import the_command_line
from timeline.services.events import create_event
from timeline.services.publication import take_step
from timeline.services.records import create_record
from timeline.services.webhooks import create_webhook
from timeline.temporal import parse

SECRET_NAME = "Wang the Informant"
PASSWORD = "long enough for a test"
ROLES = {"contributor": "Contributor", "editor": "Editor", "administrator": "Administrator"}
QUOTE = "sentenced to death with a two-year reprieve"


def person(role: str) -> User:
    """Somebody of staff, in the group of their role."""
    user = User.objects.create_user(role, password=PASSWORD, is_staff=True)
    if role in ROLES:
        user.groups.add(Group.objects.get_or_create(name=ROLES[role])[0])
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def term(vocabulary: str, code: str) -> Term:
    return Term.objects.get_or_create(
        vocabulary=vocabulary, code=code, defaults={"label": code.replace("_", " ").capitalize()}
    )[0]


def record(model: type[Any], **values: Any) -> Any:
    return create_record(model, values=values, by=the_command_line(), reason="set up")


def event(title: str, date: str | None = None, **values: Any) -> Event:
    values["date"] = parse(date) if date else None
    return create_event(values={"title": title} | values, by=the_command_line(), reason="set up")


def publish(one: Record) -> Any:
    return take_step(one, "publish", by=the_command_line(), reason="set up")


@dataclass
class World:
    """What the tests find."""

    court: Actor
    secret: Actor
    place: Place
    source: Source
    draft: Event
    published: Event
    records: list[Any] = field(default_factory=list)


def make_world() -> World:
    role, kind = term("roles", "court"), term("kinds", "sentencing")
    place = record(Place, name="Xingtai", country="CN")
    court = record(
        Actor,
        name="Xingtai court",
        kind="government",
        names=[{"text": "邢台市中级人民法院", "kind": "transliteration", "language": "zh-Hans"}],
    )
    secret = record(Actor, name=SECRET_NAME, kind="person", protected=True)
    source = record(
        Source,
        title="China jails nine",
        publisher="Reuters",
        text=f"One was {QUOTE}.",
        date=parse("2019-11-07"),
        authors=["A Reporter"],
    )
    draft = event(
        "Nine people sentenced",
        "2019-11-07",
        kind=kind,
        place=place,
        tags=["fentanyl"],
        participations=[
            {"actor": court, "role": role, "note": "in Hebei"},
            {"actor": secret, "role": role, "note": "only editors know of this"},
        ],
    )
    published = event("Tip to the Chinese police", "2017", kind=kind)
    publish(source)
    for about in (draft, published):
        record(Citation, source=source, event=about, quote=QUOTE)
    publish(published)
    claim = record(Claim, speaker=court, text="They were sentenced.", about=draft)
    other = record(
        Claim,
        speaker=court,
        text="They were not.",
        stance="denies",
        links=[{"type": "contradicts", "other": claim}],
    )
    record(Claim, speaker=secret, text="I told them.")
    record(Affiliation, actor=secret, organisation=court, type=term("affiliation-types", "member"))
    everything = [
        court,
        place,
        source,
        draft,
        published,
        claim,
        other,
        record(
            Affiliation,
            actor=record(Actor, name="A judge"),
            organisation=court,
            type=term("affiliation-types", "member"),
        ),
        record(Figure, measure="deaths", low=28000, speaker=court, date=parse("2017")),
        record(Relation, subject=published, object=draft, type=term("relation-types", "led_to")),
        record(Timeline, slug="fentanyl", title="Fentanyl", entries=[{"event": draft}]),
        Citation.objects.filter(event=draft).get(),
        Tag.objects.get(slug="fentanyl"),
        kind,
        *(draft.participations.filter(actor=court)),
    ]
    return World(court, secret, place, source, draft, published, everything)


def make_bookkeeping(world: World, user: User) -> list[Any]:
    """One row of each kind that is no record."""
    return [
        Proposal.objects.create(
            record_type="event",
            record_uuid=world.published.uuid,
            base_version=2,
            changes={"title": "x"},
        ),
        Suggestion.objects.create(
            source=world.source,
            title="A tip",
            sentence="He tipped them off.",
            position_start=0,
            position_end=5,
        ),
        Redirect.objects.create(
            record_type="actor", old_uuid=world.draft.uuid, new_uuid=world.court.uuid
        ),
        Token.objects.create(user=user, name="a program", key="k", digest="d"),
        hook := create_webhook(
            values={"name": "A mirror", "url": "https://mirror.example/"}, by=the_command_line()
        ),
        Delivery.objects.create(
            webhook=hook, message="m", type="event.created", attempt=1, sent_at=now(), duration_ms=1
        ),
    ]


class Form(HTMLParser):
    """Reads what a browser would send for the page's form."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.select: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        its = dict(attrs)
        name, kind = its.get("name"), its.get("type", "text")
        match tag:
            case "input" if name and kind not in ("submit", "button", "file"):
                if kind not in ("checkbox", "radio") or "checked" in its:
                    unsaid = "on" if kind == "checkbox" else ""
                    self.data.setdefault(name, []).append(its.get("value") or unsaid)
            case "textarea" if name:
                self.area = name
                self.data[name] = [""]
            case "select":
                self.select = name
            case "option" if self.select and "selected" in its:
                self.data.setdefault(self.select, []).append(its.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = None
        if tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.area:
            self.data[self.area][0] += data


def form_of(client: Client, path: str) -> dict[str, Any]:
    """What a browser would send if nothing on the page were changed."""
    page = client.get(path)
    assert page.status_code == 200, path
    form = Form()
    form.feed(page.content.decode())
    # The first newline of a text area is the template's.
    return {
        name: [value.removeprefix("\n") for value in values]
        for name, values in form.data.items()
        if "__prefix__" not in name and name != "csrfmiddlewaretoken"
    }
