"""Change the events that are known already, as far as their rows changed: by the ordinary verbs."""

from __future__ import annotations

import json
from typing import Any

from timeline.formats.parts import NOT_NAMED
from timeline.models import Citation, Event, Publication, Scope, Vocabulary
from timeline.services.events import update_event
from timeline.services.imports.matching import Matcher, the_dataset_itself
from timeline.services.imports.rows import Row, read_row
from timeline.services.imports.writing import REASON, Writer
from timeline.services.publication import take_step
from timeline.services.records import create_record, delete_record

# Members of a row that are fields of the event as they stand.
PLAIN = {"title", "summary", "status", "assessment", "image"}


def update(writer: Writer, event: Event, imported: str | None, row: Row) -> list[dict[str, Any]]:
    """Change what differs from the row of the import before; the differences, by field."""
    return _Updater(writer).update(event, imported, row)


class _Updater:
    """Changes one event, with what the writer of the run knows."""

    def __init__(self, writer: Writer) -> None:
        self.writer, self.by, self.publish = writer, writer.by, writer.publish

    @property
    def matcher(self) -> Matcher:
        return self.writer.matcher

    def update(self, event: Event, imported: str | None, row: Row) -> list[dict[str, Any]]:
        old = json.loads(imported) if imported else {}
        changed = {
            name for name in old.keys() | row.given.keys() if old.get(name) != row.given.get(name)
        }
        told: list[dict[str, Any]] = []
        # What the event used may be used by nothing any more.
        self.writer.shown.clear()
        if changed:
            self.by.needs(Scope.WRITE)
            read = read_row(row.line, old)
            before = read if isinstance(read, Row) else None
            if before and changed & {"actors", "sources"}:
                self.matcher.learn([before])
            values = self._changes(event, row, changed, before)
            told = [
                {"field": name, "before": self._told(name, before), "after": self._told(name, row)}
                for name in sorted(changed)
            ]
            update_event(event, values=values, by=self.by, reason=REASON)
            if "sources" in changed:
                self._update_sources(event, row, before)
            self.writer.note_rows([(event.pk, row)])
        if self.publish and event.publication != Publication.PUBLISHED:
            published = self._publish(event)
            if published and not changed:
                return [{"field": "publication", "before": "draft", "after": "published"}]
        return told

    def _told(self, name: str, row: Row | None) -> Any:
        """What a row said, without those actors whom whoever imports may not know of."""
        given = row.given.get(name) if row else None
        if name != "actors" or not (row and given) or self.by.may(Scope.PUBLISH):
            return given
        return [
            one if self.matcher.namesakes(spec.name) else {"name": NOT_NAMED, "role": spec.role}
            for one, spec in zip(given, row.actors, strict=True)
        ]

    def _changes(
        self, event: Event, row: Row, changed: set[str], before: Row | None
    ) -> dict[str, Any]:
        values = {name: row.values[name] for name in PLAIN & changed}
        if changed & {"edtf", "date_text"}:
            values |= {"date": row.values["date"], "date_text": row.values["date_text"]}
        was = before.values["extra"] if before else {}
        if row.values["extra"] != was or (before is None and "extra" in row.given):
            values["extra"] = row.values["extra"]
        if "kind" in changed:
            kind = row.values["kind"]
            values["kind"] = self.matcher.term(Vocabulary.KINDS, kind) if kind else None
        if "place" in changed:
            values["place"] = self.matcher.place(row.place) if row.place else None
        if "tags" in changed:
            tags = [self.matcher.tag(word).slug for word in row.tags]
            gone = {self.matcher.slug(word) for word in (before.tags if before else ())} - {*tags}
            values |= {"add_tags": tags, "remove_tags": sorted(gone)}
        if "actors" in changed:
            values |= self._changed_actors(event, row, before)
        self.writer.write_named()
        return values

    def _changed_actors(self, event: Event, row: Row, before: Row | None) -> dict[str, Any]:
        listed = [
            {
                "actor": self.matcher.actor(spec),
                "role": self.matcher.term(Vocabulary.ROLES, spec.role),
                "note": spec.note,
                "outcome": spec.outcome,
            }
            for spec in row.actors
        ]
        stays = {(item["actor"].pk, item["role"].code) for item in listed}
        came = {
            (actor.pk, self.matcher.code(spec.role))
            for spec in (before.actors if before else ())
            for actor in self.matcher.namesakes(spec.name)
        }
        gone = [
            {"actor": took_part.actor, "role": took_part.role}
            for took_part in event.participations.select_related("actor", "role")
            if (took_part.actor.pk, took_part.role.code) in came - stays
        ]
        return {"add_participations": listed, "remove_participations": gone}

    def _update_sources(self, event: Event, row: Row, before: Row | None) -> None:
        wanted = [self.matcher.source(spec) for spec in row.sources]
        self.writer.write_named()
        if self.publish:
            self.writer.bring_out(wanted)
        cited = {citation.source_id: citation for citation in event.citations.all()}
        for source in {source.pk: source for source in wanted}.values():
            if source.pk not in cited:
                values = {"event": event, "source": source}
                citation = create_record(Citation, values=values, by=self.by, reason=REASON)
                if event.publication == Publication.PUBLISHED:
                    take_step(citation, "publish", by=self.by, reason=REASON)
        came = [self.matcher.known_source(spec) for spec in (before.sources if before else ())]
        for citation in event.citations.select_related("source"):
            if citation.source in came and citation.source not in wanted:
                delete_record(citation, by=self.by, reason=REASON)

    def _publish(self, event: Event) -> bool:
        event.refresh_from_db()
        if event.publication not in (Publication.DRAFT, Publication.IN_REVIEW):
            return False
        named: list[Any] = [one.source for one in event.citations.select_related("source")]
        named += [one.actor for one in event.participations.select_related("actor")]
        self.writer.bring_out([*named, *([event.place] if event.place else [])])
        cited = event.citations.exclude(publication=Publication.WITHDRAWN)
        if not cited.filter(source__publication=Publication.PUBLISHED).exists():
            source = self.matcher.source(the_dataset_itself(event.dataset))
            self.writer.write_named()
            values = {"event": event, "source": source, "locator": event.external_id}
            create_record(Citation, values=values, by=self.by, reason=REASON)
        take_step(event, "publish", by=self.by, reason=REASON)
        return True
