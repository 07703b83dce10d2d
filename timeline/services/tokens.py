"""Keys for programs: told once, kept as a digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from timeline.models import Scope, Token

# How stale "last used" may be, so that reading does not mean writing at every request.
LAST_USED_GRAIN = timedelta(minutes=1)


def issue_token(
    *, user: Any, scope: Scope, name: str = "", expires_at: datetime | None = None
) -> tuple[Token, str]:
    """Make a token. The second value is what the program sends; it cannot be read again."""
    secret = secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        scope=scope,
        name=name or f"{user} ({scope})",
        key=secrets.token_hex(8),
        digest=_digest(secret),
        expires_at=expires_at,
    )
    return token, f"tl_{token.key}.{secret}"


def find_token(text: str) -> Token | None:
    """The valid token that ``text`` spells, or ``None``."""
    key, dot, secret = text.removeprefix("tl_").partition(".")
    # The key's own alphabet, for it goes into a query: PostgreSQL fails at NUL.
    if not text.startswith("tl_") or not dot or not (key.isascii() and key.isalnum()):
        return None
    token = Token.objects.select_related("user").filter(key=key).first()
    if token is None or not hmac.compare_digest(token.digest, _digest(secret)):
        return None
    now = timezone.now()
    expired = token.expires_at is not None and token.expires_at <= now
    if expired or token.revoked_at is not None or not token.user.is_active:
        return None
    if token.last_used_at is None or token.last_used_at < now - LAST_USED_GRAIN:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def revoke_token(token: Token) -> None:
    """From now on the token opens nothing."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])


def _digest(secret: str) -> str:
    # The secret has 256 bits of its own; a slow hash would only slow every request.
    key = hashlib.sha256(f"token:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, secret.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
