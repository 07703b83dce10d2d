"""Undo all that one verb did: a merge, an import, a batch, a deletion with what went along."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Max, Min

from timeline.errors import Conflict, Flaw, Missing
from timeline.models import (
    RECORDS,
    Action,
    Change,
    Citation,
    Event,
    Import,
    ImportedRow,
    Place,
    Publication,
    Redirect,
    Scope,
    Source,
    Tag,
    Term,
)
from timeline.services import ledger, publicity
from timeline.services.access import By
from timeline.services.evidence import refuse_uncited
from timeline.services.rewriting import Rewriting, rewrite
from timeline.services.rows import GONE
from timeline.services.rules import RULES

KINDS: dict[str, Any] = {str(model._meta.model_name): model for model in (*RECORDS, Tag, Term)}
LISTED = 20


class ChangedSince(Conflict):
    """Others went on from what is to be undone."""

    code = "changed-since"

    def __init__(self, names: list[str]) -> None:
        more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
        super().__init__(
            "Records have changed since, and undoing would undo that too: "
            f"{', '.join(names[:LISTED])}{more}. Put those back first, each to its version after "
            "the operation."
        )
        self.flaws = tuple(Flaw((), self.code, f"{name} has changed since.") for name in names)


class UndoneAlready(Conflict):
    """It is undone once."""

    code = "undone-already"


class WouldMergeAgain(Conflict):
    """A merge is made by its own verb."""

    code = "would-merge-again"


class _Story(NamedTuple):
    """One record in the course of an operation: before it, at its end, and now."""

    model: Any
    uuid: str
    before: Change | None
    after: Change
    now: Change


def undo_operation(operation: UUID, *, by: By, reason: str = "") -> list[Change]:
    """Put back all that one operation changed to exactly what it was; the entries that say so.

    All or nothing, and only if nobody has changed any of it since, or all of it back.
    """
    by.needs(Scope.PUBLISH)
    with ledger.writing():
        stories = _stories(operation)
        run = Import.objects.filter(operation=operation).first()
        if run is not None and run.undone_at is not None:
            raise UndoneAlready("This import has been undone already.")
        _refuse_changed(stories)
        wanted = [
            rewriting
            for story in stories
            if (rewriting := _put_back(story, reason or "An earlier change was undone."))
        ]
        back = [one.uuid for one in wanted if one.data is not None]
        Redirect.objects.filter(old_uuid__in=back).delete()
        if run is not None:
            ImportedRow.objects.filter(run=run).delete()
            run.undone_at = ledger.now()
            run.save(update_fields=["undone_at"])
        entries = rewrite(wanted, by=by)
        _refuse_what_no_longer_holds(stories, wanted)
    return entries


def undo_import(run: Import, *, by: By, reason: str = "") -> list[Change]:
    """Undo an import, row for row: what it created goes, and what it changed is as it was."""
    by.needs(Scope.PUBLISH)
    if run.operation is None:
        raise Conflict("This import is older than the means to undo one.")
    with ledger.writing():
        if not Change.objects.filter(operation=run.operation).exists():
            return []
        return undo_operation(run.operation, by=by, reason=reason or "The import was undone.")


def _stories(operation: UUID) -> list[_Story]:
    done = Change.objects.versions().filter(operation=operation)
    # What was written before operations were noted has none.
    if not operation.int or not done.exists():
        raise Missing(f"There is no operation “{operation}”.")
    # One writer at a time: the entries of an operation stand together.
    began = done.aggregate(first=Min("id"))["first"]
    stories = []
    for name, model in KINDS.items():
        ends = done.filter(record_type=name).values("record_uuid").annotate(last=Max("id"))
        after = {
            str(change.record_uuid): change
            for change in Change.objects.filter(pk__in=ends.values("last")).order_by("pk")
        }
        before = publicity.latest(model, after, until=began)
        now = publicity.latest(model, after)
        stories += [
            _Story(model, uuid, before.get(uuid), change, now[uuid])
            for uuid, change in after.items()
        ]
    return stories


def _said(change: Change | None) -> str | None:
    """What the record said after ``change``; nothing when it was not there."""
    return None if change is None or change.action in GONE else change.snapshot


def _refuse_changed(stories: list[_Story]) -> None:
    changed = [story for story in stories if _said(story.now) != _said(story.after)]
    if changed:
        raise ChangedSince([_name(story) for story in changed])


def _name(story: _Story) -> str:
    by = f", last by {story.now.by_name}" if story.now.by_name else ""
    return f"{story.model._meta.verbose_name} “{story.now.title}” ({story.uuid}{by})"


def _put_back(story: _Story, reason: str) -> Rewriting | None:
    before, now = _said(story.before), _said(story.now)
    if before == now:
        return None
    if before is not None and story.before is not None:
        data = story.before.data
        return Rewriting(story.model, story.uuid, data, Action.REVERTED, reason)
    if story.before is not None and story.before.action == Action.MERGED:
        raise WouldMergeAgain(
            f"Undoing this would merge {_name(story)} into another again. Merge it anew instead."
        )
    return Rewriting(story.model, story.uuid, None, Action.DELETED, reason)


def _refuse_what_no_longer_holds(stories: list[_Story], wanted: list[Rewriting]) -> None:
    """What others did elsewhere may keep the world from being as it was."""
    cited = {
        entry.data["event"]
        for story in stories
        if story.model is Citation
        for entry in (story.before, story.after)
        if entry is not None and entry.data["event"]
    }
    public = {
        one.uuid
        for one in wanted
        if one.model is Event and one.data and one.data["publication"] == Publication.PUBLISHED
    }
    refuse_uncited(cited | public)
    for model, pointer in ((Place, "parent"), (Source, "derived_from")):
        hung = [one.uuid for one in wanted if one.model is model and one.data and one.data[pointer]]
        for some in publicity.chunks(hung):
            for record in model._default_manager.filter(uuid__in=some):
                RULES[str(model._meta.model_name)](record)
