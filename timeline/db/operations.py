"""What a database holds that no model knows of, such as triggers, as a step of a migration."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.db.migrations.operations.base import Operation

from timeline.db.triggers import Trigger


class DatabaseOnly(Operation, ABC):
    """What no model changes by."""

    reversible = True

    @abstractmethod
    def made(self, app_label: str, state: Any, vendor: str) -> list[str]:
        """The statements that make it."""

    @abstractmethod
    def unmade(self, app_label: str, state: Any, vendor: str) -> list[str]:
        """The statements that take it away."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        _run(schema_editor, self.made(app_label, to_state, schema_editor.connection.vendor))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        _run(schema_editor, self.unmade(app_label, from_state, schema_editor.connection.vendor))


class OfModel(DatabaseOnly):
    """What belongs to the table of ``model``."""

    def __init__(self, model: str) -> None:
        self.model = model

    def table(self, app_label: str, state: Any) -> str:
        return str(state.apps.get_model(app_label, self.model)._meta.db_table)


class KeptByTriggers(DatabaseOnly):
    """What triggers keep, filled with what there is to keep.

    To change columns SQLite makes a table anew, and forgets its triggers: so this stands once more
    after any change to the columns of the tables that they watch.
    """

    @abstractmethod
    def triggers(self, vendor: str) -> list[Trigger]: ...

    @abstractmethod
    def filled(self, vendor: str) -> list[str]:
        """The statements that fill it, with no trigger there yet."""

    def made(self, app_label: str, state: Any, vendor: str) -> list[str]:
        made = [sql for one in self.triggers(vendor) for sql in one.made(vendor)]
        return [*self.unmade(app_label, state, vendor), *self.filled(vendor), *made]

    def unmade(self, app_label: str, state: Any, vendor: str) -> list[str]:
        return [one.unmade(vendor) for one in self.triggers(vendor)]


def _run(schema_editor: Any, statements: list[str]) -> None:
    for statement in statements:
        schema_editor.execute(statement, params=None)
