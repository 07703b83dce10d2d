"""Tables to which rows are added and never changed, held so by the database itself."""

from __future__ import annotations

from typing import Any

from timeline.db.operations import OfModel


class AppendOnly(OfModel):
    """Refuse UPDATE and DELETE on the table of ``model`` by triggers."""

    def made(self, app_label: str, state: Any, vendor: str) -> list[str]:
        return _create(self.table(app_label, state), vendor)

    def unmade(self, app_label: str, state: Any, vendor: str) -> list[str]:
        return _drop(self.table(app_label, state), vendor)

    def describe(self) -> str:
        return f"Refuse changes to rows of {self.model}"


class Amendable(AppendOnly):
    """Lift the refusal, for a migration that changes the table; :class:`AppendOnly` renews it.

    SQLite writes such a table anew, and its triggers do not come along.
    """

    made, unmade = AppendOnly.unmade, AppendOnly.made

    def describe(self) -> str:
        return f"Allow changes to the table of {self.model}"


def _create(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [
            (
                f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
            ),
            (
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
            ),
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("update", "delete")
    ]


def _drop(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER {table}_append_only ON {table}",
            f"DROP FUNCTION {table}_refuse()",
        ]
    return [f"DROP TRIGGER {table}_no_{verb}" for verb in ("update", "delete")]
