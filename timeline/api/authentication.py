"""Who asks: a bearer token, or the session of somebody at work in the administration pages."""

from __future__ import annotations

from typing import Any

import structlog
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from timeline.models import Origin, Scope, Token
from timeline.services.access import By, scope_of
from timeline.services.tokens import find_token


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer tl_<key>.<secret>``"""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        if not kind:
            return None
        if kind.lower() != "bearer":
            raise AuthenticationFailed("Send the token as “Authorization: Bearer tl_….”.")
        token = find_token(text.strip())
        if token is None:
            raise AuthenticationFailed("This token is not known, has expired or was revoked.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="timeline"'


class BearerScheme(OpenApiAuthenticationExtension):
    """How the schema names it."""

    target_class = BearerAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of this service (`tl_<key>.<secret>`), with one of the scopes "
            "`read` < `write` (drafts) < `publish` < `admin`.",
        }


AUTHENTICATION = [BearerAuthentication, SessionAuthentication]


def author(request: Request) -> By:
    """Whoever made this request, as the services know them."""
    if isinstance(request.auth, Token):
        scope: Scope | None = Scope(request.auth.scope)
    else:
        scope = scope_of(request.user)
    user = request.user if request.user.is_authenticated else None
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    return By(user=user, scope=scope, origin=Origin.API, request_id=request_id)
