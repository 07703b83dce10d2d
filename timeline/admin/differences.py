"""What changed between two snapshots, field by field, in words."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from timeline.admin.naming import Names, part_model
from timeline.db.dates import EdtfField, read_edtf
from timeline.services.parts import KEYS
from timeline.temporal import EdtfError

UNTOLD = {"uuid", "position"}
AROUND = 60
LONGEST = 1000


class Difference(NamedTuple):
    """One line of a history."""

    field: str
    before: str
    after: str


def differences(
    model: type[models.Model], before: dict[str, Any], after: dict[str, Any], names: Names
) -> list[Difference]:
    """What to tell of the way from one snapshot to the next; the first comes from nothing."""
    found = []
    for name in after | before:
        old, new = before.get(name), after.get(name)
        if name in UNTOLD or old == new:
            continue
        if name in getattr(model, "PARTS", ()):
            found += _of_rows(name, part_model(model, name), old or [], new or [], names)
            continue
        one = (_label(model, name), _say(model, name, old, names), _say(model, name, new, names))
        if one[1] != one[2]:
            found.append(Difference(one[0], *_around(one[1], one[2])))
    return found


def _of_rows(
    name: str, model: type[models.Model], old: list[Any], new: list[Any], names: Names
) -> list[Difference]:
    before, after = _keyed(name, model, old, names), _keyed(name, model, new, names)
    found = []
    for key in before | after:
        texts = tuple(
            _say_row(model, rows[key], names) if key in rows else "" for rows in (before, after)
        )
        if texts[0] != texts[1]:
            found.append(Difference(name.replace("_", " "), *texts))
    shared = [key for key in after if key in before]
    if not found and shared != [key for key in before if key in after]:
        found.append(Difference(name.replace("_", " "), "", "put into another order"))
    return found


def _keyed(
    name: str, model: type[models.Model], rows: list[Any], names: Names
) -> dict[tuple[Any, ...], Any]:
    return {
        tuple(row.get(field) for field in KEYS[name]): row
        for row in rows
        if not names.hides(model, row)
    }


def _say_row(model: type[models.Model], row: dict[str, Any], names: Names) -> str:
    said = (_say(model, field, row[field], names) for field in _in_order(model, row))
    return ", ".join(text for text in said if text)


def _in_order(model: type[models.Model], row: dict[str, Any]) -> list[str]:
    return [f.name for f in model._meta.concrete_fields if f.name in row and f.name not in UNTOLD]


def _label(model: type[models.Model], name: str) -> str:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name.replace("_", " ")
    return str(getattr(field, "verbose_name", name))


def _say(model: type[models.Model], name: str, value: Any, names: Names) -> str:
    """A value as a curator reads it; nothing for nothing."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    match field:
        case EdtfField():
            return _say_date(str(value))
        case models.ForeignKey() if isinstance(value, str):
            return names.of(field, value) or ""
        case models.Field() if field.choices:
            return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def _say_date(text: str) -> str:
    try:
        label = read_edtf(text).label
    except EdtfError:
        return text
    return label if label == text else f"{label} ({text})"


def _around(before: str, after: str) -> tuple[str, str]:
    """Long texts, cut down to where they differ."""
    if max(len(before), len(after)) <= LONGEST:
        return before, after
    start = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    start = max(start - AROUND, 0)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    piece = text[start : start + LONGEST]
    return ("…" if start and piece else "") + piece + ("…" if start + LONGEST < len(text) else "")
