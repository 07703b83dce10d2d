"""How records are read and written as JSON; shape only, no decisions.

What may not be written is refused by name: a member that is silently dropped is a loss.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NoReturn
from uuid import UUID

from django.db.models import Model, QuerySet
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.settings import api_settings

from timeline.querysets.visibility import PUBLIC, Viewer
from timeline.services import limits

MAX_LINKS = limits.MAX_LINKS
# Beyond these a body is no mistake any more, and telling all of them would be work without end.
MAX_PROBLEMS = 20
MOST = 2**31 - 1


def viewer(field: serializers.Field) -> Viewer:
    """The reader for whom this is being written."""
    return field.context.get("viewer", PUBLIC)


class Choice(serializers.ChoiceField):
    """One of a few words, which a refusal names."""

    default_error_messages = {"invalid_choice": "“{input}” is none of these: {choices}."}

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        super().fail(key, choices=", ".join(str(choice) for choice in self.choices), **kwargs)


class StrictSerializer(serializers.Serializer):
    """Refuses members that do not exist or cannot be written; nested ones are whole or wrong."""

    serializer_choice_field = Choice

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            # By name, since the framework cannot tell a list of errors from an object of them.
            detail = serializers.ErrorDetail("This must be an object: {…}.", "not-an-object")
            raise serializers.ValidationError({api_settings.NON_FIELD_ERRORS_KEY: [detail]})
        problems: dict[str, Any] = {}
        for name in data:
            if len(problems) == MAX_PROBLEMS:
                break
            field = self.fields.get(name)
            if field is None:
                problems[str(name)[:80]] = [self._unknown(str(name))]
            elif field.read_only:
                problems[name] = [
                    serializers.ErrorDetail("The service sets this: leave it out.", "read-only")
                ]
        if self.parent is not None or not self.partial:
            for name, field in self.fields.items():
                if field.required and not field.read_only and name not in data:
                    problems[name] = [serializers.ErrorDetail("This is needed.", "required")]
        if not problems:
            flaws = ((name, mistyped(self.fields[name], value)) for name, value in data.items())
            problems = {name: flaw for name, flaw in flaws if flaw}
        if problems:
            raise serializers.ValidationError(problems)
        if self.partial and self.parent is None:
            data = {name: self._removed(name, value) for name, value in data.items()}
        return super().to_internal_value(data)

    def _removed(self, name: str, value: Any) -> Any:
        """In a merge patch null takes a member away: it is what it was before it was set."""
        field = self.fields[name]
        if value is not None or field.allow_null or field.required or field.write_only:
            return value
        if isinstance(field, serializers.ListSerializer | serializers.ListField):
            return []
        if isinstance(field, ObjectField):
            return Emptied()
        return self.Meta.model._meta.get_field(field.source).get_default()

    def _unknown(self, name: str) -> serializers.ErrorDetail:
        known = [n for n, field in self.fields.items() if not field.read_only]
        near = difflib.get_close_matches(name[:80], known, n=1, cutoff=0.5)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(known)}."
        return serializers.ErrorDetail(f"There is no “{name[:80]}” to write. {hint}", "unknown")


# The framework would take 5 for "5", and false for 0; who sends one may well have meant another.
WRITTEN_AS: tuple[tuple[Any, Any, str], ...] = (
    (serializers.CharField, str, "This is a text, in quotes."),
    (serializers.UUIDField, str, "This is an id, in quotes."),
    (serializers.DateTimeField, str, "This is an instant, in quotes."),
    (serializers.BooleanField, bool, "This is true or false, without quotes."),
    (serializers.IntegerField, (int, float), "This is a whole number, without quotes."),
    (serializers.FloatField, (int, float), "This is a number, without quotes."),
)


def mistyped(field: serializers.Field, value: Any) -> Any:
    """What is wrong with the JSON type of ``value``, by position or name where it holds others."""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        flaws = enumerate(mistyped(field.child, item) for item in value)
        return {at: flaw for at, flaw in flaws if flaw}
    if isinstance(field, serializers.DictField) and isinstance(value, dict):
        found = ((name, mistyped(field.child, item)) for name, item in value.items())
        return {name: flaw for name, flaw in found if flaw}
    for kind, types, told in WRITTEN_AS:
        if isinstance(field, kind) and value is not None:
            fits = isinstance(value, types) and (types is bool or not isinstance(value, bool))
            return [] if fits else [serializers.ErrorDetail(told, "wrong-type")]
    return []


# The serializer of each kind of record that can be told in full within another.
FULL: dict[type[Model], type[serializers.Serializer]] = {}


class PartListSerializer(serializers.ListSerializer):
    """A list of parts, whose references are looked up together."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list):
            for name, field in self.child.fields.items():
                if isinstance(field, Reference):
                    field.look_up([item.get(name) for item in data if isinstance(item, Mapping)])
        return super().to_internal_value(data)


class Reference(serializers.Field):
    """A record, written as its public id and read as a few of its fields.

    What the reader may not see reads as null.
    """

    default_error_messages = {
        "invalid": "“{value}” is not an id; ids look like 3f0c9f52-6d1b-4a53-9d55-0c1d6f6e1a2b.",
        "missing": "There is no such {what} with the id {value}.",
    }

    def __init__(
        self, queryset: QuerySet[Any], shown_as: type[serializers.Serializer], **kwargs: Any
    ) -> None:
        self.queryset, self.shown_as = queryset, shown_as
        super().__init__(**kwargs)

    @property
    def _known(self) -> dict[UUID, Model]:
        cache = self.context.setdefault("references", {})
        return cache.setdefault(self.queryset.model, {})

    def look_up(self, values: list[Any]) -> None:
        ids = set()
        for value in values:
            try:
                ids.add(UUID(value))
            except (ValueError, TypeError, AttributeError):
                continue
        ids -= self._known.keys()
        if ids:
            found = self.queryset.all().visible_to(viewer(self)).filter(uuid__in=ids)
            self._known.update({record.uuid: record for record in found})

    def to_internal_value(self, data: Any) -> Model:
        try:
            uuid = UUID(data)
        except (ValueError, TypeError, AttributeError):
            self.fail("invalid", value=str(data)[:80])
        self.look_up([data])
        record = self._known.get(uuid)
        if record is None:
            self.fail("missing", what=self.queryset.model._meta.verbose_name, value=uuid)
        return record

    def to_representation(self, value: Model) -> Any:
        if not viewer(self).sees(value):
            return None
        return self._teller.to_representation(value)

    @cached_property
    def _teller(self) -> serializers.Serializer:
        """What writes the record; made once for all rows, since making it costs more than rows."""
        expand = self.context.get("expand")
        shown_as = FULL[self.queryset.model] if expand and self._path() in expand else self.shown_as
        # What is told in full tells others in short.
        return shown_as(context={**self.context, "expand": frozenset()})

    def _path(self) -> str:
        """How the parameter ``expand`` calls this member."""
        steps: list[str] = []
        field: Any = self
        while field is not self.root:
            if field.field_name:
                steps.append(field.field_name)
            field = field.parent
        return ".".join(reversed(steps))


class ReferenceSchema(OpenApiSerializerFieldExtension):
    """An id in requests, an object in responses."""

    target_class = Reference

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        if direction == "request":
            return {"type": "string", "format": "uuid"}
        component = auto_schema.resolve_serializer(self.target.shown_as, direction)
        return component.ref


class Emptied(dict[str, Any]):
    """What stays of an object that a patch takes away."""


class ObjectField(serializers.DictField):
    """A free object. A patch of it is merged into what is there (RFC 7396)."""

    child = serializers.JSONField(allow_null=True)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        value = super().to_internal_value(data)
        record = self.root.instance if getattr(self.root, "partial", False) else None
        if record is not None and self.parent is self.root and not isinstance(data, Emptied):
            value = merge_patch(getattr(record, self.source), value)
        return value


def merge_patch(target: Any, patch: Any) -> Any:
    """RFC 7396, section 2."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


class CodeReference(serializers.Field):
    """A term of a vocabulary, written and read as its code."""

    default_error_messages = {
        "unknown": "“{value}” is not in /vocabularies/{vocabulary}.{hint}",
    }

    def __init__(self, queryset: QuerySet[Any], vocabulary: str, **kwargs: Any) -> None:
        self.queryset, self.vocabulary = queryset, vocabulary
        super().__init__(**kwargs)

    def _terms(self) -> dict[str, Model]:
        cache = self.context.setdefault("terms", {})
        if self.vocabulary not in cache:
            terms = self.queryset.all().filter(vocabulary=self.vocabulary)
            cache[self.vocabulary] = {term.code: term for term in terms}
        return cache[self.vocabulary]

    def to_internal_value(self, data: Any) -> Model:
        terms = self._terms()
        if not isinstance(data, str) or data not in terms:
            near = difflib.get_close_matches(str(data)[:80], terms, n=1, cutoff=0.5)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            self.fail("unknown", value=str(data)[:80], vocabulary=self.vocabulary, hint=hint)
        return terms[data]

    def to_representation(self, value: Any) -> str:
        return value.code


class CodeReferenceSchema(OpenApiSerializerFieldExtension):
    """A code is a string; the vocabularies grow, so it is no enum."""

    target_class = CodeReference

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"type": "string", "maxLength": 80}


class RecordSerializer(StrictSerializer, serializers.ModelSerializer):
    """What every record says of itself."""

    id = serializers.UUIDField(source="uuid", read_only=True, help_text="Never changes.")
    version = serializers.IntegerField(
        read_only=True, min_value=1, help_text="Counts the changes; its `ETag` begins with it."
    )
    published_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When it became public."
    )
    updated_at = serializers.DateTimeField(read_only=True, help_text="When it last changed.")
    created_at = serializers.SerializerMethodField(
        help_text="When work on it began; null to the public."
    )
    created_by = serializers.SerializerMethodField(help_text="Who began it; null to the public.")

    reason = serializers.CharField(
        write_only=True,
        required=False,
        max_length=2000,
        help_text="Why; kept in the ledger, and public with a correction.",
    )

    HEAD = ("id", "version", "publication")
    TAIL = ("published_at", "updated_at", "created_at", "created_by", "reason")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "Meta"):
            FULL[cls.Meta.model] = cls

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        kind, kwargs = super().build_standard_field(field_name, model_field)
        # The services check what must hold; here only shapes.
        kwargs.pop("validators", None)
        if kind is serializers.IntegerField:
            # What PostgreSQL can hold, SQLite is asked for too.
            kwargs = {"min_value": -MOST - 1, "max_value": MOST} | kwargs
        if kind is serializers.DecimalField:
            kwargs["normalize_output"] = True
        if field_name == "publication":
            kwargs = {"read_only": True, "choices": model_field.choices}
            kind = serializers.ChoiceField
        return kind, kwargs

    def get_validators(self) -> list[Any]:
        return []

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_created_at(self, record: Any) -> str | None:
        if not viewer(self).unpublished:
            return None
        return serializers.DateTimeField().to_representation(record.created_at)

    def get_created_by(self, record: Any) -> str | None:
        if not viewer(self).unpublished or record.created_by is None:
            return None
        return record.created_by.get_username()
