"""Each message of a conversation runs once and in order, whatever the network between the parent and us does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from cachetools import TTLCache

_KEPT_SECONDS = 600
_KEPT_MESSAGES = 10_000

Result = dict[str, Any]
Work = Callable[[], Awaitable[Result]]


class Replays:
    """Remembers what a message id led to, for some minutes, in the memory of this process.

    Args:
        seconds: how long a result is kept for a repeat of the same message.
        messages: how many results are kept at most; the oldest go first.
    """

    def __init__(self, seconds: float = _KEPT_SECONDS, messages: int = _KEPT_MESSAGES) -> None:
        self._turns: TTLCache[tuple[str, str], asyncio.Task[Result]] = TTLCache(messages, seconds)
        # A lock lives as long as a turn of its conversation holds or awaits it.
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def once(self, conversation: str, message_id: str, work: Work) -> Result:
        """The result of `work`; for a message id seen before, the result of the first time, waiting for it if need be.

        The work goes on when the caller is cancelled (the parent's connection broke), so that a retry finds its result.
        Work that raised is forgotten: a retry runs it again.
        """
        key = (conversation, message_id)
        turn = self._turns.get(key)
        if turn is None:
            turn = asyncio.create_task(self.in_order(conversation, work))
            self._turns[key] = turn
            turn.add_done_callback(lambda done: self._drop_failed(key, done))
        return await asyncio.shield(turn)

    async def in_order(self, conversation: str, work: Work) -> Result:
        """Run `work` after everything that came in earlier for the same conversation."""
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        async with lock:
            return await work()

    def forget(self, conversation: str, *, but: str | None = None) -> None:
        """Drop what is kept of a conversation, except the result of message `but`."""
        for key in [key for key in self._turns if key[0] == conversation and key[1] != but]:
            self._turns.pop(key, None)

    def _drop_failed(self, key: tuple[str, str], turn: asyncio.Task[Result]) -> None:
        if turn.cancelled() or turn.exception() is not None:
            self._turns.pop(key, None)
