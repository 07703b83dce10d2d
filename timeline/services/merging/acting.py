"""Merge one record into another, or say what that would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from timeline.errors import Conflict, Flaw, Invalid
from timeline.models import Action, Actor, Event, Record, Redirect, Scope, Source, Suggestion
from timeline.querysets.visibility import PUBLIC
from timeline.services import ledger
from timeline.services.access import By
from timeline.services.merging.clashes import find_clashes
from timeline.services.merging.plan import Clash, Plan
from timeline.services.records import current
from timeline.services.rewriting import Rewriting, rewrite


class MergeRefused(Conflict):
    """Something would be lost, told or contradicted; ``flaws`` say what, and what to do first."""

    def __init__(self, clashes: list[Clash]) -> None:
        super().__init__(" ".join(dict.fromkeys(clash.detail for clash in clashes[:10])))
        self.code = clashes[0].code
        self.flaws = tuple(Flaw(("into",), clash.code, clash.detail) for clash in clashes)


@dataclass(slots=True)
class MergeReport:
    """What a merge did, or would do."""

    dry_run: bool
    merged: Record
    survivor: Record
    moves: list[dict[str, Any]]
    clashes: list[Clash]
    left_behind: list[dict[str, Any]]
    operation: UUID | None = None

    @property
    def refused(self) -> list[Clash]:
        """What stands in the way."""
        return [clash for clash in self.clashes if clash.outcome == "refused"]


def merge_records(
    record: Record,
    survivor: Record,
    *,
    by: By,
    reason: str = "",
    expected_version: int | None = None,
    dry_run: bool = False,
) -> MergeReport:
    """Merge ``record`` into ``survivor``, of the same kind; or only say what that would do.

    Raises :class:`MergeRefused` when something would be lost; a dry run reports that as well.
    """
    by.needs(Scope.PUBLISH)
    if record.pk == survivor.pk:
        raise Invalid.field("into", "same", "This is the record itself. Choose another.")
    if dry_run:
        return _report(_plan(record, survivor), dry_run=True)
    with ledger.writing() as operation:
        record, survivor = current(record, expected_version), current(survivor)
        plan = _plan(record, survivor)
        report = _report(plan, dry_run=False)
        if report.refused:
            raise MergeRefused(report.refused)
        report.operation = operation
        _take_the_rest(record, survivor)
        Redirect.objects.create(
            record_type=record._meta.model_name, old_uuid=record.uuid, new_uuid=survivor.uuid
        )
        rewrite(_rewritings(plan, reason), by=by)
    return report


def _plan(record: Record, survivor: Record) -> Plan:
    plan = Plan(record, survivor)
    find_clashes(plan)
    return plan


def _report(plan: Plan, *, dry_run: bool) -> MergeReport:
    return MergeReport(
        dry_run=dry_run,
        merged=plan.merged,
        survivor=plan.survivor,
        moves=plan.moves,
        clashes=plan.clashes,
        left_behind=plan.left_behind(),
    )


def _rewritings(plan: Plan, reason: str) -> list[Rewriting]:
    merged, survivor = plan.merged, plan.survivor
    why = reason or f"“{merged}” was merged into “{survivor}”."
    # The reason of a change to what is public is public: it names nobody who is not, nor of
    # itself any actor, for an identity may be protected later.
    noun = merged._meta.verbose_name
    nameless = f"One {noun} was merged into another."
    own = why if PUBLIC.sees(merged) and PUBLIC.sees(survivor) else nameless
    others = nameless if isinstance(merged, Actor) and not reason else own
    changed = [
        Rewriting(
            model,
            uuid,
            data,
            Action.UPDATED if data else Action.DELETED,
            own if uuid == plan.new else others,
            plan.before[model, uuid],
        )
        for (model, uuid), data in plan.changed().items()
    ]
    return [*changed, Rewriting(plan.model, plan.old, None, Action.MERGED, why, plan.said)]


def _take_the_rest(merged: Any, survivor: Any) -> None:
    """What points to the merged one and is no record: suggestions, and the rows it came from."""
    if isinstance(merged, Event):
        merged.suggestions.update(event=survivor)
        merged.imported_rows.update(event=survivor)
    if isinstance(merged, Source):
        known = set(survivor.suggestions.values_list("position_start", "position_end"))
        for one in merged.suggestions.all():
            if (one.position_start, one.position_end) in known:
                one.delete()
            else:
                Suggestion.objects.filter(pk=one.pk).update(source=survivor)
