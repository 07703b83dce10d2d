"""The page of a record: read from forms, written by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from timeline.admin.acting import by_of
from timeline.admin.columns import date_label, publication_badge
from timeline.admin.deletion import delete_each, what_goes
from timeline.admin.fields import PlainFields
from timeline.admin.forms import RecordForm
from timeline.admin.history import history_page, put_back
from timeline.admin.labels import describe
from timeline.admin.lists import SeenAdmin
from timeline.admin.refusals import Refused, remember, remembered
from timeline.admin.saving import save_page
from timeline.admin.steps import STEP_ACTIONS, WORDING, buttons, may_take
from timeline.errors import TimelineError
from timeline.models import Actor, Event, Proposal, Record, Source, Timeline
from timeline.querysets.visibility import PUBLIC
from timeline.services.proposals import must_propose
from timeline.services.publication import STEPS
from timeline.services.records import delete_record

STEP = "_step"
PROPOSE = "_propose"
PROPOSED = "Your change waits here for approval. Until then the public sees the record as it was."
ABOUT_RECORD = ("publication", "uuid", "version", "created_by", "created_at", "updated_at")


def _to_be_read(options: dict[str, Any]) -> dict[str, Any]:
    """The same fields, with the date in words instead of EDTF."""
    return {"fields": [date_label if name == "date" else name for name in options["fields"]]}


def page_of(record: Record) -> str:
    """The address where readers find the record; empty where they do not."""
    if not PUBLIC.sees(record):
        return ""
    match record:
        case Event() | Actor() | Source():
            return reverse(f"web:{record._meta.model_name}", args=[record.uuid])
        case Timeline():
            return reverse("web:timeline", args=[record.slug])
    return ""


class ReasonedAction(ActionForm):
    """The bar above a list, with room for the reason."""

    reason = forms.CharField(
        required=False,
        max_length=2000,
        label="Reason:",
        widget=forms.TextInput(attrs={"placeholder": "kept in the ledger", "class": "reason"}),
    )


class RecordAdmin(PlainFields, SeenAdmin):
    """A thing with a history, changed through its services only."""

    form = RecordForm
    action_form = ReasonedAction
    save_on_top = False
    view_on_site = False

    # --- what is on the page ----------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = list(self.fieldsets or ())
        if obj is None:
            return [*fieldsets, ("Why", {"fields": ("reason",)})]
        if self.has_change_permission(request, obj):
            fieldsets.append(("Why", {"fields": ("reason", "expected_version")}))
        else:
            fieldsets = [(name, options | _to_be_read(options)) for name, options in fieldsets]
        about = ABOUT_RECORD if isinstance(obj, Record) else ("uuid", "version")
        return [*fieldsets, ("About this record", {"fields": about, "classes": ("collapse",)})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, *ABOUT_RECORD)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.refused = remembered(request)
        return form

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> HttpResponse:
        record = kwargs.get("obj") or self.model()
        context["subtitle"] = describe(record) if record.pk else None
        if isinstance(record, Record):
            context["steps"] = buttons(request, record)
            context["publication"] = publication_badge(record) if record.pk else ""
            context["proposes"] = must_propose(record, by_of(request))
            context["may_propose"] = record.is_published and not context["proposes"]
            context["page_url"] = page_of(record)
        return super().render_change_form(request, context, **kwargs)

    # --- writing ----------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Save, or show the form again with what a service refused."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            remember(request, refused)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing yet: the record is written together with its lists."""

    def save_related(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        change: bool,
    ) -> None:
        propose = PROPOSE in request.POST
        record = save_page(request, form, formsets, self._verb(request), propose=propose)
        if isinstance(record, Proposal):
            form.instance.proposal = record
            return
        form.instance.pk = record.pk
        form.instance.refresh_from_db()
        self._tell_of_waiting_citations(request, form.instance)

    def _verb(self, request: HttpRequest) -> str:
        verb = request.POST.get(STEP, "")
        return verb if verb in STEPS and issubclass(self.model, Record) else ""

    def _tell_of_waiting_citations(self, request: HttpRequest, record: Any) -> None:
        if self.counts_citations and getattr(record, "is_published", False):
            waiting = record.citations.exclude(publication="published").count()
            if waiting:
                text = (
                    f"{waiting} of its citations are not published: the public does not see them."
                )
                self.message_user(request, text, messages.WARNING)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        if self._verb(request):
            return self._after_step(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if hasattr(obj, "proposal"):
            self.message_user(request, PROPOSED, messages.SUCCESS)
            page = reverse("admin:timeline_proposal_change", args=[obj.proposal.pk])
            return HttpResponseRedirect(page)
        if self._verb(request):
            return self._after_step(request, obj)
        return super().response_change(request, obj)

    def _after_step(self, request: HttpRequest, obj: Any) -> HttpResponse:
        done = WORDING[self._verb(request)][2]
        self.message_user(request, f"“{describe(obj)}” {done}.", messages.SUCCESS)
        meta = self.opts
        name = f"admin:{meta.app_label}_{meta.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[obj.pk]))

    # --- deleting ---------------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        tree, counts = what_goes(objs, request)
        return tree, counts, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except TimelineError as error:
            self.message_user(request, error.detail, messages.ERROR)
            return HttpResponseRedirect(request.path)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        expected = request.POST.get("expected_version", "")
        delete_record(
            obj,
            by=by_of(request),
            reason=request.POST.get("reason", "")[:2000],
            expected_version=int(expected) if expected.isdecimal() else None,
        )

    # --- actions ----------------------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        if "delete_selected" in actions:
            _, name, title = actions["delete_selected"]
            actions["delete_selected"] = (delete_each, name, title)
        if issubclass(self.model, Record):
            for action in STEP_ACTIONS:
                name = action.__name__
                if may_take(request, name):
                    actions[name] = (action, name, WORDING[name][0])
        return actions

    # --- the ledger instead of Django's log -------------------------------------------------------

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        page = put_back if request.method == "POST" else history_page
        return page(self, request, record)

    def construct_change_message(self, *args: Any, **kwargs: Any) -> Any:
        return ""

    def log_addition(self, *args: Any, **kwargs: Any) -> Any:
        return None

    def log_change(self, *args: Any, **kwargs: Any) -> Any:
        return None

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        return None
