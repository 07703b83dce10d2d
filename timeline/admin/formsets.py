"""The lists on a record's page, read for the services instead of saved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet

from timeline.admin.refusals import Refused, tell, tell_rows
from timeline.models import Citation, Versioned
from timeline.services.access import By
from timeline.services.records import create_record, delete_record, update_record

GONE = "This row was removed in the meantime. Delete it here too, or type it anew below."
REMOVED = "Recorded meanwhile, and removed if you save: “{row}”. Add it to the list to keep it."


class RowFormSet(BaseInlineFormSet):
    """Rows whose refusals are remembered; the services look after uniqueness."""

    refused: Refused | None = None

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[self._pk_field.name].error_messages["invalid_choice"] = GONE

    def validate_unique(self) -> None:
        return None

    def meant(self) -> list[Any]:
        """The filled rows that are to stay, in the order given by hand and else as they stand."""
        rows = [
            form
            for form in self.forms
            if not self._should_delete_form(form)
            and (form.instance.pk or form.has_changed())
            and hasattr(form, "cleaned_data")
        ]
        places = {
            id(form): (order if (order := form.cleaned_data.get("order")) is not None else place)
            for place, form in enumerate(rows, start=1)
        }
        return sorted(rows, key=lambda form: places[id(form)])


class PartFormSet(RowFormSet):
    """A list that is written with its record, in the same entry of the ledger."""

    def clean(self) -> None:
        super().clean()
        tell_rows(self.meant(), self.prefix, self.refused)
        if self.data.get("expected_version") != str(self.instance.version or ""):
            self._tell_of_rows_not_on_the_page()

    def _tell_of_rows_not_on_the_page(self) -> None:
        on_page = {form.instance.pk for form in self.initial_forms}
        unseen = [row for row in self.get_queryset() if row.pk not in on_page]
        if unseen and self.instance.pk:
            raise forms.ValidationError([REMOVED.format(row=describe_row(row)) for row in unseen])

    def items(self) -> list[dict[str, Any]]:
        return [form.values() for form in self.meant()]


def describe_row(row: Any) -> str:
    """A row by what it points to: “Diana, seller”."""
    told = [f for f in row._meta.fields if f.many_to_one and f.editable]
    pointers = [f.name for f in told if f.name != row_owner(row)]
    return ", ".join(str(getattr(row, name)) for name in pointers) or str(row)


def row_owner(row: Any) -> str:
    return next((f.name for f in row._meta.fields if f.many_to_one), "")


class CitationFormSet(RowFormSet):
    """Citations: records of their own, with an entry each."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if self.refused is not None and self.refused.where == form.prefix:
                for flaw in self.refused.flaws:
                    tell(form, flaw)

    def write(self, form: Any, record: Versioned, *, by: By, reason: str) -> None:
        """Create, change or delete what one form stands for."""
        citation = form.instance
        expected = form.cleaned_data.get("expected_version")
        if self._should_delete_form(form):
            if citation.pk:
                delete_record(citation, by=by, reason=reason, expected_version=expected)
        elif not form.has_changed():
            return
        elif citation.pk:
            update_record(
                citation,
                values=form.values(),
                by=by,
                reason=reason,
                expected_version=expected,
            )
        else:
            values = form.values() | {self.fk.name: record}
            create_record(Citation, values=values, by=by, reason=reason)
