"""Long statements that stay the same but for one value, planned once a connection.

Both databases take longer to plan a statement that writes whole answers than to carry it out, and
both keep plans, but not as Django has them run. PostgreSQL's driver is told to prepare nothing;
and SQLite plans anew for the values of others. So all but the one value is written into the statement.

On SQLite all that is told comes as a single row: for each that it fetches the driver gives way to
other threads, and waits for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from timeline.db.past import has_past
from timeline.db.writing import written

# Stands between texts of JSON, and in none of them (RFC 7464).
_SEPARATOR = b"\x1e"
_IN_ONE = "SELECT CAST(group_concat(told, char(30)) AS BLOB) FROM (%s)"


@dataclass(frozen=True)
class Prepared:
    """A statement that tells a text of each row; of its parameters one is ``GIVEN``."""

    sql: str
    params: tuple[Any, ...]
    # As the database gets it, once it has been written.
    _kept: list[str] = field(default_factory=list, compare=False)

    @classmethod
    def of(cls, rows: QuerySet[Any]) -> Self:
        """What ``rows`` tell as ``told``, which is JSON."""
        return cls(*rows.values("told").query.sql_with_params())

    def told(self, given: Any, connection: BaseDatabaseWrapper) -> list[bytes]:
        """The texts, in no order, as UTF-8."""
        if connection.vendor == "postgresql" and self._may_be_kept(connection):
            rows = self._planned_once(given, connection)
        else:
            with connection.cursor() as cursor:
                # By its name: for places without one Django looks through the whole statement.
                cursor.execute(self._written(connection), {"given": given})
                rows = cursor.fetchall()
        if connection.vendor == "postgresql":
            return [told.encode() for (told,) in rows]
        ((told,),) = rows
        return told.split(_SEPARATOR) if told else []

    def _may_be_kept(self, connection: BaseDatabaseWrapper) -> bool:
        # A plan knows its tables, and not the views that stand before them in the past. Behind a
        # pooler that hands out connections by the transaction it would be another's.
        return not (has_past(connection) or settings.DATABASE_POOLER)

    def _planned_once(self, given: Any, connection: Any) -> list[Any]:
        import psycopg

        connection.ensure_connection()
        driver: Any = connection.connection
        wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
        # Without a threshold, as Django has it, the driver prepares nothing at all.
        threshold, driver.prepare_threshold = driver.prepare_threshold, 0
        try:
            with wrap(psycopg.Cursor(driver)) as cursor:
                cursor.execute(self._written(connection), {"given": given})
                return cursor.fetchall()
        finally:
            driver.prepare_threshold = threshold

    def _written(self, connection: Any) -> str:
        """The statement with all but one value in it."""
        if not self._kept:
            whole = written(self.sql, self.params, connection, "%(given)s")
            self._kept[:] = [whole if connection.vendor == "postgresql" else _IN_ONE % whole]
        return self._kept[0]
