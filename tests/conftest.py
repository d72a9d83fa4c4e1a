"""Shared fixtures: one trained model and one talking assistant per test run; every test its own conversation."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import runtime
from tests.services import postgres_server, postgres_url, redis_url

__all__ = ["postgres_server", "postgres_url", "redis_url"]

runtime.prepare()


@pytest.fixture(scope="session")
def event_loop_() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of its own for the test run, filled from the committed tables."""
    from knowledge.database import make_engine
    from knowledge.loading import ensure_imported

    url = f"sqlite:///{tmp_path_factory.mktemp('register') / 'register.sqlite'}"
    before = os.environ.get("WEGWIJZER_DATABASE_URL")
    os.environ["WEGWIJZER_DATABASE_URL"] = url
    engine = make_engine(url)
    ensure_imported(engine)
    engine.dispose()
    yield url
    os.environ.pop("WEGWIJZER_DATABASE_URL")
    if before is not None:
        os.environ["WEGWIJZER_DATABASE_URL"] = before


@pytest.fixture(scope="session")
def model() -> Path:
    """The up-to-date model; trained when it is not there."""
    from bot import training

    return training.ensure_model(print)


@pytest.fixture(scope="session")
def assistant(model: Path, register: str) -> Any:
    """The real assistant with its real actions."""
    from bot.conversation import Conversations

    return Conversations.load(model)


@pytest.fixture
def talk(assistant: Any, event_loop_: asyncio.AbstractEventLoop) -> Iterator[Callable[..., Any]]:
    """`talk("tekst")` or `talk(press="onderwerp:...")` in a conversation of the test's own; returns the Turn."""
    conversation = f"test-{uuid.uuid4().hex}"

    def say(text: str | None = None, *, press: str | None = None) -> Any:
        if press is not None:
            return event_loop_.run_until_complete(assistant.press(conversation, press))
        return event_loop_.run_until_complete(assistant.say(conversation, text))

    say.conversation = conversation  # type: ignore[attr-defined]
    yield say
    event_loop_.run_until_complete(assistant.forget(conversation))


def words(turn: Any) -> str:
    """All text of a turn."""
    return "\n".join(reply.text for reply in turn.replies)
