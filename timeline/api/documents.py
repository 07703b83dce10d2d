"""The OpenAPI document, as committed, and a page to try it on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView


@cache
def document(name: str) -> bytes:
    """The committed file: what is served is what was reviewed."""
    return (Path(settings.BASE_DIR) / "openapi" / name).read_bytes()


@csrf_exempt
@require_safe
def schema_json(request: HttpRequest) -> HttpResponse:
    return HttpResponse(document("openapi.json"), content_type="application/json")


@csrf_exempt
@require_safe
def schema_yaml(request: HttpRequest) -> HttpResponse:
    return HttpResponse(document("openapi.yaml"), content_type="application/yaml")


@extend_schema(exclude=True)
class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own files. It writes styles into its page, and nothing else does."""

    url_name = "openapi-json"
    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    http_method_names = ["get", "head"]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().get(request, *args, **kwargs)
        response._csp_update = {
            "style-src": ["'self'", "'unsafe-inline'"],
            "img-src": ["'self'", "data:"],
        }
        return response
