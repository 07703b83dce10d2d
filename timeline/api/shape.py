"""``fields``, ``omit`` and ``expand``: what of each row is told, and so what is read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
from django.core.exceptions import FieldDoesNotExist
from drf_spectacular.drainage import get_override
from rest_framework import serializers
from rest_framework.request import Request

from timeline.api.problems import BadParameter
from timeline.api.serializers.base import Reference
from timeline.api.serializers.dates import DateSerializer

PARAMETERS = ("fields", "omit", "expand")
MAX_NAMES = 100
DATE_COLUMNS = ("date", "date_text", "date_basis", "date_basis_note")
# Read whatever is told: identity, and every column that an order may need for its cursor.
ALWAYS = (
    "uuid",
    "version",
    "publication",
    "published_at",
    "updated_at",
    "created_at",
    "undated",
    "sort_key",
    "end_max",
    "sequence",
    "title",
    "name",
    "slug",
)

Tree = dict[str, "Tree"]


@dataclass(slots=True)
class Shape:
    """What is asked of the shape of the rows; an empty tree asks for nothing in particular."""

    fields: Tree = field(default_factory=dict)
    omit: Tree = field(default_factory=dict)
    expand: frozenset[str] = frozenset()

    def shown(self, names: list[str]) -> set[str]:
        """Which of the members ``names`` a row keeps."""
        kept = {name for name in names if not self.fields or name in self.fields}
        return {name for name in kept if self.omit.get(name) != {}}

    def trim(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row with what was asked of its inner objects."""
        return _trim(row, self.fields, self.omit)

    def trim_written(self, row: bytes) -> bytes:
        """The same of a row that is JSON already."""
        if not self.fields and not self.omit:
            return row
        return orjson.dumps(self.trim(orjson.loads(row)))


def read_shape(request: Request, serializer: type[serializers.Serializer]) -> Shape:
    """The shape that a request asks for, each name checked."""
    known = members(serializer)
    fields, omit = (_tree(request, name, known) for name in ("fields", "omit"))
    expandable = EXPANSIONS.get(serializer.__name__, {})
    expand = _names(request, "expand")
    for name in expand:
        if name not in expandable:
            raise _unknown("expand", name, expandable)
    return Shape(fields, omit, frozenset(expand))


def _names(request: Request, parameter: str) -> list[str]:
    names = [n for text in request.query_params.getlist(parameter) for n in text.split(",")]
    if len(names) > MAX_NAMES:
        raise BadParameter(parameter, f"At most {MAX_NAMES} names may be given.", "too-many")
    return names


def _tree(request: Request, parameter: str, known: Tree) -> Tree:
    names = _names(request, parameter)
    for path in names:
        below = known
        for step in path.split("."):
            if step not in below:
                raise _unknown(parameter, path, below)
            below = below[step]
    return tree_of(names)


def tree_of(paths: Iterable[str]) -> Tree:
    """Names such as ``place.name``, the inner ones below the outer ones."""
    tree: Tree = {}
    for path in paths:
        branch = tree
        for step in path.split("."):
            branch = branch.setdefault(step, {})
    return tree


def _unknown(parameter: str, name: str, known: Any) -> BadParameter:
    near = difflib.get_close_matches(name.rpartition(".")[2], known, n=1, cutoff=0.5)
    there = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(sorted(known))}."
    return BadParameter(parameter, f"There is nothing called “{name[:80]}” to tell. {there}")


@cache
def members(serializer: type[serializers.Serializer]) -> Tree:
    """The members of the objects that ``serializer`` writes, and theirs."""
    return {name: _inner(one) for name, one in serializer().fields.items() if not one.write_only}


def _inner(one: serializers.Field) -> Tree:
    if isinstance(one, serializers.SerializerMethodField):
        one = get_override(getattr(one.parent, one.method_name), "field", one)
    if isinstance(one, Reference):
        return members(one.shown_as)
    if isinstance(one, serializers.ListSerializer):
        return members(type(one.child))
    return members(type(one)) if isinstance(one, serializers.Serializer) else {}


def _trim(value: Any, fields: Tree, omit: Tree) -> Any:
    if isinstance(value, list):
        return [_trim(item, fields, omit) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _trim(inner, fields.get(name, {}), omit.get(name, {}))
        for name, inner in value.items()
        if (not fields or name in fields) and omit.get(name) != {}
    }


def columns(serializer: serializers.Serializer, model: Any) -> list[str]:
    """The columns that the members kept by ``serializer`` are made of."""
    needed = {name for name in ALWAYS if _is_column(model, name)}
    for one in serializer.fields.values():
        if isinstance(one, DateSerializer):
            needed |= set(DATE_COLUMNS)
        elif _is_column(model, one.source):
            needed.add(one.source)
    if "created_by" in serializer.fields:
        needed.add("created_by")
    if "text" in serializer.fields and _is_column(model, "text_is_public"):
        needed.add("text_is_public")
    return sorted(needed)


def _is_column(model: Any, name: str) -> bool:
    try:
        return model._meta.get_field(name).concrete and not model._meta.get_field(name).many_to_many
    except FieldDoesNotExist:
        return False


# What may be told in full instead of in short, and what is then read with it.
EXPANSIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "EventSerializer": {
        "place": ("place__parent", "place__created_by"),
        "participations.actor": (
            "participations__actor__names",
            "participations__actor__created_by",
        ),
        "citations.source": ("citations__source__derived_from", "citations__source__created_by"),
    },
    "AffiliationSerializer": {
        "actor": ("actor__names", "actor__created_by"),
        "organisation": ("organisation__names", "organisation__created_by"),
    },
    "CitationSerializer": {"source": ("source__derived_from", "source__created_by")},
    "ClaimSerializer": {"speaker": ("speaker__names", "speaker__created_by")},
    "FigureSerializer": {
        "place": ("place__parent", "place__created_by"),
        "speaker": ("speaker__names", "speaker__created_by"),
    },
    "PlaceSerializer": {"parent": ("parent__parent", "parent__created_by")},
}


ONLY = (
    "Tell only these members; `a.b` for inner ones. The answer then lacks members that its schema "
    "requires: ask so for what you read yourself, not for what a generated client parses."
)


def describe(serializer: type[serializers.Serializer]) -> list[dict[str, Any]]:
    """The parameters as OpenAPI has them."""

    def listed(name: str, schema: dict[str, Any], text: str, example: Any) -> dict[str, Any]:
        return {
            "name": name,
            "in": "query",
            "description": text,
            "schema": {"type": "array", "items": schema, "maxItems": MAX_NAMES},
            "style": "form",
            "explode": True,
            "example": example,
        }

    text = {"type": "string"}
    known = list(members(serializer))
    shapes = [
        listed("fields", text, ONLY, known[:1]),
        listed("omit", text, "Leave out these members; as with `fields`.", known[-1:]),
    ]
    if expandable := EXPANSIONS.get(serializer.__name__):
        names = sorted(expandable)
        enum = {"type": "string", "enum": names}
        shapes.append(listed("expand", enum, "Tell these in full, not in short.", names[:1]))
    return shapes
