"""Signatures after Standard Webhooks: who receives can tell that it came from here, and unchanged.

The secret of a webhook is derived from the key of the service and a salt in its row. So neither a
copy of the database nor a log can sign, and nothing that is kept has to be hidden from anybody.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64encode
from datetime import datetime

from django.conf import settings

from timeline.models import Webhook


def make_salt() -> str:
    """What makes the secret of one webhook, or of one rotation, another than the rest."""
    return secrets.token_hex(16)


def secret_of(webhook: Webhook) -> str:
    """What the receiver keeps: ``whsec_…``."""
    return f"whsec_{b64encode(_key(settings.SECRET_KEY, webhook, webhook.salt)).decode()}"


def signature(webhook: Webhook, *, message: str, at: datetime, body: bytes) -> str:
    """The header: one signature for each secret that is good at that instant, spaces between."""
    signed = f"{message}.{int(at.timestamp())}.".encode() + body
    salts = [webhook.salt]
    if webhook.former_until is not None and at < webhook.former_until:
        salts.append(webhook.former_salt)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [
        hmac.digest(_key(key, webhook, salt), signed, hashlib.sha256)
        for key in keys
        for salt in salts
    ]
    return " ".join(f"v1,{b64encode(digest).decode()}" for digest in digests)


def _key(service_key: str, webhook: Webhook, salt: str) -> bytes:
    master = hashlib.sha256(f"webhook:{service_key}".encode()).digest()
    return hmac.digest(master, f"{webhook.uuid}:{salt}".encode(), hashlib.sha256)
