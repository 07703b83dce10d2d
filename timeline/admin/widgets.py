"""Choosing a record by typing a part of its name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models

# Beyond the digits of any key; such a value is nobody's.
LONGEST_KEY = 18


def _keys(value: Any) -> list[str]:
    return [
        str(v)
        for v in value
        if str(v).isascii() and str(v).isdigit() and len(str(v)) <= LONGEST_KEY
    ]


class ChosenRecord(AutocompleteSelect):
    """Shows the chosen record by a label that is already at hand, without asking for it again."""

    known: dict[str, str] = {}

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        keys = _keys(value)
        if not keys or keys[0] not in self.known:
            return super().optgroups(name, keys, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options.append(self.create_option(name, keys[0], self.known[keys[0]], True, len(options)))
        return [(None, options, 0)]


class ChosenRecords(AutocompleteSelectMultiple):
    """The same, for several."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, _keys(value), attr)


def know_labels(form: forms.ModelForm) -> None:
    """Tell the widgets what the form's record, loaded with what it points to, points to."""
    for name, field in form.fields.items():
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, ChosenRecord) and form.instance.pk:
            column = form.instance._meta.get_field(name)
            if isinstance(column, models.ForeignKey) and column.is_cached(form.instance):
                chosen = getattr(form.instance, name)
                if chosen is not None:
                    widget.known = {str(chosen.pk): field.label_from_instance(chosen)}
