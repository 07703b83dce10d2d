"""The verbs of publication: actions on a list, buttons on a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from timeline.admin.acting import by_of
from timeline.admin.labels import describe
from timeline.errors import TimelineError
from timeline.models import Record
from timeline.services.publication import STEPS, take_step

# verb: what the action and the button say, what is said afterwards
WORDING = {
    "submit": ("Submit for review", "Save and submit for review", "is now in review"),
    "approve": ("Approve", "Save and approve", "is approved and published"),
    "return": ("Return to the author", "Save and return", "is a draft again"),
    "publish": ("Publish", "Save and publish", "is now published"),
    "withdraw": ("Withdraw", "Save and withdraw", "is withdrawn"),
}
MOST_ROWS = 200

Action = Callable[[Any, HttpRequest, QuerySet[Any]], None]


def for_each(
    modeladmin: Any,
    request: HttpRequest,
    queryset: QuerySet[Any],
    do: Callable[[Any], object],
    done: str,
) -> None:
    """Do it to one after the other, each in its own transaction, and say how each went."""
    rows = list(queryset[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS:
        text = f"Choose at most {MOST_ROWS} at a time. Nothing was done."
        modeladmin.message_user(request, text, messages.ERROR)
        return
    for row in rows:
        name = describe(row)
        try:
            do(row)
        except TimelineError as error:
            told = error.detail if str(row) in error.detail else f"“{name}”: {error.detail}"
            modeladmin.message_user(request, told, messages.ERROR)
        else:
            modeladmin.message_user(request, f"“{name}” {done}.", messages.SUCCESS)


def step_action(verb: str) -> Action:
    title, _, done = WORDING[verb]

    def act(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        by, reason = by_of(request), request.POST.get("reason", "")[:2000]
        for_each(
            modeladmin,
            request,
            queryset,
            lambda record: take_step(record, verb, by=by, reason=reason),
            done,
        )

    act.__name__ = verb
    return admin.action(description=title)(act)


STEP_ACTIONS = [step_action(verb) for verb in STEPS]


def may_take(request: HttpRequest, verb: str) -> bool:
    return by_of(request).may(STEPS[verb].scope)


def buttons(request: HttpRequest, record: Record) -> list[tuple[str, str]]:
    """The steps that lead on from where ``record`` is, as (verb, what the button says)."""
    verbs = [
        verb
        for verb, step in STEPS.items()
        if record.publication in step.sources and may_take(request, verb)
    ]
    if "approve" in verbs:
        verbs.remove("publish")
    return [(verb, WORDING[verb][1]) for verb in verbs]
