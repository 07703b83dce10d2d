"""Dates typed in words, and what was understood of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from timeline.temporal import (
    NEGATIVE_INFINITY,
    POSITIVE_INFINITY,
    Edtf,
    EdtfError,
    format_instant,
    parse,
    parse_words,
)

WHEN: Any = ("When", {"fields": ("date", "date_text", "date_basis", "date_basis_note")})


class Understood(NamedTuple):
    """What is said below the field."""

    edtf: str = ""
    label: str = ""
    extent: str = ""
    problem: str = ""


def read_date(text: str) -> Edtf:
    return parse_words(text.strip(), zone=settings.DEFAULT_ZONE)


def understand(text: str) -> Understood:
    """Read ``text`` and say what it means, or what is wrong with it."""
    if not text.strip():
        return Understood()
    try:
        date = read_date(text)
    except EdtfError as error:
        return Understood(problem=str(error))
    return Understood(edtf=date.text, label=date.label, extent=extent(date))


def extent(date: Edtf) -> str:
    """The earliest and the latest it can have been, said in days."""
    if (date.start_min, date.start_max) == (date.end_min, date.end_max):
        when = _range(date.start_min, date.end_max)
        return f"some time {when}" if " to " in when else when
    begins = f"begins {_range(date.start_min, date.start_max)}"
    if date.start_max == NEGATIVE_INFINITY:
        begins = "has no beginning"
    ends = f"ends {_range(date.end_min, date.end_max)}"
    if date.end_min == POSITIVE_INFINITY:
        ends = "has no end"
    return f"{begins}, {ends}"


def _range(first: int, last: int) -> str:
    if first == NEGATIVE_INFINITY:
        return "at any time" if last == POSITIVE_INFINITY else f"on {_moment(last)} or before"
    if last == POSITIVE_INFINITY:
        return f"on {_moment(first)} or later"
    earliest, latest = _moment(first), _moment(last)
    return f"on {earliest}" if earliest == latest else f"from {earliest} to {latest}"


def _moment(second: int) -> str:
    day, _, clock = str(format_instant(second)).partition("T")
    try:
        words = parse(day).label
    except EdtfError:
        # Beyond the years of four digits, as the API writes them.
        words = day
    if clock in ("00:00:00Z", "23:59:59Z"):
        return words
    return f"{words}, {clock.removesuffix('Z').removesuffix(':00')} UTC"


class DateInWordsInput(forms.TextInput):
    """A line of text with, below it, what was understood."""

    template_name = "timeline/admin/date_in_words.html"

    class Media:
        js = ["timeline/admin/understand-date.js"]

    def format_value(self, value: Any) -> str | None:
        return value.text if isinstance(value, Edtf) else super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        text = context["widget"]["value"] or ""
        context["widget"]["attrs"].setdefault("class", "vTextField")
        context["understood"] = understand(text)
        context["url"] = reverse("admin:understand_date")
        return context


class DateInWordsField(forms.CharField):
    """Takes EDTF, or words such as “in August 2019” and “c. 1912”; gives a date."""

    widget = DateInWordsInput

    def to_python(self, value: Any) -> Any:
        text = value if isinstance(value, Edtf) else super().to_python(value)
        if not text or isinstance(text, Edtf):
            return text or None
        try:
            return read_date(text)
        except EdtfError as error:
            raise forms.ValidationError(str(error), code=error.code) from error

    def run_validators(self, value: Any) -> None:
        # The parser has held the text to its length; NUL is no date either.
        return None


def keep_words(form: forms.BaseForm) -> None:
    """Words typed as the date are the source's words where none are given."""
    if "date_text" not in form.fields:
        return
    date = form.cleaned_data.get("date")
    if not form.cleaned_data.get("date_text") or _are_of_the_date_before(form):
        typed = str(form["date"].data).strip()
        is_said = isinstance(date, Edtf) and typed != date.text
        form.cleaned_data["date_text"] = typed if is_said else ""


def _are_of_the_date_before(form: forms.BaseForm) -> bool:
    """Whether the words only repeat a date that another has been typed in place of."""
    before = form.initial.get("date")
    if not isinstance(before, Edtf) or "date" not in form.changed_data:
        return False
    if "date_text" in form.changed_data:
        return False
    try:
        return read_date(form.cleaned_data["date_text"]) == before
    except EdtfError:
        return False


def understand_date(request: HttpRequest) -> JsonResponse:
    """Answer, while somebody types, what the text would be understood as."""
    answer = JsonResponse(understand(request.GET.get("text", ""))._asdict())
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
