"""How many messages a conversation and an address may send: in this process, or in Redis for several workers."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from typing import Any

from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

logger = logging.getLogger("wegwijzer.rate")

_PER_CONVERSATION = RateLimitItemPerMinute(30)
# A school, a hospital or a mobile network has many parents behind one address.
_PER_ADDRESS = RateLimitItemPerMinute(240)
_REDIS_SECONDS = 1.0


class RateLimiter:
    """Counts messages in a sliding minute. Holds hashed names only: pass an opaque conversation id and a hashed address.

    When Redis does not answer, messages are allowed: a parent without an answer is worse than a minute without a limit.

    Args:
        redis_url: `WEGWIJZER_REDIS_URL`, shared by all workers; None counts in the memory of this process.
        per_conversation, per_address: messages a minute.
    """

    def __init__(
        self, redis_url: str | None = None, *, per_conversation: int = _PER_CONVERSATION.amount,
        per_address: int = _PER_ADDRESS.amount,
    ) -> None:  # fmt: skip
        self._remote = redis_url is not None
        # The asynchronous storage of `limits` wants redis 5; Rasa 3.6.21 keeps us on redis 4.
        timeouts = {"socket_timeout": _REDIS_SECONDS, "socket_connect_timeout": _REDIS_SECONDS} if redis_url else {}
        self._strategy = SlidingWindowCounterRateLimiter(storage_from_string(redis_url or "memory://", **timeouts))
        self._conversation = RateLimitItemPerMinute(per_conversation, namespace="gesprek")
        self._address = RateLimitItemPerMinute(per_address, namespace="adres")

    async def allows(self, *, conversation: str | None = None, address: str | None = None) -> bool:
        """Count one message; False when the conversation or the address has sent too many in the last minute."""
        try:
            if conversation and not await self._run(self._strategy.hit, self._conversation, conversation):
                return False
            return not address or await self._run(self._strategy.hit, self._address, address)
        except Exception as error:
            logger.error("messages cannot be counted: %s", type(error).__name__)
            return True

    async def wait(self, *, conversation: str | None = None, address: str | None = None) -> int:
        """Seconds until one more message is allowed (for `Retry-After`); at least 1."""
        resets = [
            (await self._run(self._strategy.get_window_stats, limit, name)).reset_time
            for limit, name in ((self._conversation, conversation), (self._address, address))
            if name
        ]
        return max(1, math.ceil(max(resets, default=0.0) - time.time()))

    async def _run(self, ask: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.to_thread(ask, *arguments) if self._remote else ask(*arguments)
