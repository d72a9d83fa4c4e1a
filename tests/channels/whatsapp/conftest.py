"""The channel in this process: a real queue, the real assistant, and a worker that talks HTTP with the fake Graph API."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain

from bot.channels.rate import RateLimiter
from bot.channels.whatsapp import inbound
from bot.channels.whatsapp.api import GraphApi
from bot.channels.whatsapp.identity import Names
from bot.channels.whatsapp.queue import Queue
from bot.channels.whatsapp.rehearsal import webhooks
from bot.channels.whatsapp.rehearsal.graph_api import FakeGraphApi
from bot.channels.whatsapp.worker import Pace, Worker
from bot.conversation import Conversations
from bot.settings import WhatsAppSettings
from bot.stores import PrivateSQLTrackerStore

OPENING = "Ik ben een chatbot. (opening)"
_numbers = itertools.count(1)


class Someone:
    """A person with an id and a number of their own."""

    def __init__(self, *, user_id: bool = True, phone: bool = True) -> None:
        number = next(_numbers)
        self.user_id = f"NL.9000000000{number:06d}" if user_id else None
        self.phone = f"3160{number:07d}" if phone else None

    def webhook(self, *items: dict[str, Any]) -> dict[str, Any]:
        """A webhook with what this person sent."""
        return webhooks.webhook(*items, user_id=self.user_id, phone=self.phone)

    @property
    def addresses(self) -> set[str]:
        return {value for value in (self.user_id, self.phone) if value}


class Line:
    """Everything between Meta and the assistant, one step at a time; `ahead` puts the clock forward."""

    def __init__(self, url: str, conversations: Conversations, fake: FakeGraphApi, loop: asyncio.AbstractEventLoop):
        self.url, self.fake, self.ahead = url, fake, 0.0
        self.conversations = conversations
        self._loop = loop
        self.queue = Queue(url, Names("geheim"))
        self.queue.prepare()

    def clock(self) -> float:
        return time.time() + self.ahead

    def deliver(self, *bodies: dict[str, Any]) -> int:
        """Webhooks come in; how many messages were new."""
        return sum(
            self.queue.receive(inbound.read(body, self.fake.phone_number_id, now=self.clock()), self.clock())
            for body in bodies
        )

    def work(self, *, doubt: float = 60.0, typing: float = 5.0, limit: int = 1_000) -> None:
        """Do all that can be done now."""
        self._loop.run_until_complete(self._work(Pace(doubt=doubt, typing=typing), RateLimiter(per_conversation=limit)))

    async def _work(self, pace: Pace, limiter: RateLimiter) -> None:
        settings = WhatsAppSettings(self.fake.phone_number_id, self.fake.token, "-", "-", self.fake.url)
        async with GraphApi(settings, first_wait=0.01) as api:
            worker = Worker(self.queue, api, self.conversations.opening_with(OPENING), limiter, pace=pace, clock=self.clock)
            while await worker.run_once():
                pass
            await worker.finish_marks()

    def tell(self, person: Someone, *texts: str) -> list[dict[str, Any]]:
        """Somebody types; what comes back, as the API got it."""
        before = len(self.fake.taken)
        for text in texts:
            self.deliver(person.webhook(webhooks.text(text)))
            self.work()
        return [message.body for message in self.fake.taken[before:]]

    def got(self, person: Someone) -> list[dict[str, Any]]:
        """All that this person was sent."""
        return [message.body for message in self.fake.taken if message.to in person.addresses]


def said(bodies: list[dict[str, Any]]) -> str:
    """The words of messages."""
    return "\n".join(body["text"]["body"] if body["type"] == "text" else body["interactive"]["body"]["text"] for body in bodies)


@pytest.fixture
def fake() -> Iterator[FakeGraphApi]:
    with FakeGraphApi() as api:
        yield api


@pytest.fixture(scope="session")
def on_disk(model: Path, register: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Conversations]:
    """The assistant with its conversations in an SQLite file, and the address of that file."""
    url = f"sqlite:///{tmp_path_factory.mktemp('whatsapp') / 'gesprekken.sqlite'}"
    return url, Conversations.load(model, PrivateSQLTrackerStore(Domain.empty(), url), opening=False)


@pytest.fixture
def line(
    on_disk: tuple[str, Conversations], fake: FakeGraphApi, event_loop_: asyncio.AbstractEventLoop
) -> Iterator[Line]:
    """A line with an empty queue."""
    line = Line(*on_disk, fake, event_loop_)
    yield line
    from bot.channels.whatsapp.tables import metadata

    metadata.drop_all(line.queue.engine)
    line.queue.close()


@pytest.fixture
def someone() -> Callable[..., Someone]:
    return Someone
