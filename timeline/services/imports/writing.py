"""Write what the rows of an import bring that is new: many at once, and nothing is read again."""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Model

from timeline.db.bulk import Table, new_uuids
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
    Source,
    Tag,
    Term,
    Versioned,
    Vocabulary,
)
from timeline.querysets.visibility import PUBLIC
from timeline.services import first_entries, ledger
from timeline.services.access import By
from timeline.services.evidence import Uncited
from timeline.services.first_entries import First
from timeline.services.imports.matching import NAMED, Matcher, the_dataset_itself
from timeline.services.imports.rows import ActorSpec, Row
from timeline.services.publication import take_step
from timeline.temporal import Bounds

REASON = "Imported"
# The tables that grow with the rows of an import.
FILLED = (
    *(Event, EventDateMember, Event.tags.through, Participation, Citation),
    *(Place, Actor, ActorName, Source, ImportedRow, Change),
)
# What the columns of an event are given: first what names it and what it names, then the values of
# its row as they are.
VALUES = (*("title", "summary", "status", "assessment", "image", "date", "date_text", "extra"),)
EVENT = ("id", "uuid", "dataset", "external_id", "kind_id", "place_id", *VALUES)
PARTICIPATION = (
    *("uuid", "position", "event_id", "event_kind_id", "actor_id", "role_id", "note", "outcome"),
    "date",
)
NAME = ("uuid", "position", "actor_id", "text", "date")
# So many names are kept in mind; what was forgotten is looked up again.
KEPT = 5_000


class Matched(NamedTuple):
    """A row, and the records that it names."""

    row: Row
    uuid: str
    kind: Term | None
    place: Place | None
    participations: list[tuple[str, Actor, Term, ActorSpec]]
    sources: list[Source]
    tags: list[Tag]


class Writer:
    """Writes chunks of rows within one transaction of the caller's."""

    def __init__(self, run: Import, by: By, *, publish: bool) -> None:
        self.by, self.publish = by, publish
        self.forget()
        now = ledger.now()
        self.state = (Publication.PUBLISHED if publish else Publication.DRAFT).value
        self.stamps: dict[str, Any] = {
            "created_by_id": by.user and by.user.pk,
            "created_at": now,
            "updated_at": now,
            "publication": self.state,
            "published_at": now if publish else None,
        }
        self.events = Table(Event, *EVENT, **self.stamps)
        self.citations = Table(Citation, "uuid", "event_id", "source_id", **self.stamps)
        self.participations = Table(Participation, *PARTICIPATION)
        self.members = Table(EventDateMember, "event_id", *Bounds._fields)
        self.tagged = Table(Event.tags.through, "event_id", "tag_id", "date")
        self.came = Table(ImportedRow, "dataset", "external_id", "event_id", "row", run_id=run.pk)
        self.uuids = new_uuids()
        state = {"publication": self.state}
        self.unsaid_event = ledger.unsaid(Event) | state
        # Citations differ in nothing but whom they belong to.
        named = {name: f"%({name})s" for name in ("uuid", "event", "source")}
        self.citation_told = ledger.canonical(ledger.unsaid(Citation) | state | named)
        self.unsaid_participation = ledger.unsaid(Participation, without="event")

    def forget(self) -> None:
        """Begin anew with what is recorded."""
        self.matcher = Matcher(self.by)
        # The words of which the ledger says that the public knows them.
        self.shown: set[UUID] = set()

    def stay_small(self) -> None:
        """Between chunks, when all that is known is written."""
        if self.matcher.size > KEPT:
            self.forget()

    # --- Events ---

    def create(self, rows: list[Row]) -> list[str]:
        """Record new events with all they name; one entry in the ledger for each record."""
        if not rows:
            return []
        self.matcher.learn(rows)
        new = [self._match(row) for row in rows]
        self.write_named()
        told = list(zip(self.events.new_keys(len(new)), new, strict=True))
        cited = [
            (key, one, source, next(self.uuids)) for key, one in told for source in one.sources
        ]
        self.citations.insert([(uuid, key, source.id) for key, _, source, uuid in cited])
        # After their citations, lest each be noted as one without, for a moment.
        self.events.insert([self._event(key, one) for key, one in told])
        self.members.insert(
            [
                (key, *bounds)
                for key, one in told
                if one.row.date is not None
                for bounds in one.row.date.members
            ]
        )
        self.participations.insert(
            [
                (
                    *(uuid, place, key, one.kind and one.kind.id, actor.id, role.id),
                    *(spec.note, spec.outcome, one.row.date),
                )
                for key, one in told
                for place, (uuid, actor, role, spec) in enumerate(one.participations)
            ]
        )
        self.tagged.insert([(key, tag.id, one.row.date) for key, one in told for tag in one.tags])
        self.note_rows([(key, one.row) for key, one in told])
        entries = [self._event_entry(one) for one in new]
        entries += [self._citation_entry(one, source, uuid) for _, one, source, uuid in cited]
        first_entries.append(entries, by=self.by, reason=REASON)
        if self.publish:
            self._show_words(new)
        return [one.uuid for one in new]

    def note_rows(self, rows: list[tuple[int, Row]]) -> None:
        """Keep each row as it came for the event of this key."""
        self.came.insert([(*row.key, key, row.written) for key, row in rows])

    def _match(self, row: Row) -> Matched:
        kind = row.values["kind"]
        return Matched(
            row=row,
            uuid=next(self.uuids),
            kind=self.matcher.term(Vocabulary.KINDS, kind) if kind else None,
            place=self.matcher.place(row.place) if row.place else None,
            participations=self._participations(row),
            sources=self._cited(row),
            # By identity, for what is new has no key yet.
            tags=list({id(tag): tag for tag in map(self.matcher.tag, row.tags)}.values()),
        )

    def _participations(self, row: Row) -> list[tuple[str, Actor, Term, ActorSpec]]:
        found: dict[tuple[int, int], tuple[str, Actor, Term, ActorSpec]] = {}
        for spec in row.actors:
            actor = self.matcher.actor(spec)
            role = self.matcher.term(Vocabulary.ROLES, spec.role)
            if (id(actor), id(role)) not in found:
                found[id(actor), id(role)] = next(self.uuids), actor, role, spec
        return list(found.values())

    def _event(self, key: int, one: Matched) -> tuple[Any, ...]:
        row = one.row
        named = one.kind and one.kind.id, one.place and one.place.id
        return key, one.uuid, *row.key, *named, *map(row.values.__getitem__, VALUES)

    def _event_entry(self, one: Matched) -> First:
        row = one.row
        said = {
            **self.unsaid_event,
            **row.values,
            "uuid": one.uuid,
            "dataset": row.dataset,
            "external_id": row.external_id,
            "date": row.date and row.date.text,
            "kind": one.kind and one.kind.code,
            "place": one.place and _public_id(one.place),
            "participations": [
                {
                    **self.unsaid_participation,
                    "uuid": uuid,
                    "position": position,
                    "actor": _public_id(actor),
                    "role": role.code,
                    "note": spec.note,
                    "outcome": spec.outcome,
                }
                for position, (uuid, actor, role, spec) in enumerate(one.participations)
            ],
            "tags": sorted(tag.slug for tag in one.tags),
        }
        told = ledger.canonical_but(said, extra=row.values["extra"])
        hidden = ""
        if self.publish:
            named: list[Any] = [actor for _, actor, _, _ in one.participations]
            named += [one.place] if one.place else []
            hidden = " ".join(sorted({str(o.uuid) for o in named if not PUBLIC.sees(o)}))
        return First("event", one.uuid, self.state, told, self.publish, hidden)

    def _citation_entry(self, one: Matched, source: Source, uuid: str) -> First:
        named = {"uuid": uuid, "event": one.uuid, "source": _public_id(source)}
        is_public = self.publish and PUBLIC.sees(source)
        return First("citation", uuid, self.state, self.citation_told % named, is_public)

    def _show_words(self, new: list[Matched]) -> None:
        """What something public uses the public knows."""
        words: dict[type[Any], set[str]] = defaultdict(set)
        used: dict[int, Term | Tag] = {}
        for one in new:
            roles = [role for _, _, role, _ in one.participations]
            used.update((id(word), word) for word in (*one.tags, *roles, one.kind) if word)
        for word in used.values():
            if word.uuid not in self.shown:
                self.shown.add(word.uuid)
                words[type(word)].add(str(word.uuid))
        ledger.turn(words, by=self.by)

    # --- What events name ---

    def _cited(self, row: Row) -> list[Source]:
        """What is to be public says on whose word: without a public source, on the data set's."""
        sources = list({id(s): s for s in map(self.matcher.source, row.sources)}.values())
        if not self.publish:
            return sources
        self.bring_out(sources)
        if not any(map(self._to_be_public, sources)):
            sources.append(itself := self.matcher.source(the_dataset_itself(row.dataset)))
            if not self._to_be_public(itself):
                raise Uncited(
                    f"“{row.values['title']}” cites no source that is public. Publish “{itself}”."
                )
        return sources

    def _to_be_public(self, source: Source) -> bool:
        return source._state.adding or source.is_published

    def bring_out(self, named: list[Any]) -> None:
        """Publish the drafts that an import made; what a curator drafted stays hidden."""
        drafts = {one.uuid: one for one in named if one.publication == "draft" and one.pk}
        if not drafts:
            return
        imported = Change.objects.filter(
            record_uuid__in=drafts, action=Action.CREATED, reason=REASON
        ).values_list("record_uuid", flat=True)
        for uuid in imported:
            take_step(drafts[uuid], "publish", by=self.by, reason=REASON)
            drafts[uuid].publication = Publication.PUBLISHED

    def write_named(self) -> None:
        """Write what rows named and was not known."""
        names: dict[int, list[Model]] = defaultdict(list)
        for name in self.matcher.new_names:
            name.position = len(names[id(name.actor)])
            names[id(name.actor)].append(name)
        entries = []
        for model in NAMED:
            created = self.matcher.created[model]
            self._insert(model, created)
            for record in created:
                data = ledger.snapshot(record, parts={"names": names[id(record)]})
                entries.append(self._entry(record, data))
        for name in self.matcher.new_names:
            name.actor_id = name.actor.pk
        Table(ActorName, *NAME).insert(list(map(attrgetter(*NAME), self.matcher.new_names)))
        self.matcher.written()
        if entries:
            first_entries.append(entries, by=self.by, reason=REASON)

    def _insert(self, model: type[Versioned], records: list[Any]) -> None:
        if not records:
            return
        stamps = self.stamps if issubclass(model, Record) else {}
        for record in records:
            vars(record).update(stamps)
        table = Table(model, **stamps)
        for key, record in zip(table.new_keys(len(records)), records, strict=True):
            record.pk = key
        table.insert(list(map(attrgetter(*table.given), records)))
        for record in records:
            record._state.adding, record._state.db = False, connection.alias

    def _entry(self, record: Any, data: dict[str, Any]) -> First:
        # Of a word the public knows only when something public uses it.
        is_public = isinstance(record, Record) and PUBLIC.sees(record)
        state = getattr(record, "publication", "")
        name = str(record._meta.model_name)
        return First(name, str(record.uuid), state, ledger.canonical(data), is_public)


def _public_id(record: Any) -> str:
    """As text, and kept with the record, which hundreds of rows may name."""
    said = vars(record)
    if "public_id" not in said:
        said["public_id"] = str(record.uuid)
    return said["public_id"]
