"""How many messages a conversation and an address may send: in this process, or in Redis for several workers."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

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
        storage = _redis(redis_url) if redis_url else storage_from_string("async+memory://")
        self._strategy = SlidingWindowCounterRateLimiter(storage)  # type: ignore[arg-type]
        self._conversation = RateLimitItemPerMinute(per_conversation, namespace="gesprek")
        self._address = RateLimitItemPerMinute(per_address, namespace="adres")

    async def allows(self, *, conversation: str | None = None, address: str | None = None) -> bool:
        """Count one message; False when the conversation or the address has sent too many in the last minute."""
        if conversation and not await self._strategy.hit(self._conversation, conversation):
            return False
        return not address or await self._strategy.hit(self._address, address)

    async def wait(self, *, conversation: str | None = None, address: str | None = None) -> int:
        """Seconds until one more message is allowed (for `Retry-After`); at least 1."""
        resets = [
            (await self._strategy.get_window_stats(limit, name)).reset_time
            for limit, name in ((self._conversation, conversation), (self._address, address))
            if name
        ]
        return max(1, math.ceil(max(resets, default=0.0) - time.time()))


def _redis(url: str) -> Storage:
    storage = storage_from_string(f"async+{url}", implementation="redispy")
    assert isinstance(storage, Storage)
    return storage
