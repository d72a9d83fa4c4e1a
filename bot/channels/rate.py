"""How many messages a conversation and an address may send: in this process, or in Redis for several workers."""

from __future__ import annotations

import asyncio
import logging

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

logger = logging.getLogger("wegwijzer.rate")

_PER_CONVERSATION = RateLimitItemPerMinute(30)
# A school, a hospital or a mobile network has many parents behind one address.
_PER_ADDRESS = RateLimitItemPerMinute(240)


class RateLimiter:
    """Counts messages in a sliding minute. Holds hashed names only: pass an opaque conversation id and a hashed address.

    Args:
        redis_url: `WEGWIJZER_REDIS_URL`, shared by all workers; None counts in the memory of this process.
        per_conversation, per_address: messages a minute.
    """

    def __init__(
        self, redis_url: str | None = None, *, per_conversation: int = _PER_CONVERSATION.amount,
        per_address: int = _PER_ADDRESS.amount,
    ) -> None:  # fmt: skip
        # The asynchronous storage of `limits` needs a newer redis than Rasa allows (< 5); this one works with it.
        storage = storage_from_string(redis_url or "memory://", wrap_exceptions=True)
        self._strategy = SlidingWindowCounterRateLimiter(storage)  # type: ignore[arg-type]
        self._conversation = RateLimitItemPerMinute(per_conversation, namespace="gesprek")
        self._address = RateLimitItemPerMinute(per_address, namespace="adres")

    async def allows(self, *, conversation: str | None = None, address: str | None = None) -> bool:
        """Count one message; False when the conversation or the address has sent too many in the last minute.

        While Redis cannot be reached everything is allowed: a parent must not go unanswered because we cannot count.
        """
        try:
            return await self._hit(self._conversation, conversation) and await self._hit(self._address, address)
        except StorageError as error:
            logger.error("messages cannot be counted: %s", type(error.storage_error).__name__)
            return True

    async def _hit(self, limit: RateLimitItem, name: str | None) -> bool:
        return not name or await asyncio.to_thread(self._strategy.hit, limit, name)
