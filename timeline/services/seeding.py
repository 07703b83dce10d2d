"""Write what the seed files say: as often as one likes, and never over somebody else's work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from timeline.errors import Invalid, TimelineError
from timeline.models import (
    Action,
    Change,
    Origin,
    Participation,
    Publication,
    Record,
    Redirect,
    Tag,
    Term,
    Versioned,
)
from timeline.services import ledger
from timeline.services.access import the_command_line
from timeline.services.publication import take_step
from timeline.services.records import create_record, update_record
from timeline.services.seeds import BadSeed, Reference, Seed, TermReference, nearest, read_seeds

# By this the ledger knows which entries are ours.
SEED = "seed"
BY = replace(the_command_line(), request_id=SEED)
Steps = tuple[str | int, ...]


@dataclass
class Outcome:
    """What seeding did; ``left`` names what others have changed since, and why it was left."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    left: list[str] = field(default_factory=list)


def seed_records(*, path: Path, progress: Callable[[int, int], None] | None = None) -> Outcome:
    """Record and publish what the seed files under ``path`` say: everything or nothing.

    ``progress`` is told how many of how many are done.
    """
    seeds = read_seeds(path)
    with ledger.writing():
        sowing = _Sowing(seeds)
        for done, seed in enumerate(seeds, 1):
            sowing.sow(seed)
            if progress is not None:
                progress(done, len(seeds))
        for seed, record in sowing.created:
            _publish(seed, record)
    return sowing.outcome


class _Gone(Exception):
    """The record is no more; ``survivor`` is what it was merged into, if it was."""

    def __init__(self, why: str, survivor: Versioned | None = None) -> None:
        super().__init__(why)
        self.survivor = survivor


class _NotForUs(Exception):
    """A change that is tried only, and undone."""


class _Sowing:
    def __init__(self, seeds: list[Seed]) -> None:
        self.seeds = {(seed.model, seed.key): seed for seed in seeds}
        # What each seed became; nothing while it is being written or when it is gone.
        self.sown: dict[tuple[Any, str], Versioned | None] = {}
        self.pending: set[tuple[Any, str]] = set()
        self.created: list[tuple[Seed, Versioned]] = []
        self.terms = {(term.vocabulary, term.code): term for term in Term.objects.all()}
        self.outcome = Outcome()

    def sow(self, seed: Seed) -> Versioned | None:
        """The record of ``seed``, written after those that it refers to."""
        name = (seed.model, seed.key)
        if name in self.sown:
            return self.sown[name]
        self.pending.add(name)
        try:
            with _telling(seed):
                self.sown[name] = self._write(seed)
        except _Gone as gone:
            self.outcome.left.append(f"{seed}: {gone}")
            self.sown[name] = gone.survivor
        self.pending.discard(name)
        return self.sown[name]

    def _write(self, seed: Seed) -> Versioned:
        record = _find(seed.model, seed.values["uuid"])
        if record is None and seed.model is Tag:
            known = Tag.objects.filter(slug=seed.values["slug"]).first()
            if known is not None:
                raise _Gone("somebody else has made this tag, with another id", known)
        values = self._resolve(seed, seed.values, ())
        if record is None:
            record = create_record(seed.model, values=values, by=BY)
            self.created.append((seed, record))
            self.outcome.created += 1
            return record
        if not _is_ours(record):
            self._leave(seed, record, values)
            return record
        updated = update_record(record, values=values, by=BY)
        if updated.version == record.version:
            self.outcome.unchanged += 1
        else:
            self.outcome.updated += 1
        return updated

    def _leave(self, seed: Seed, record: Versioned, values: dict[str, Any]) -> None:
        """Leave the record as it is, and say so if the file would have it otherwise."""
        try:
            with transaction.atomic():
                tried = update_record(record, values=values, by=BY)
                if tried.version != record.version:
                    raise _NotForUs  # noqa: TRY301 - the way out of the transaction
        except (_NotForUs, TimelineError):
            self.outcome.left.append(f"{seed}: somebody else has changed it since")
        else:
            self.outcome.unchanged += 1

    def _resolve(self, seed: Seed, value: Any, path: Steps) -> Any:
        """``value`` with records in place of references, however deep they stand."""
        match value:
            case dict():
                return {
                    name: self._resolve(seed, item, (*path, name)) for name, item in value.items()
                }
            case list():
                return [
                    self._resolve(seed, item, (*path, number)) for number, item in enumerate(value)
                ]
            case TermReference(vocabulary, code):
                if (vocabulary, code) not in self.terms:
                    known = [c for v, c in self.terms if v == vocabulary]
                    problem = f"“{code}” is not one of the {vocabulary}.{nearest(code, known)}"
                    raise BadSeed([seed.flaw(path, "unknown", problem)])
                return self.terms[vocabulary, code]
            case Reference():
                record = self._refer(seed, value, path)
                return record.slug if isinstance(record, Tag) else record
            case _:
                return value

    def _refer(self, seed: Seed, reference: Reference, path: Steps) -> Any:
        name = (reference.model, reference.key)
        if name in self.pending:
            problem = f"“{reference.key}” leads back to this record, in a circle."
            raise BadSeed([seed.flaw(path, "circular", problem)])
        if name in self.seeds:
            record = self.sow(self.seeds[name])
            if record is None:
                raise _Gone(f"“{reference.key}”, to which it refers, is no more")
            return record
        if reference.model is Participation:
            row = Participation.objects.filter(uuid=reference.key).first()
            if row is None:
                raise _Gone("the participation that it is cited for is no more")
            return row
        return self._recorded(seed, reference, path)

    def _recorded(self, seed: Seed, reference: Reference, path: Steps) -> Versioned:
        """A record that no file has, by its id; a tag by its slug."""
        model: Any = reference.model
        record = None
        if model is Tag:
            record = Tag.objects.filter(slug=reference.key).first()
        else:
            try:
                record = _find(model, UUID(reference.key))
            except ValueError:
                pass
            except _Gone as gone:
                record = gone.survivor
        if record is None:
            keys = [key for kind, key in self.seeds if kind is model]
            problem = f"There is no {model._meta.verbose_name} “{reference.key}”."
            raise BadSeed([seed.flaw(path, "unknown", problem + nearest(reference.key, keys))])
        return record


def _find(model: type[Versioned], uuid: UUID) -> Versioned | None:
    """The record of this id, ``None`` if there never was one; raises when it is gone."""
    record = model._default_manager.filter(uuid=uuid).first()
    if record is not None:
        return record
    survivor = Redirect.objects.survivor(uuid)
    if survivor != uuid:
        survivor = model._default_manager.filter(uuid=survivor).first()
        raise _Gone("somebody has merged it into another", survivor)
    if _last_change(model, uuid, Action.DELETED) is not None:
        raise _Gone("somebody has deleted it")
    return None


def _is_ours(record: Versioned) -> bool:
    last = _last_change(type(record), record.uuid)
    return last is not None and last.origin == Origin.COMMAND and last.request_id == SEED


def _last_change(model: type[Versioned], uuid: UUID, *actions: Action) -> Change | None:
    changes = Change.objects.versions().filter(record_type=model._meta.model_name, record_uuid=uuid)
    if actions:
        changes = changes.filter(action__in=actions)
    return changes.order_by("-version").first()


def _publish(seed: Seed, record: Versioned) -> None:
    # The citations of an event or claim have gone out with it.
    if not isinstance(record, Record):
        return
    waiting = type(record)._default_manager.filter(pk=record.pk)
    if waiting.exclude(publication=Publication.PUBLISHED).exists():
        with _telling(seed):
            take_step(record, "publish", by=BY)


@contextmanager
def _telling(seed: Seed) -> Iterator[None]:
    """Name the file and the record in whatever is refused."""
    try:
        yield
    except BadSeed:
        raise
    except Invalid as error:
        flaws = [seed.flaw(flaw.path, flaw.code, flaw.detail) for flaw in error.flaws]
        raise BadSeed(flaws) from error
    except TimelineError as error:
        raise BadSeed([seed.flaw((), error.code, error.detail)]) from error
