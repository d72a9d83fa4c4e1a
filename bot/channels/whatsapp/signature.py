"""Whether a webhook comes from Meta: HMAC-SHA256 over the bytes as they came in, with the app secret.

Source: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint (2026-05-21).
"""

from __future__ import annotations

import hashlib
import hmac

HEADER = "X-Hub-Signature-256"
_PREFIX = "sha256="


def sign(secret: str, body: bytes) -> str:
    """The header that belongs to `body`."""
    return _PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_genuine(secret: str, body: bytes, header: str) -> bool:
    """Whether `header` signs `body`; takes the same time for every wrong one."""
    return hmac.compare_digest(sign(secret, body).encode(), header.strip().encode())
