"""Bringing in a file, having seen first what it would do; and the runs that there were."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from timeline.admin.acting import by_of
from timeline.admin.permissions import ScopedAdmin
from timeline.admin.site import site
from timeline.admin.undoing import undo_url
from timeline.errors import TimelineError
from timeline.models import Import, Scope
from timeline.services.imports import Rejected, Report, format_of, read_mapping, run_import, seen_by

OUTCOMES = ("created", "updated", "unchanged", "rejected")
SHOWN = 200
EXAMPLE = '{"title": "Headline", "actors.0.name": "Attackers"}'


class ImportForm(forms.Form):
    """A file, and what to do with it."""

    file = forms.FileField(
        help_text="A table with a header (CSV or XLSX), or JSON Lines (.jsonl). Each row needs a data "
        "set, an id in it (external_id) and a title; by the first two it is found again."
    )
    dataset = forms.CharField(
        required=False,
        max_length=100,
        label="Data set",
        help_text="The name of the data set, if the table has no column “dataset”.",
    )
    mapping = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        label="Columns",
        help_text="Which columns fill what, if they are named otherwise: "
        f"{EXAMPLE}. What is named like nothing is kept in “extra”.",
    )
    skip = forms.BooleanField(
        required=False,
        label="Leave out bad rows",
        help_text="Otherwise nothing is imported as long as one row is bad.",
    )
    publish = forms.BooleanField(
        required=False,
        label="Publish what is imported",
        help_text="Otherwise it comes in as drafts.",
    )

    def __init__(self, *args: Any, may_publish: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_publish:
            del self.fields["publish"]

    def options(self) -> dict[str, Any]:
        """As :func:`run_import` takes them."""
        asked = self.cleaned_data
        mapping = read_mapping(asked["mapping"]) if asked["mapping"] else {}
        if asked["dataset"]:
            mapping |= read_mapping(json.dumps({"dataset": {"literal": asked["dataset"]}}))
        return {
            "file_format": format_of(asked["file"].name),
            "mapping": mapping,
            "on_error": "skip" if asked["skip"] else "abort",
            "publish": asked.get("publish", False),
        }


def _told(row: dict[str, Any]) -> str:
    why = [f"{error['field'] or 'the row'}: {error['detail']}" for error in row.get("errors", ())]
    said = (*why, *row.get("warnings", ()))
    return f"line {row['line']}, {row['external_id'] or 'no id'}: {row['outcome']}" + "".join(
        f"; {one}" for one in said
    )


def _counted(report: Report) -> str:
    return ", ".join(f"{outcome} {getattr(report, outcome)}" for outcome in OUTCOMES)


def _worth_a_look(report: Report) -> list[dict[str, Any]]:
    """The first rows, those that are bad or come with a warning before all others."""
    odd = islice((row for row in report.rows() if row.keys() & {"errors", "warnings"}), SHOWN)
    even = islice((row for row in report.rows() if not row.keys() & {"errors", "warnings"}), SHOWN)
    return [*odd, *even][:SHOWN]


@admin.register(Import, site=site)
class ImportAdmin(ScopedAdmin):
    scope = Scope.WRITE
    list_display = ("at", "by", "origin", "format", "sha256", "undone_at")
    list_select_related = ("by",)
    list_filter = ("origin", "format", "at")
    ordering = ("-id",)
    readonly_fields = ("rows",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        return seen_by(by_of(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return by_of(request).may(self.scope)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Choose a file, see what it would do, bring it in."""
        by = by_of(request)
        if not by.may(self.scope):
            raise PermissionDenied
        may_publish = by.may(Scope.PUBLISH)
        form = ImportForm(request.POST or None, request.FILES or None, may_publish=may_publish)
        report = None
        if request.method == "POST" and form.is_valid():
            dry_run = "_import" not in request.POST
            try:
                file = form.cleaned_data["file"]
                report = run_import(file, by=by, dry_run=dry_run, **form.options())
            except TimelineError as error:
                form.add_error(None, error.detail)
                report = error.report if isinstance(error, Rejected) else None
            else:
                if not dry_run:
                    return self._imported(request, report)
        context = {
            **self.admin_site.each_context(request),
            "title": "Import a file",
            "opts": self.opts,
            "form": form,
            "report": report,
            "rows": [_told(row) for row in _worth_a_look(report)] if report else [],
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "timeline/admin/import.html", context)

    def _imported(self, request: HttpRequest, report: Report) -> HttpResponse:
        text = f"Imported: {_counted(report)}."
        self.message_user(request, text, messages.SUCCESS)
        run = Import.objects.get(uuid=report.id)
        return HttpResponseRedirect(reverse("admin:timeline_import_change", args=[run.pk]))

    @admin.display(description="what became of the rows")
    def rows(self, run: Import) -> str:
        """The first few hundred, a line each."""
        part = run.reported.order_by("pk").first()
        told = json.loads(part.rows) if part else []
        lines = format_html_join("", "<li>{}</li>", ([_told(row)] for row in told))
        more = sum(run.report.get(outcome, 0) for outcome in OUTCOMES) - len(told)
        rest = f"… and {more} more: they are in the API." if more > 0 else ""
        return format_html("<ul>{}</ul>{}", lines, rest)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        run = self.get_object(request, object_id)
        undo = undo_url(request, run.operation) if run and run.undone_at is None else ""
        return super().change_view(
            request, object_id, form_url, {"undo_url": undo} | (extra_context or {})
        )
