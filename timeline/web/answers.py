"""What every page answers with: headers for caches, and a login where one is demanded."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """A page for readers. It is asked for anew each time, for what it says may be withdrawn."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.LOGIN_REQUIRED:
            response = view(request, *args, **kwargs)
            patch_cache_control(response, public=True, no_cache=True)
            return response
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return require_safe(answered)
