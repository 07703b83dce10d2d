"""How a query parameter is read, asked of a list and described.

A list takes both ``x=1&x=2`` and ``x=1,2``, since generated clients send either.
"""

from __future__ import annotations

from collections.abc import Hashable
from copy import copy
from typing import Any, Self

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Field, QuerySet

from timeline.db.statements import Slot

MAX_VALUES = 100

Schema = dict[str, Any]


class _Written(forms.Widget):
    """The texts given for a parameter, as they stand in the query."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str] | None:
        return data.getlist(name) or None


class ParameterField(forms.Field):
    """Reads the texts of one parameter into a value."""

    widget = _Written

    def __init__(self, parameter: Parameter, **kwargs: Any) -> None:
        self.read, self.readings = parameter.read, parameter.readings
        self.many, self.whole = parameter.many, parameter.whole
        super().__init__(**kwargs)

    def __deepcopy__(self, memo: Any) -> Self:
        # A form has its own copies of its fields, to change them; these are as they are.
        return self

    def clean(self, value: list[str] | None) -> Any:
        if value is None:
            return None
        if not self.many:
            if len(value) > 1:
                raise ValidationError("This parameter may be given once.", code="repeated")
            return self.read(value[0])
        texts = [text.strip() for written in value for text in written.split(",")]
        if len(texts) > MAX_VALUES:
            raise ValidationError(
                f"At most {MAX_VALUES} values may be given; these are {len(texts)}.",
                code="too-many",
            )
        if "" in texts:
            raise ValidationError("A value in this list is empty.", code="empty")
        if self.whole:
            texts += [text for text in value if "," in text and len(text) <= self.whole]
        return [value for text in texts for value in self.readings(text)]


class Parameter(django_filters.Filter):
    """A filter that asks the queryset.

    ``ask`` names the method to call with the value; ``column`` a column to compare, ``points`` a
    relation to follow to the public ids given. One that has none only qualifies others.
    """

    field_class = ParameterField
    many = False
    # A value may itself hold commas: up to so many characters are also read as one.
    whole = 0
    needed = False
    # What a slot is of that stands for a value when the question is composed; of all other
    # parameters the value is part of the question's shape.
    slot: Field[Any, Any] | None = None
    schema: Schema = {"type": "string"}

    def __init__(
        self,
        help_text: str,
        *,
        ask: str | None = None,
        column: str | None = None,
        points: str | None = None,
        example: Any = None,
    ) -> None:
        self.ask, self.column, self.points, self.example = ask, column, points, example
        super().__init__(help_text=help_text)

    def __deepcopy__(self, memo: Any) -> Self:
        # Each set of filters has its own, which know the set and nothing else of it.
        return copy(self)

    @property
    def field(self) -> ParameterField:
        if not hasattr(self, "_field"):
            self._field = ParameterField(self, required=False)
        return self._field

    def read(self, text: str) -> Any:
        return text

    def readings(self, text: str) -> list[Any]:
        """What a text of a list may stand for: any of these."""
        return [self.read(text)]

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value is None:
            return qs
        if self.column:
            return qs.filter(**{f"{self.column}__in": value})
        if self.points:
            return qs.pointing_at(self.points, value)
        return getattr(qs, self.ask)(value) if self.ask else qs

    def shape_of(self, value: Any) -> Hashable:
        """What of the value a question is composed by: all of it, or how many slots it has."""
        if self.slot is not None:
            return len(value)
        return tuple(value) if isinstance(value, list) else value

    def values_of(self, name: str, value: Any) -> dict[str, Any]:
        """The values for the slots."""
        values = value if self.slot is not None else ()
        return {f"{name}.{at}": one for at, one in enumerate(values)}

    def slots_for(self, name: str, value: Any) -> Any:
        """The value, or slots for it."""
        if self.slot is None:
            return value
        return [Slot(f"{name}.{at}", self.slot) for at in range(len(value))]

    def describe(self) -> dict[str, Any]:
        """The parameter as OpenAPI has it."""
        schema = {"type": "array", "items": self.schema, "maxItems": MAX_VALUES}
        parameter = {
            "name": self.field_name,
            "in": "query",
            "description": self.extra["help_text"],
            "schema": schema if self.many else self.schema,
        }
        if self.needed:
            parameter["required"] = True
        if self.many:
            parameter |= {"style": "form", "explode": True}
        if self.example is not None:
            parameter["example"] = self.example
        return parameter
