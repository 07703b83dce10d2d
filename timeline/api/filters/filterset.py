"""A set of parameters, of which a query names a few."""

from __future__ import annotations

from collections.abc import Hashable
from copy import copy
from types import SimpleNamespace
from typing import Any, Self

import django_filters
from django import forms
from django.db.models import QuerySet


class Asked(dict[str, Any]):
    """What a query asks for; None for what it does not name."""

    def __missing__(self, name: str) -> None:
        return None


class QueryForm(forms.Form):
    """Reads the parameters that a query names."""

    def full_clean(self) -> None:
        super().full_clean()
        self.cleaned_data = Asked(getattr(self, "cleaned_data", {}))


class Filters(django_filters.FilterSet):
    """The parameters of a list. Of dozens a query names a few, and only these are made ready."""

    base_filters: dict[str, Any]

    class Meta:
        form = QueryForm

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        everything = self.base_filters.items()
        self.base_filters = {name: one for name, one in everything if name in (data or ())}
        super().__init__(data, *args, **kwargs)

    # Parameters that are not asked each for itself.
    together: tuple[str, ...] = ()
    # How parameters begin that are read by themselves.
    PREFIXES: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[Any], without: str = "") -> QuerySet[Any]:
        """The rows that fit what was asked; ``without`` is a parameter to leave out."""
        for name, value in self.form.cleaned_data.items():
            if name not in self.together and name != without:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    def shape(self) -> tuple[Hashable, dict[str, Any]]:
        """What is asked, but for the values that a slot may stand for; and these values."""
        asked = self.form.cleaned_data
        shape: list[Hashable] = [
            (name, tuple(self.data.getlist(name)))
            for name in self.data
            if name.startswith(self.PREFIXES)
        ]
        given: dict[str, Any] = {}
        for name, value in asked.items():
            shape.append((name, self.filters[name].shape_of(value)))
            given |= self.filters[name].values_of(name, value)
        return tuple(shape), given

    def with_slots(self) -> Self:
        """The same question, with a slot for each of these values."""
        asked = self.form.cleaned_data.items()
        slots = {name: self.filters[name].slots_for(name, value) for name, value in asked}
        question = copy(self)
        question._form = SimpleNamespace(cleaned_data=Asked(slots))
        return question
