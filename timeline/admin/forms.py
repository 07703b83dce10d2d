"""The forms of records, of their parts and of what is written beside them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.forms.models import InlineForeignKeyField

from timeline.admin.dates import keep_words
from timeline.admin.refusals import Refused, tell
from timeline.admin.widgets import know_labels

STALE = (
    "Somebody changed this in the meantime: it is now at version {version}. Nothing you typed is "
    "lost, and nothing is saved yet. Where what you typed differs from what is recorded now, the "
    "field says so; look through it and save again."
)


class PlainForm(forms.ModelForm):
    """A form whose fields are read for a service; what holds of the whole is checked there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        know_labels(self)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        keep_words(self)
        return cleaned

    def validate_unique(self) -> None:
        return None

    def validate_constraints(self) -> None:
        return None

    def values(self) -> dict[str, Any]:
        """What the fields of the model are to be."""
        columns = {field.name for field in self._meta.model._meta.get_fields()}
        return {
            name: self.cleaned_data[name]
            for name in self._meta.fields or ()
            if name in columns
            and name in self.cleaned_data
            and not isinstance(self.fields[name], InlineForeignKeyField)
        }


class PartForm(PlainForm):
    """A row of a list that belongs to a record."""

    order = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=10_000,
        widget=forms.NumberInput(attrs={"class": "order"}),
        help_text="Place in the list; empty for where it stands.",
    )


class VersionedForm(PlainForm):
    """Knows which version of the record was on the page."""

    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("expected_version", self.instance.version)
        self.is_stale = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk and "expected_version" in self.fields:
            expected = self.cleaned_data.get("expected_version")
            if expected is None:
                self.add_error(None, "The form is incomplete. Open the page again and repeat.")
            elif expected != self.instance.version:
                self._say_stale()
        return cleaned

    def _say_stale(self) -> None:
        self.is_stale = True
        version = self.instance.version
        # The next save is made in view of the version that is told of now.
        data: Any = self.data.copy()
        data[self.add_prefix("expected_version")] = str(version)
        self.data = data
        self.add_error(None, forms.ValidationError(STALE.format(version=version), code="stale"))
        for name in self.changed_data:
            if name in self.cleaned_data and name in self.initial:
                self.add_error(name, f"Recorded now: “{self._shown(name)}”.")

    def _shown(self, name: str) -> str:
        value = self.initial[name]
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return ", ".join(str(one) for one in value)
        if isinstance(field, forms.ModelChoiceField):
            return str(getattr(self.instance, name) or "")
        return str(field.prepare_value(value) or "")


class RecordForm(VersionedForm):
    """The form of a record's own page."""

    reason = forms.CharField(
        required=False,
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text="Why you make this change. Kept in the ledger with it.",
    )
    refused: Refused | None = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refused is not None and not self.refused.where and not self.is_stale:
            for flaw in self.refused.flaws:
                tell(self, flaw)
        return cleaned
