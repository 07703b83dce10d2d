"""Which form field a column of ours gets."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest

from timeline.admin.dates import DateInWordsField
from timeline.admin.labels import describe
from timeline.admin.lists import pointers, seen_rows
from timeline.admin.plain_fields import FIELDS, HELP, ObjectField
from timeline.admin.widgets import ChosenRecord, ChosenRecords
from timeline.db.dates import EdtfField

DATE_HELP = (
    "In words, such as “in August 2019”, “c. 1912”, “before 1890”, “7 Nov 2019”, or in EDTF, such "
    "as 2019-08. Empty when it is not known. Words typed here are kept as the source's words "
    "where none are given below."
)


class PlainFields:
    """For record pages and their lists alike."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        match db_field:
            case EdtfField():
                return DateInWordsField(label="Date", required=False, help_text=DATE_HELP)
            case models.JSONField():
                field = FIELDS.get(db_field.name, ObjectField)
                help_text = HELP.get(db_field.name, db_field.help_text)
                return field(required=False, help_text=help_text)
            case models.URLField():
                kwargs["assume_scheme"] = "https"
            case models.TextField():
                rows = 3 if (db_field.max_length or 10_000) <= 5000 else 10
                field = super().formfield_for_dbfield(db_field, request, **kwargs)
                field.widget.attrs["rows"] = rows
                return field
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_delete_related"):
            # Beside the name of what is chosen, a cross reads as "choose nothing".
            field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = seen_rows(db_field, request)
        kwargs["widget"] = ChosenRecord(db_field, self.admin_site)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.label_from_instance = describe
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = seen_rows(db_field, request)
        kwargs["widget"] = ChosenRecords(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return pointers(self.model)
