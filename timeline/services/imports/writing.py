"""Write the rows of an import: new events in bulk, changed ones by the ordinary verbs."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError

from timeline.errors import Flaw, Invalid
from timeline.models import (
    Action,
    Actor,
    ActorName,
    Change,
    Citation,
    Event,
    EventDateMember,
    Import,
    ImportedRow,
    Participation,
    Place,
    Publication,
    Record,
    Scope,
    Source,
    Vocabulary,
)
from timeline.services import ledger
from timeline.services.access import By
from timeline.services.events import update_event
from timeline.services.evidence import Uncited
from timeline.services.imports.matching import Matcher, the_dataset_itself
from timeline.services.imports.rows import Row, read_row
from timeline.services.publication import take_step
from timeline.services.publicity import Entry
from timeline.services.records import create_record, delete_record

REASON = "Imported"
# The tables that grow with the rows of an import.
FILLED = (
    *(Event, EventDateMember, Event.tags.through, Participation, Citation),
    *(Place, Actor, ActorName, Source, ImportedRow, Change),
)
# Members of a row that are fields of the event as they stand.
PLAIN = {"title", "summary", "status", "assessment", "image"}
BATCH = 500


class Writer:
    """Writes chunks of rows within one transaction of the caller's."""

    def __init__(self, run: Import, by: By, *, publish: bool) -> None:
        self.run, self.by, self.publish = run, by, publish
        self.forget()

    def forget(self) -> None:
        """Begin anew with what is recorded."""
        self.matcher = Matcher(self.by)

    # --- New events, in bulk ---

    def create(self, rows: list[Row]) -> list[Event]:
        """Record new events with all they name; one entry in the ledger for each record."""
        events, participations, citations = [], [], []
        for row in rows:
            event = self._event(row)
            events.append(event)
            participations.append(self._participations(event, row))
            citations += self._citations(event, self._cited(row))
        entries = self._write_named()
        self._insert(Event, events)
        self._write_members(events)
        Participation.objects.bulk_create(
            [one for some in participations for one in some], batch_size=BATCH
        )
        self._insert(Citation, citations)
        tags = [self._write_tags(event, row) for event, row in zip(events, rows, strict=True)]
        Event.tags.through.objects.bulk_create(
            [one for links, _ in tags for one in links], batch_size=BATCH
        )
        ImportedRow.objects.bulk_create(
            [self._came(event, row) for event, row in zip(events, rows, strict=True)],
            batch_size=BATCH,
        )
        entries += [
            self._entry(event, parts={"participations": some}, tags=slugs)
            for event, some, (_, slugs) in zip(events, participations, tags, strict=True)
        ]
        entries += [self._entry(citation) for citation in citations]
        ledger.append_all(entries, by=self.by)
        return events

    def _came(self, event: Event, row: Row) -> ImportedRow:
        return ImportedRow(
            run=self.run,
            dataset=row.dataset,
            external_id=row.external_id,
            event=event,
            row=ledger.canonical(row.given),
        )

    def _event(self, row: Row) -> Event:
        values = dict(row.values)
        kind = values.pop("kind")
        return Event(
            **values,
            kind=self.matcher.term(Vocabulary.KINDS, kind) if kind else None,
            dataset=row.dataset,
            external_id=row.external_id,
            place=self.matcher.place(row.place) if row.place else None,
        )

    def _participations(self, event: Event, row: Row) -> list[Participation]:
        rows: dict[tuple[int, int], Participation] = {}
        for spec in row.actors:
            actor = self.matcher.actor(spec)
            role = self.matcher.term(Vocabulary.ROLES, spec.role)
            rows.setdefault(
                (id(actor), role.pk),
                Participation(
                    event=event,
                    actor=actor,
                    role=role,
                    note=spec.note,
                    outcome=spec.outcome,
                    position=len(rows),
                ),
            )
        return list(rows.values())

    def _cited(self, row: Row) -> list[Source]:
        """What is to be public says on whose word: without a public source, on the data set's."""
        sources = [self.matcher.source(spec) for spec in row.sources]
        if not self.publish:
            return sources
        self._bring_out(sources)
        if not any(map(self._to_be_public, sources)):
            sources.append(itself := self.matcher.source(the_dataset_itself(row.dataset)))
            if not self._to_be_public(itself):
                raise Uncited(
                    f"“{row.values['title']}” cites no source that is public. Publish “{itself}”."
                )
        return sources

    def _to_be_public(self, source: Source) -> bool:
        return source._state.adding or source.is_published

    def _bring_out(self, named: list[Any]) -> None:
        """Publish the drafts that an import made; what a curator drafted stays hidden."""
        drafts = {one.uuid: one for one in named if one.pk and one.publication == Publication.DRAFT}
        if not drafts:
            return
        imported = Change.objects.filter(
            record_uuid__in=drafts, action=Action.CREATED, reason=REASON
        ).values_list("record_uuid", flat=True)
        for uuid in imported:
            take_step(drafts[uuid], "publish", by=self.by, reason=REASON)
            drafts[uuid].publication = Publication.PUBLISHED

    def _citations(self, event: Event, sources: list[Source]) -> list[Citation]:
        return [
            Citation(event=event, source=source)
            for source in {id(source): source for source in sources}.values()
        ]

    def _write_tags(self, event: Event, row: Row) -> tuple[list[Any], list[str]]:
        tags = {tag.pk: tag for tag in map(self.matcher.tag, row.tags)}
        through = Event.tags.through
        return [through(event=event, tag=tag) for tag in tags.values()], [
            tag.slug for tag in tags.values()
        ]

    def _write_named(self) -> list[Entry]:
        """Write the places, actors and sources that were not known; the entries to come."""
        created, names = self.matcher.created, self.matcher.new_names
        entries = []
        for model in (Place, Actor, Source):
            self._insert(model, created[model])
        for position, name in enumerate(names):
            name.position = position
            name.clean_fields(exclude=["actor"])
        ActorName.objects.bulk_create(names, batch_size=BATCH)
        of_actor: dict[int, list[Any]] = {}
        for name in names:
            of_actor.setdefault(id(name.actor), []).append(name)
        for model in (Place, Actor, Source):
            entries += [
                self._entry(record, parts={"names": of_actor.get(id(record), [])})
                for record in created[model]
            ]
            created[model] = []
        names.clear()
        return entries

    def _insert(self, model: type[Record], records: list[Any]) -> None:
        pointers = [field.name for field in model._meta.fields if field.many_to_one]
        now = ledger.now()
        for record in records:
            record.created_by = self.by.user
            record.created_at = record.updated_at = now
            if self.publish:
                record.publication, record.published_at = Publication.PUBLISHED, now
            try:
                record.clean_fields(exclude=pointers)
            except ValidationError as error:
                raise Invalid(
                    [
                        Flaw((field,), "invalid", f"“{record}”: {' '.join(one.messages)}")
                        for field, problems in error.error_dict.items()
                        for one in problems
                    ]
                ) from error
        model._default_manager.bulk_create(records, batch_size=BATCH)

    def _write_members(self, events: list[Event]) -> None:
        EventDateMember.objects.bulk_create(
            EventDateMember(event=event, **bounds._asdict())
            for event in events
            if event.date is not None
            for bounds in event.date.members
        )

    def _entry(self, record: Record, **known: Any) -> Entry:
        data = ledger.snapshot(record, **({"parts": {}} | known))
        return ledger.entry(record, Action.CREATED, by=self.by, reason=REASON, data=data)

    # --- Events that are known ---

    def update(self, event: Event, imported: str | None, row: Row) -> list[dict[str, Any]]:
        """Change what differs from the row of the import before; the differences, by field."""
        old = json.loads(imported) if imported else {}
        changed = {
            name: {"field": name, "before": old.get(name), "after": row.given.get(name)}
            for name in sorted(old.keys() | row.given.keys())
            if old.get(name) != row.given.get(name)
        }
        if changed:
            self.by.needs(Scope.WRITE)
            read = read_row(row.line, old)
            before = read if isinstance(read, Row) else None
            if before and changed.keys() & {"actors", "sources"}:
                self.matcher.learn([before])
            values = self._changes(event, row, changed, before)
            update_event(event, values=values, by=self.by, reason=REASON)
            if "sources" in changed:
                self._update_sources(event, row, before)
            self._came(event, row).save()
        if self.publish and event.publication != Publication.PUBLISHED:
            published = self._publish(event)
            if published and not changed:
                return [{"field": "publication", "before": "draft", "after": "published"}]
        return list(changed.values())

    def _changes(
        self, event: Event, row: Row, changed: dict[str, Any], before: Row | None
    ) -> dict[str, Any]:
        values = {name: row.values[name] for name in PLAIN & changed.keys()}
        if changed.keys() & {"edtf", "date_text"}:
            values |= {"date": row.values["date"], "date_text": row.values["date_text"]}
        if before is None or before.values["extra"] != row.values["extra"]:
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
        ledger.append_all(self._write_named(), by=self.by)
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
        ledger.append_all(self._write_named(), by=self.by)
        if self.publish:
            self._bring_out(wanted)
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
        self._bring_out([*named, *([event.place] if event.place else [])])
        cited = event.citations.exclude(publication=Publication.WITHDRAWN)
        if not cited.filter(source__publication=Publication.PUBLISHED).exists():
            source = self.matcher.source(the_dataset_itself(event.dataset))
            ledger.append_all(self._write_named(), by=self.by)
            values = {"event": event, "source": source, "locator": event.external_id}
            create_record(Citation, values=values, by=self.by, reason=REASON)
        take_step(event, "publish", by=self.by, reason=REASON)
        return True
