"""The administration site: which kinds of record there are, in the order curators think in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse

from timeline.admin.checks import checks_page, may_check
from timeline.admin.dates import understand_date
from timeline.admin.labels import describe
from timeline.admin.recent import own_changes

GROUPS = {
    "What happened": ("Event", "Relation", "Timeline"),
    "Who and where": ("Actor", "Affiliation", "Place"),
    "On whose word": ("Source", "Citation", "Claim", "Figure"),
    "Words": ("Tag", "Term"),
    "To be decided": ("Suggestion", "Proposal"),
    "What was done": ("Change", "Import", "Redirect"),
    "People and programs": ("User", "Group", "Token", "Webhook", "Delivery"),
}


class Choices(AutocompleteJsonView):
    """What a curator may choose from, each with what tells it from others of its name."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return {"id": str(getattr(obj, to_field_name)), "text": describe(obj)}


class TimelineSite(AdminSite):
    """Django's admin under our name, with its lists in our order."""

    site_header = "Timeline"
    site_title = "Timeline"
    enable_nav_sidebar = True

    def get_urls(self) -> list[Any]:
        mine = [
            path("understand-date/", self.admin_view(understand_date), name="understand_date"),
            path("checks/", self.admin_view(self.checks), name="checks"),
        ]
        # The shortcut to an object's page would tell that it exists, whoever may see it.
        urls = super().get_urls()
        return [*mine, *(url for url in urls if getattr(url, "name", "") != "view_on_site")]

    def admin_view(
        self,
        view: Callable[..., HttpResponseBase],
        cacheable: bool = False,
    ) -> Any:
        @wraps(view)
        def without_nul(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # No column holds NUL, and PostgreSQL refuses to be asked for it.
            if any("\0" in value for _, values in request.GET.lists() for value in values):
                raise SuspiciousOperation("NUL in a parameter")
            return view(request, *args, **kwargs)

        return super().admin_view(without_nul, cacheable)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return Choices.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        if app_label is not None:
            return super().get_app_list(request, app_label)
        models = {
            model["object_name"]: model
            for app in super().get_app_list(request)
            for model in app["models"]
        }
        index = reverse("admin:index")
        groups = []
        for name, names in GROUPS.items():
            shown = [models[one] for one in names if one in models]
            if shown:
                slug = name.lower().replace(" ", "-")
                groups.append(
                    {
                        "name": name,
                        "app_label": slug,
                        "app_url": f"{index}#{slug}",
                        "has_module_perms": True,
                        "models": shown,
                    }
                )
        return groups

    def checks(self, request: HttpRequest) -> HttpResponse:
        return checks_page(self, request)

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        mine = {"own_changes": own_changes(request), "may_check": may_check(request)}
        return super().index(request, mine | (extra_context or {}))


site = TimelineSite(name="admin")
