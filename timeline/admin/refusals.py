"""What a service refused, brought back to the form that asked for it.

The page is saved in one transaction. A refusal undoes it, and the form is shown again with what
was typed and what was wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import HttpRequest

from timeline.errors import Flaw, Invalid, TimelineError


class Refused(Exception):
    """A service refused what the form ``where`` (its prefix) asked for."""

    def __init__(self, error: TimelineError, where: str) -> None:
        super().__init__(error.detail)
        self.error = error
        self.where = where

    @property
    def flaws(self) -> list[Flaw]:
        if isinstance(self.error, Invalid):
            return self.error.flaws
        return [Flaw((), self.error.code, self.error.detail)]


@contextmanager
def refusals_at(where: str = "") -> Iterator[None]:
    try:
        yield
    except TimelineError as error:
        raise Refused(error, where) from error


def remember(request: HttpRequest, refused: Refused) -> None:
    vars(request)["timeline_refused"] = refused


def remembered(request: HttpRequest) -> Refused | None:
    return vars(request).get("timeline_refused")


def tell(form: forms.BaseForm, flaw: Flaw) -> None:
    """Show ``flaw`` at its field, or above the form when it has none there."""
    field = flaw.path[-1] if flaw.path else None
    if isinstance(field, str) and field in form.fields:
        form.add_error(field, forms.ValidationError(flaw.detail, code=flaw.code))
    else:
        form.add_error(None, forms.ValidationError(_with_place(flaw), code=flaw.code))


def _with_place(flaw: Flaw) -> str:
    """``participations, row 2, role: …``"""
    place = ", ".join(
        f"row {step + 1}" if isinstance(step, int) else str(step).replace("_", " ")
        for step in flaw.path
    )
    return f"{place.capitalize()}: {flaw.detail}" if place else flaw.detail


def tell_rows(rows: list[Any], name: str, refused: Refused | None) -> None:
    """Show the flaws of the part ``name`` at its rows."""
    for flaw in refused.flaws if refused and not refused.where else ():
        match flaw.path:
            case (part, int(position), *rest) if part == name and position < len(rows):
                tell(rows[position], Flaw(tuple(rest), flaw.code, flaw.detail))
