"""How much a record may hold, alike on both databases and through every interface.

Neither database minds a summary of a gigabyte, SQLite takes integers that PostgreSQL refuses, and
takes "not a number" for nothing at all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from django.db import models

from timeline.errors import Flaw
from timeline.services.strict_json import Unsound, read_json

# Bytes of a free object, as JSON.
MAX_OBJECT = 20_000
INTEGERS = range(-(2**31), 2**31)

# Rows of a list that belongs to a record, and words in its list of tags.
MAX_LINKS = 200
MAX_ENTRIES = 1000


def excesses(row: models.Model) -> Iterator[Flaw]:
    """What of ``row`` is beyond what may be stored."""
    for field in row._meta.concrete_fields:
        detail = _excess(field, getattr(row, field.attname))
        if detail:
            yield Flaw((field.name,), "too-large", detail)


def _excess(field: models.Field, value: Any) -> str:
    match field:
        case models.JSONField():
            size = len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
            if size > MAX_OBJECT:
                return f"This may have {MAX_OBJECT} bytes as JSON; it has {size}."
            return _unsound(value)
        case models.URLField(max_length=int(limit)) if isinstance(value, str):
            # An index of PostgreSQL takes no more.
            if len(value.encode("utf-8", "surrogatepass")) > limit:
                return f"An address may have {limit} bytes."
        case models.TextField(max_length=int(limit)) if isinstance(value, str):
            if len(value) > limit:
                return f"This may have {limit} characters; it has {len(value)}."
        case models.BigIntegerField() | models.AutoField():
            pass
        case models.IntegerField() if isinstance(value, int):
            if value not in INTEGERS:
                return "This number does not fit in 32 bits."
        case models.FloatField() if isinstance(value, float):
            if not math.isfinite(value):
                return "This is not a number."
    return ""


def _unsound(value: Any) -> str:
    """What a free object may not hold, since not every reader of JSON could read it again."""
    try:
        read_json(json.dumps(value, ensure_ascii=False))
    except Unsound as error:
        return str(error)
    return ""


def too_many(name: str, items: list[Any]) -> list[Flaw]:
    """Whether the list ``name`` of a record would be longer than it may be."""
    limit = MAX_ENTRIES if name == "entries" else MAX_LINKS
    if len(items) <= limit:
        return []
    return [Flaw((name,), "too-many", f"At most {limit} may be given; these are {len(items)}.")]
