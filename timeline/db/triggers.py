"""Triggers, by which the database itself keeps what follows from its rows.

On SQLite one is asked row by row. On PostgreSQL it is asked once for a statement, however many rows
that wrote: as they were they are the table ``gone``, as they are the table ``come``. What it does
then is planned anew each time, for a plan that is kept may be of a time when the tables were empty,
and of ``gone`` and ``come`` planners believe that there is one row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

VERBS = ("INSERT", "UPDATE", "DELETE")
_REFERENCING = {
    "INSERT": "NEW TABLE AS come",
    "UPDATE": "OLD TABLE AS gone NEW TABLE AS come",
    "DELETE": "OLD TABLE AS gone",
}


class Trigger(NamedTuple):
    """A trigger, by what is done when.

    On PostgreSQL the keys that it is about are read into the array ``told``, each time from what
    was read before; when none is left, nothing is done.
    """

    name: str
    when: str
    done: str
    told: Iterable[str] = ()

    def made(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [f"CREATE TRIGGER {self.name} {self.when} BEGIN {self.done}; END"]
        told = "".join(
            f"told := ARRAY({keys}); IF cardinality(told) = 0 THEN RETURN NULL; END IF; "
            for keys in self.told
        )
        return [
            (
                f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql "
                "SET plan_cache_mode = force_custom_plan AS "
                f"$$ DECLARE told bigint[]; BEGIN {told}{self.done}; RETURN NULL; END $$"
            ),
            f"CREATE TRIGGER {self.name} {self.when} EXECUTE FUNCTION {self.name}()",
        ]

    def unmade(self, vendor: str) -> str:
        if vendor == "sqlite":
            return f"DROP TRIGGER IF EXISTS {self.name}"
        return f"DROP FUNCTION IF EXISTS {self.name}() CASCADE"


def after(verb: str, table: str) -> str:
    """When a statement on PostgreSQL has written."""
    return f"AFTER {verb} ON {table} REFERENCING {_REFERENCING[verb]} FOR EACH STATEMENT"


def written(verb: str, key: str, columns: Iterable[str]) -> str:
    """Each ``key`` of the rows that a statement on PostgreSQL wrote, if one of these columns changed.

    Whether one did is found by comparing the rows as sets: to look for each among the others takes
    a million steps of a thousand rows.
    """
    names = ", ".join(dict.fromkeys(("id", key, *columns)))
    come, gone = f"SELECT {names} FROM come", f"SELECT {names} FROM gone"
    rows = {
        "INSERT": come,
        "DELETE": gone,
        "UPDATE": f"({come} EXCEPT {gone}) UNION ALL ({gone} EXCEPT {come})",
    }[verb]
    return f"SELECT DISTINCT {key} FROM ({rows}) AS changed WHERE {key} IS NOT NULL"


# Planners that join have to know how many rows there are, of tables that may have been empty when
# they last looked, or of which an index was; else they compare all with all. So what is asked of a row
# is asked of one after the other.


def is_public(row: str) -> str:
    """Whether a row is published, looked at and not looked up."""
    return f"{row}.publication || '' = 'published'"


def published(table: str, key: str) -> str:
    """Whether the row of ``table`` with this key is published, looked up by the key."""
    return f"(SELECT publication FROM {table} WHERE id = {key}) = 'published'"
