"""From a page of forms to the services: one transaction, one entry for each record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from timeline.admin.acting import by_of
from timeline.admin.formsets import CitationFormSet, PartFormSet
from timeline.admin.refusals import refusals_at
from timeline.models import Event, Proposal, Record, Versioned
from timeline.services import ledger
from timeline.services.events import create_event
from timeline.services.proposals import change_or_propose
from timeline.services.publication import take_step
from timeline.services.records import create_record, update_record


def save_page(
    request: HttpRequest, form: Any, formsets: list[Any], verb: str = "", *, propose: bool = False
) -> Versioned | Proposal:
    """Write what the page says, and take the step ``verb`` with it; or propose what it says."""
    by, reason = by_of(request), form.cleaned_data["reason"]
    values = form.values()
    if "tags" in values:
        values["tags"] = [tag.slug for tag in values["tags"]]
    for formset in formsets:
        if isinstance(formset, PartFormSet):
            values[formset.prefix] = formset.items()
    with ledger.writing():
        with refusals_at():
            record = _write(form, values, propose, by=by, reason=reason)
        if isinstance(record, Proposal):
            return record
        for formset in formsets:
            if isinstance(formset, CitationFormSet):
                for row in formset.forms:
                    with refusals_at(row.prefix):
                        formset.write(row, record, by=by, reason=reason)
        if verb:
            with refusals_at():
                record = take_step(record, verb, by=by, reason=reason)  # type: ignore[type-var]
    return record


def _write(form: Any, values: dict[str, Any], propose: bool, **why: Any) -> Versioned | Proposal:
    record = form.instance
    if record.pk:
        why["expected_version"] = form.cleaned_data["expected_version"]
        if isinstance(record, Record):
            return change_or_propose(record, values=values, propose=propose, **why)
        return update_record(record, values=values, **why)
    if isinstance(record, Event):
        return create_event(values=values, **why)
    return create_record(type(record), values=values, **why)
