"""Questions about the members of a free-form JSON object, on both databases."""

from __future__ import annotations

import json
import math
from typing import Any

from django.db.models import BooleanField, F, Func


class HasMember(Func):
    """Whether the object's member ``key`` is one of ``values``, or a list that holds one.

    A value is a text; one that is also a JSON number, ``true``, ``false`` or ``null`` matches
    these as well.
    """

    output_field = BooleanField()

    def __init__(self, column: str, key: str, values: list[str]) -> None:
        self.key, self.values = key, values
        super().__init__(F(column))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        of_member, member_params = _sqlite_condition("m", self.values)
        of_item, item_params = _sqlite_condition("i", self.values)
        return (
            f"EXISTS (SELECT 1 FROM json_each({column}) m WHERE m.key = %s AND ({of_member} OR "
            f"m.type = 'array' AND EXISTS (SELECT 1 FROM json_each(m.value) i WHERE {of_item})))"
        ), [*params, self.key, *member_params, *item_params]

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        candidates = [text for value in self.values for text in _as_json(value)]
        # A list of texts contains a text, and a text contains itself.
        tests = " OR ".join([f"({column} -> %s) @> %s::jsonb"] * len(candidates))
        return f"COALESCE({tests}, false)", [
            one for text in candidates for one in (*params, self.key, text)
        ]


def literal(value: str) -> Any:
    """``value`` read as JSON, where it is a scalar other than a text; else the text."""
    try:
        read = json.loads(value, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return value
    is_huge = isinstance(read, int) and abs(read) >= 2**63
    is_endless = isinstance(read, float) and not math.isfinite(read)
    return value if isinstance(read, dict | list | str) or is_huge or is_endless else read


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not of JSON")


def _as_json(value: str) -> list[str]:
    read = literal(value)
    texts = [json.dumps(value)]
    return texts if isinstance(read, str) else [*texts, json.dumps(read)]


def _sqlite_condition(row: str, values: list[str]) -> tuple[str, list[Any]]:
    tests, params = [], []
    for value in values:
        tests.append(f"{row}.type = 'text' AND {row}.value = %s")
        params.append(value)
        match literal(value):
            case None:
                tests.append(f"{row}.type = 'null'")
            case bool() as flag:
                tests.append(f"{row}.type = '{'true' if flag else 'false'}'")
            case int() | float() as number:
                tests.append(f"{row}.type IN ('integer', 'real') AND {row}.value = %s")
                params.append(number)
    return "(" + " OR ".join(tests) + ")", params
