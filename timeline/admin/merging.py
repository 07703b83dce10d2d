"""Merging two records that stand for the same: chosen, previewed, confirmed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from timeline.admin.acting import by_of
from timeline.admin.labels import describe
from timeline.admin.records import RecordAdmin
from timeline.admin.site import site
from timeline.admin.widgets import ChosenRecord
from timeline.errors import TimelineError
from timeline.models import Affiliation, Citation, Event, Scope
from timeline.services.merging import MergeReport, merge_records

# A field in which somebody chooses a record of the kind, for the suggestions.
CHOSEN_IN: dict[str, Any] = {
    "actor": Affiliation._meta.get_field("actor"),
    "place": Event._meta.get_field("place"),
    "source": Citation._meta.get_field("source"),
    "event": Citation._meta.get_field("event"),
}


class MergeForm(forms.Form):
    """Into what, and why."""

    into = forms.ModelChoiceField(queryset=None, label="Into", help_text="The one that stays.")
    reason = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text="Why they are the same. Kept in the ledger, and told where the change is public.",
    )
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, record: Any, rows: QuerySet[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = rows.exclude(pk=record.pk)
        into.widget = ChosenRecord(CHOSEN_IN[record._meta.model_name], site)
        into.widget.choices = into.choices
        into.label_from_instance = describe


@admin.action(description="Merge into…")
def merge_into(
    modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]
) -> HttpResponse | None:
    rows = list(queryset[:2])
    if len(rows) != 1:
        text = "Choose the one record that is to go into another. Nothing was done."
        modeladmin.message_user(request, text, messages.ERROR)
        return None
    return HttpResponseRedirect(modeladmin.merge_url(rows[0]))


class MergeableAdmin(RecordAdmin):
    """A record of which there may be two for the same."""

    def merge_url(self, record: Any) -> str:
        return reverse(f"admin:timeline_{self.opts.model_name}_merge", args=[record.pk])

    def get_urls(self) -> list[Any]:
        name = f"timeline_{self.opts.model_name}_merge"
        view = self.admin_site.admin_view(self.merge_view)
        return [path("<path:object_id>/merge/", view, name=name), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        if by_of(request).may(Scope.PUBLISH):
            actions["merge_into"] = (merge_into, "merge_into", "Merge into…")
        return actions

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> HttpResponse:
        record = kwargs.get("obj")
        if record is not None and by_of(request).may(Scope.PUBLISH):
            context["merge_url"] = self.merge_url(record)
        return super().render_change_form(request, context, **kwargs)

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose the survivor, see what would be done, do it."""
        by = by_of(request)
        if not by.may(Scope.PUBLISH):
            raise PermissionDenied
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = MergeForm(
            record,
            self.get_queryset(request),
            request.POST or None,
            initial={"expected_version": record.version},
        )
        report = None
        if request.method == "POST" and form.is_valid():
            asked = form.cleaned_data
            try:
                report = merge_records(
                    record,
                    asked["into"],
                    by=by,
                    reason=asked["reason"],
                    expected_version=asked["expected_version"],
                    dry_run="_merge" not in request.POST,
                )
            except TimelineError as error:
                form.add_error(None, error.detail)
        if report is not None and not report.dry_run:
            return self._merged(request, report)
        return self._merge_page(request, record, form, report)

    def _merge_page(
        self, request: HttpRequest, record: Any, form: MergeForm, report: MergeReport | None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"Merge {self.opts.verbose_name}",
            "subtitle": describe(record),
            "object": record,
            "opts": self.opts,
            "form": form,
            "report": report,
            "media": self.media + form.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "timeline/admin/merge.html", context)

    def _merged(self, request: HttpRequest, report: MergeReport) -> HttpResponse:
        undo = reverse("admin:timeline_change_undo", args=[report.operation])
        told = format_html(
            '“{}” was merged into this one. <a href="{}">Undo</a>', report.merged, undo
        )
        self.message_user(request, told, messages.SUCCESS)
        name = f"admin:timeline_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[report.survivor.pk]))
