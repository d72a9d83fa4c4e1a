"""Several workers on one Redis: they share the locks of conversations and the counts of messages."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.channels.rate import RateLimiter
from bot.conversation import Conversations
from bot.locks import LocksUnreachable, lock_store


def test_counts_are_shared(redis_url: str, event_loop_: asyncio.AbstractEventLoop) -> None:
    one, other = (RateLimiter(redis_url, per_conversation=3, per_address=4) for _ in range(2))

    async def allowed(limiter: RateLimiter, conversation: str) -> bool:
        return await limiter.allows(conversation=conversation, address="a")

    hits = [event_loop_.run_until_complete(allowed(limiter, "x")) for limiter in (one, other, one, other)]
    assert hits == [True, True, True, False]
    assert event_loop_.run_until_complete(allowed(other, "y")), "another conversation"
    assert not event_loop_.run_until_complete(allowed(one, "z")), "five from one address"


def test_counts_in_memory_are_not_shared(event_loop_: asyncio.AbstractEventLoop) -> None:
    for limiter in (RateLimiter(per_conversation=1), RateLimiter(per_conversation=1)):
        hits = [event_loop_.run_until_complete(limiter.allows(conversation="x")) for _ in range(2)]
        assert hits == [True, False]


def test_without_redis_everything_is_allowed(event_loop_: asyncio.AbstractEventLoop) -> None:
    limiter = RateLimiter("redis://127.0.0.1:1/0", per_conversation=1)
    assert all(event_loop_.run_until_complete(limiter.allows(conversation="x")) for _ in range(3))


def test_two_assistants_share_their_locks(
    model: Path, register: str, redis_url: str, event_loop_: asyncio.AbstractEventLoop
) -> None:
    one, other = (Conversations.load(model, redis_url=redis_url) for _ in range(2))

    async def talk() -> Any:
        async with one.agent.lock_store.lock("gesprek"):
            waiting = asyncio.create_task(other.say("gesprek", "hallo"))
            elsewhere = await other.say("ander gesprek", "hallo")
            await asyncio.sleep(0.5)
            assert not waiting.done(), "the other has to wait for the lock"
        return elsewhere, await waiting

    for turn in event_loop_.run_until_complete(talk()):
        assert turn.topic == "groet"


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "nonsense"])
def test_an_address_without_redis_is_one_clear_error(url: str) -> None:
    with pytest.raises(LocksUnreachable, match="WEGWIJZER_REDIS_URL"):
        lock_store(url)
