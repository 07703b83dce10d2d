"""The kind of their event, repeated by participations.

So the events of one kind in which an actor took part are found in the index of participations,
without a look at all the others. The database itself keeps the column, by triggers, so that no way
to write can forget it; who writes many rows may tell it, and then it is only compared.
"""

from __future__ import annotations

from timeline.db.operations import KeptByTriggers
from timeline.db.triggers import Trigger, after, written

TABLE, EVENTS = "timeline_participation", "timeline_event"
KIND = f"(SELECT kind_id FROM {EVENTS} WHERE id = {{}})"
# Nothing that other triggers count by.
FILL = (
    f"UPDATE {TABLE} SET event_kind_id = event.kind_id "
    f"FROM {EVENTS} AS event WHERE event.id = event_id"
)


class KeepKinds(KeptByTriggers):
    """The column, by triggers that watch events and participations."""

    def filled(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [FILL]
        # The other triggers would compare a million rows, to find that nothing of theirs changed.
        off, on = (f"ALTER TABLE {TABLE} {verb} TRIGGER USER" for verb in ("DISABLE", "ENABLE"))
        return [off, FILL, on]

    def triggers(self, vendor: str) -> list[Trigger]:
        return triggers(vendor)

    def describe(self) -> str:
        return "Keep the kinds of events beside who took part"


def triggers(vendor: str) -> list[Trigger]:
    """Those that compare what is written with the kind of its event, and write that."""
    of_verb = _on_postgresql if vendor == "postgresql" else _on_sqlite
    return [
        Trigger(f"{table}_kind_{verb.lower()}", *of_verb(table, verb))
        for table in (TABLE, EVENTS)
        for verb in ("INSERT", "UPDATE")
    ]


def _on_sqlite(table: str, verb: str) -> tuple[str, str]:
    if table == TABLE:
        columns, kind, rows = "event_id, event_kind_id", KIND.format("NEW.event_id"), "id"
        differs = f"NEW.event_kind_id IS NOT {kind}"
    else:
        columns, kind, rows = "kind_id", "NEW.kind_id", "event_id"
        differs = f"{'OLD.kind_id' if verb == 'UPDATE' else 'NULL'} IS NOT NEW.kind_id"
    of = f" OF {columns}" if verb == "UPDATE" else ""
    return (
        f"AFTER {verb}{of} ON {table} FOR EACH ROW WHEN ({differs})",
        f"UPDATE {TABLE} SET event_kind_id = {kind} WHERE {rows} = NEW.id",
    )


def _on_postgresql(table: str, verb: str) -> tuple[str, str, list[str]]:
    kind = KIND.format("event_id")
    differs = f"event_kind_id IS DISTINCT FROM {kind}"
    told = [f"SELECT id FROM come WHERE {differs}"]
    if table == EVENTS:
        told = [
            written(verb, "id", ["kind_id"]),
            f"SELECT id FROM {TABLE} WHERE event_id = ANY (told) AND {differs}",
        ]
    return (
        after(verb, table),
        f"UPDATE {TABLE} SET event_kind_id = {kind} WHERE id = ANY (told)",
        told,
    )
