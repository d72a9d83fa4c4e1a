"""Conversation tokens that only this server can make, so that nobody can choose or guess another's conversation."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_RANDOM_BYTES = 24
_SIGNATURE_CHARACTERS = 22


class Tokens:
    """Makes and checks tokens: random bytes with a keyed signature.

    Args:
        secret: WEGWIJZER_SECRET; without it a random one, and conversations end when the server restarts.
    """

    def __init__(self, secret: str | None = None) -> None:
        self._key = (secret or secrets.token_hex(32)).encode()

    def new(self) -> str:
        """A new, unguessable token."""
        value = secrets.token_urlsafe(_RANDOM_BYTES)
        return f"{value}.{self._signature(value)}"

    def conversation(self, token: str) -> str | None:
        """The conversation id behind `token`, or None when this server did not make it."""
        value, _, signature = token.partition(".")
        if not value or not hmac.compare_digest(signature.encode(), self._signature(value).encode()):
            return None
        return f"web-{hashlib.sha256(value.encode()).hexdigest()[:32]}"

    def hashed(self, value: str) -> str:
        """A keyed hash of something that must not be kept as it is, such as a network address."""
        return hmac.new(self._key, b"hash:" + value.encode(), hashlib.sha256).hexdigest()[:32]

    def _signature(self, value: str) -> str:
        return hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()[:_SIGNATURE_CHARACTERS]
