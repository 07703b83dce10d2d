"""What the pages are tested on, made by the services as everything is."""

from __future__ import annotations

from typing import Any

from timeline.db.dates import read_edtf
from timeline.models import (
    Actor,
    Affiliation,
    Citation,
    Claim,
    Event,
    Figure,
    Place,
    Record,
    Relation,
    Source,
    Term,
    Timeline,
)
from timeline.services.access import the_command_line
from timeline.services.publication import take_step
from timeline.services.records import create_record

US = the_command_line()


def term(vocabulary: str, code: str) -> Term:
    return Term.objects.get(vocabulary=vocabulary, code=code)


class World:
    """Makes records, published unless told otherwise."""

    def make(self, model: type[Record], *, published: bool = True, **values: Any) -> Any:
        if isinstance(values.get("date"), str):
            values["date"] = read_edtf(values["date"])
        record = create_record(model, values=values, by=US)
        return take_step(record, "publish", by=US) if published else record

    def actor(self, name: str, **values: Any) -> Actor:
        return self.make(Actor, name=name, **values)

    def place(self, name: str, **values: Any) -> Place:
        return self.make(Place, name=name, **values)

    def source(self, title: str = "A report", **values: Any) -> Source:
        return self.make(Source, title=title, **values)

    def cite(self, source: Source, **values: Any) -> Citation:
        return self.make(Citation, source=source, **values)

    def event(
        self,
        title: str,
        date: str | None = None,
        *,
        published: bool = True,
        source: Source | None = None,
        takers: tuple[tuple[Actor, str], ...] = (),
        **values: Any,
    ) -> Event:
        values.setdefault(
            "participations",
            [{"actor": actor, "role": term("roles", role)} for actor, role in takers],
        )
        event = self.make(Event, published=False, title=title, date=date, **values)
        if published:
            self.make(Citation, published=False, source=source or self.source(), event=event)
            event = take_step(event, "publish", by=US)
        return event

    def claim(self, speaker: Actor, text: str, **values: Any) -> Claim:
        return self.make(Claim, speaker=speaker, text=text, **values)

    def figure(self, measure: str, **values: Any) -> Figure:
        return self.make(Figure, measure=measure, **values)

    def relate(self, subject: Event, code: str, to: Event, **values: Any) -> Relation:
        kind = term("relation-types", code)
        return self.make(Relation, subject=subject, type=kind, object=to, **values)

    def affiliate(self, actor: Actor, code: str, to: Actor, **values: Any) -> Affiliation:
        kind = term("affiliation-types", code)
        return self.make(Affiliation, actor=actor, type=kind, organisation=to, **values)

    def timeline(self, title: str, *events: Event, slug: str = "case", **values: Any) -> Timeline:
        values.setdefault("entries", [{"event": event} for event in events])
        return self.make(Timeline, title=title, slug=slug, **values)
