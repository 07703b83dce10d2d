"""Values written into a statement, so that a database plans it once.

SQLite plans anew whenever a value is bound that its planner may have looked at, be it the same as
before: that of a constant which an index is compared with
(https://sqlite.org/c3ref/prepare.html, on the recompilation for bound values).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# Stands among the values of a statement for one that is given when it is run.
GIVEN = object()
_MARK = "given when it is run"


def written(sql: str, values: Iterable[Any], connection: Any, placeholder: str = "%s") -> str:
    """The statement with its values in it, and a placeholder for each that is ``GIVEN``."""
    marked = tuple(_MARK if one is GIVEN else one for one in values)
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        whole = connection.ops.compose_sql(sql, marked)
    else:
        whole = connection.ops.last_executed_query(None, sql, marked)
    return str(whole).replace("%", "%%").replace(f"'{_MARK}'", placeholder)
