"""The page of the data checks: what is wrong with what is recorded, with a link to each record."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from timeline.admin.acting import by_of
from timeline.models import Scope
from timeline.services.checks import RULES, Found, Rule

# Of one rule alone, and of each of them all.
SHOWN, SHOWN_OF_EACH = 500, 20


class Line(NamedTuple):
    """A finding, with the address of the record."""

    found: Found
    url: str


class Part(NamedTuple):
    """What one rule found, or the first of it."""

    rule: Rule
    lines: list[Line]
    more: bool


def page_of(found: Found) -> str:
    """The page on which the record is edited."""
    return reverse(f"admin:timeline_{found.type}_change", args=[found.key])


def may_check(request: HttpRequest) -> bool:
    """Findings tell of drafts and of protected identities."""
    return by_of(request).may(Scope.PUBLISH)


def checks_page(site: AdminSite, request: HttpRequest) -> TemplateResponse:
    if not may_check(request):
        raise PermissionDenied
    asked = request.GET.get("rule")
    rules = [rule for rule in RULES if asked in (None, rule.code)]
    if not rules:
        raise Http404
    costly = [rule for rule in rules if rule.costly and not asked]
    parts = [_part(rule, SHOWN if asked else SHOWN_OF_EACH) for rule in rules if rule not in costly]
    context = {
        **site.each_context(request),
        "title": "Data checks",
        "asked": asked,
        "wrong": [part for part in parts if part.lines],
        "costly": costly,
        "right": [part.rule for part in parts if not part.lines],
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/timeline/checks.html", context)


def _part(rule: Rule, most: int) -> Part:
    found = list(islice(rule.find(), most + 1))
    return Part(rule, [Line(one, page_of(one)) for one in found[:most]], len(found) > most)
