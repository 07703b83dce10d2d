"""A set of parameters, of which a query names a few."""

from __future__ import annotations

from typing import Any

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

    def filter_queryset(self, queryset: QuerySet[Any], without: str = "") -> QuerySet[Any]:
        """The rows that fit what was asked; ``without`` is a parameter to leave out."""
        for name, value in self.form.cleaned_data.items():
            if name not in self.together and name != without:
                queryset = self.filters[name].filter(queryset, value)
        return queryset
