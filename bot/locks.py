"""Who may work on a conversation: locks in this process, or in Redis when several workers share the conversations."""

from __future__ import annotations

from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from redis.connection import parse_url
from redis.exceptions import RedisError

from knowledge.errors import BotError


class LocksUnreachable(BotError):
    """WEGWIJZER_REDIS_URL cannot be used."""


def lock_store(redis_url: str | None) -> LockStore:
    """Rasa's lock store in Redis, or in memory when `redis_url` is None.

    Raises:
        LocksUnreachable: the address cannot be read, or nothing answers there.
    """
    if redis_url is None:
        return InMemoryLockStore()
    try:
        parts = parse_url(redis_url)
        store = RedisLockStore(
            host=parts["host"], port=parts.get("port", 6379), db=parts.get("db", 0), username=parts.get("username"),
            password=parts.get("password"), use_ssl=redis_url.startswith("rediss"),
        )  # fmt: skip
        store.red.ping()
    except (OSError, RedisError, ValueError, KeyError) as error:
        raise LocksUnreachable(f"WEGWIJZER_REDIS_URL cannot be used: {type(error).__name__}") from error
    return store
