"""What the planner of PostgreSQL has to be told; SQLite needs nothing of it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db import OperationalError, connection, models, transaction


class Once(models.Subquery):
    """A query within another that is answered once, however few rows the planner expects.

    Where rows have just been written and not been counted, the planner expects one, and would ask
    the inner query anew for each of the thousands that there are.
    """

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        once = "(WITH found AS MATERIALIZED (%(subquery)s) SELECT * FROM found)"
        return self.as_sql(compiler, connection, template=once, **context)


def count_rows(of: Iterable[type[models.Model]]) -> None:
    """Have the planner know these tables as they are now, and not as they last were counted.

    A table that somebody else is counting is left out, and so are all when it takes too long:
    that is no reason to give up the transaction.
    """
    if connection.vendor != "postgresql":
        return
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in of)
    with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ANALYZE (SKIP_LOCKED) {tables}")
